"""What was archived does not come back from the IVR; what was brought back is corrected again."""

import pytest

from callcentersite.apps.analytics.models import Call, DailyMetrics
from tests.callcentersite.data_centralization.conftest import command
from tests.callcentersite.etl.etl_world import call_ids, rejected_ids, run
from tests.callcentersite.etl.files.conftest import csv_of, imported
from tests.callcentersite.integrity.conftest import found

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
OLD_FILE = {
    "started_at": "2024-01-11 09:00:00",
    "answered_at": "2024-01-11 09:00:10",
    "ended_at": "2024-01-11 09:03:10",
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


def test_a_new_call_of_an_archived_day_counts_and_the_archive_comes_back_right(old_calls):
    command("archive_old_calls", "--days=365", "--force")
    day = DailyMetrics.objects.filter(day="2024-01-11")
    assert day.get().offered == 1

    for _once_and_again in range(2):
        imported(csv_of({**OLD_FILE, "call_id": 50}))

        assert (day.get().offered, day.get().talk_max_s) == (2, 180)

    command("archive_old_calls", "--restore=2024-01")
    assert found("daily_metrics_differ") == []
