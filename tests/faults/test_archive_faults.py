"""Whoever archives calls dies in the middle of a month: it is whole, and the next one does it."""

import signal

import pytest

from callcentersite.apps.archive import keeping
from callcentersite.apps.archive.models import CallArchive
from opsconsole.models import JobRun
from tests.callcentersite.archive.conftest import RECENT, old_calls  # noqa: F401
from tests.callcentersite.data_centralization.conftest import call_ids, command
from tests.faults.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def test_killed_in_the_middle_of_a_month_it_is_whole(old_calls, start, settings):  # noqa: F811
    settings.MEDIA_ROOT = str(settings.FOLDER / "media")  # the child's
    before = {*keeping.stored()}
    died = start("archive_old_calls", "--days=365", "--force", TEST_SLOW_SECONDS="60")
    run = eventually(lambda: JobRun.objects.filter(operation="archive_old_calls").first())
    eventually(
        lambda: (JobRun.objects.get(pk=run.pk).progress_current or 0) >= 7,
        what=lambda: f"January deleted, not committed: {died.output}",
    )

    died.signal(signal.SIGKILL)
    died.wait()

    assert len(call_ids()) == 15
    assert not CallArchive.objects.exists()
    assert len({*keeping.stored()} - before) == 1  # left over; a day later it goes
    JobRun.objects.filter(pk=run.pk).update(status="lost", token=None)
    command("archive_old_calls", "--days=365", "--force")
    assert call_ids() == [*RECENT]
    assert sorted(one.rows for one in CallArchive.objects.all()) == [5, 7]
