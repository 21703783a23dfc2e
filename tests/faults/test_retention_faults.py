"""Whoever cleans a table dies in the middle of it: the table is whole, and the next one does it."""

import signal
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from callcentersite.apps.analytics.models import Call
from callcentersite.data_centralization import targets
from callcentersite.data_centralization.models import RetentionPolicy, RetentionRemoval
from opsconsole.models import JobRun
from tests.callcentersite.data_centralization.conftest import call
from tests.faults.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


@pytest.fixture
def old_calls(transactional_db, monkeypatch):
    """Five hundred calls past their time, under a policy whose table is slow."""
    targets.register(
        targets.Target(name="slow_calls", title="", model="analytics.Call", age="started_at")
    )
    Call.objects.bulk_create(call(number, days=900) for number in range(500))
    Call.objects.bulk_create(call(number, days=1) for number in range(1_000, 1_500))
    RetentionPolicy.objects.create(name="slow_calls", target="slow_calls", days=365)
    yield
    targets.unregister("slow_calls")


def test_killed_in_the_middle_of_a_table_it_is_whole(old_calls, start):
    command = start("apply_retention", "--force", TEST_SLOW_SECONDS="60")
    run = eventually(
        lambda: JobRun.objects.filter(operation="apply_retention").first(), what="the run"
    )
    eventually(
        lambda: (JobRun.objects.get(pk=run.pk).progress_current or 0) >= 500,
        what=lambda: f"all rows deleted, not committed: {command.output}",
    )

    command.signal(signal.SIGKILL)
    command.wait()

    assert Call.objects.count() == 1_000
    assert RetentionRemoval.objects.count() == 0
    JobRun.objects.filter(pk=run.pk).update(
        status="lost", token=None, finished_at=datetime.now(UTC) - timedelta(hours=1)
    )
    call_command("apply_retention", "--force", verbosity=0)
    assert Call.objects.count() == 500
    assert RetentionRemoval.objects.get().rows == 500


def test_a_worker_that_is_killed_leaves_the_table_whole(old_calls, cluster, start):
    from opsconsole import registry, runner
    from opsconsole.doors import terminal

    first = cluster(TEST_SLOW_SECONDS="60")
    kept = runner.keep_plan(registry.get("apply_retention"), {"table": ""}, door=terminal())
    run = runner.apply(kept, door=terminal())
    eventually(
        lambda: (JobRun.objects.get(pk=run.pk).progress_current or 0) >= 500,
        what=lambda: f"all rows deleted, not committed: {first.output}",
    )

    first.kill_all()

    assert Call.objects.count() == 1_000
    cluster()
    eventually(lambda: JobRun.objects.get(pk=run.pk).status == "lost", what="the run being lost")
    assert Call.objects.count() == 1_000
