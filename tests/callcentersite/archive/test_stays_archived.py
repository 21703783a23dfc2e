"""What was archived does not come back from the IVR; what was brought back is corrected again."""

import pytest

from callcentersite.apps.analytics.models import Call
from tests.callcentersite.data_centralization.conftest import command
from tests.callcentersite.etl.etl_world import call_ids, rejected_ids, run

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
OLD = {
    name: f"2024-01-05 {time}"
    for name, time in (
        ("started_at", "09:00:00"),
        ("answered_at", "09:00:10"),
        ("ended_at", "09:03:10"),
        ("updated_at", "09:03:11"),
    )
}
LATER = {"updated_at": "2026-10-06 10:00:00"}


def test_a_full_load_leaves_them_archived_until_they_are_brought_back(legacy_calls):
    legacy_calls(OLD, OLD, {})
    run()
    command("archive_old_calls", "--days=365", "--force")

    legacy_calls({**OLD, **LATER, "menu_path": "9"}, {**OLD, **LATER, "queue_code": "NADA"}, {})
    run()
    result = run(full=True)
    assert (call_ids(), rejected_ids()) == ([3], [])
    assert result["vanished"] == 0

    command("archive_old_calls", "--restore=2024-01")
    assert (call_ids(), Call.objects.get(pk=1).menu_path) == ([1, 2, 3], "1>2")
    run(full=True)

    assert (call_ids(), rejected_ids()) == ([1, 3], [2])
    assert Call.objects.get(pk=1).menu_path == "9"
