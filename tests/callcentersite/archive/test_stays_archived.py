"""What was archived does not come back from the IVR; what was brought back is corrected again."""

from datetime import date

import pytest
from django.db import transaction

from callcentersite.apps.analytics import daily
from callcentersite.apps.analytics.domain.periods import InvalidPeriod
from callcentersite.apps.analytics.models import Call, ClosedDay, DailyMetrics
from callcentersite.apps.analytics.selectors import daily_figures
from callcentersite.apps.analytics.services import calculate_metrics
from callcentersite.apps.etl.jobs import run_etl
from callcentersite.data_centralization import targets
from callcentersite.data_centralization.targets import Removal
from opsconsole import RunContext
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


def at(minute, *, talk=180, **changes):
    """A row of the archived day."""
    began, ended = f"2024-01-05 09:{minute:02}:00", 10 + talk
    times = {"started_at": began, "answered_at": f"2024-01-05 09:{minute:02}:10"}
    ends = f"2024-01-05 09:{minute + ended // 60:02}:{ended % 60:02}"
    return {**times, "ended_at": ends, "duration_s": ended, **changes}


def of_the_day():
    return (
        DailyMetrics.objects.filter(day="2024-01-05").values_list("offered", "talk_sum_s").first()
    )


def test_late_calls_of_an_archived_day_are_followed_by_its_metrics(legacy_calls):
    """Corrected, moved in, moved out, withdrawn: each once, however often it is read."""
    legacy_calls(OLD, OLD, {})
    run()
    command("archive_old_calls", "--days=365", "--force")
    assert of_the_day() == (2, 360)
    steps = [
        ([at(1, call_id=4), at(2, call_id=5)], (4, 720)),
        ([at(1, call_id=4, talk=200), at(2, call_id=5)], (4, 740)),
        ([at(1, call_id=4, talk=200), {"call_id": 5}], (3, 560)),
        ([at(1, call_id=4, talk=200), {"call_id": 5}, at(3, call_id=3)], (4, 740)),
        ([at(1, call_id=4, queue_code="NADA"), {"call_id": 5}, at(3, call_id=3)], (3, 540)),
    ]

    for number, (rows, expected) in enumerate(steps):
        stamp = {"updated_at": f"2026-10-06 1{number}:00:00"}
        legacy_calls(*({**row, **stamp} for row in rows))
        for full in (False, True):
            run(full=full)
            assert of_the_day() == expected, (number, full)
    assert found("daily_metrics_differ") == []

    command("archive_old_calls", "--restore=2024-01")
    assert not ClosedDay.objects.exists()
    assert of_the_day() == (3, 540)


def test_a_late_call_leaves_the_archived_days_between_as_they_are(old_calls):
    """Until the days are counted anew, nobody reads their calls, which are gone."""
    command("archive_old_calls", "--days=365", "--force")
    daily.mark_stale([date(2023, 12, 31), date(2024, 1, 11), date(2024, 2, 20)])
    period = {"start": date(2023, 12, 1), "end": date(2024, 3, 1)}

    told = daily_figures(first=period["start"], last=period["end"])
    assert sum(figures.offered for _day, _queue, figures in told) == 12
    assert calculate_metrics(**period).totals.offered == 12
    with pytest.raises(InvalidPeriod, match="Del 2024-01-05 solo quedan"):
        calculate_metrics(**period, interval="hour")


def test_a_correction_of_an_archived_call_is_refused_aloud(legacy_calls):
    legacy_calls(OLD, OLD, {})
    run()
    command("archive_old_calls", "--days=365", "--force")
    legacy_calls({**OLD, **LATER, "menu_path": "9"}, {**OLD, **LATER, "queue_code": "NADA"}, {})
    ctx = RunContext()

    result = run_etl({}, ctx)

    assert [line.message for line in ctx.lines if line.level == "WARNING"] == [
        "Archivadas o eliminadas: 2 llamadas, no se cargan",
        "2024-01: 1 llamada",
        "Para corregir lo archivado, devuelva antes su mes (archive_old_calls --restore MES) y "
        "repita con run_etl --full",
    ]
    assert (result["removed"], result["removed_bad"]) == (1, 1)
    full = RunContext()
    run_etl({"full": True}, full)
    assert not [line for line in full.lines if line.level == "WARNING"]


def test_a_day_is_counted_before_it_is_closed(old_calls):
    """What a load had not counted yet when retention deleted some of the day's calls."""
    Call.objects.filter(pk=1).update(talk_s=1_000)
    daily.mark_stale([date(2024, 1, 11)])
    target = targets.get("anonymized_data")
    calls = Call.objects.filter(pk=1)

    with (
        transaction.atomic(),
        target.privileged(Removal(alias="default", rows=1, queryset=calls, words=list)),
    ):
        calls.delete()
    daily.rebuild_stale(zone="America/Mexico_City")

    assert DailyMetrics.objects.get(day="2024-01-11").talk_sum_s == 1_000
