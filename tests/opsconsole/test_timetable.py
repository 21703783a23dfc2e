"""When programmes and crons fall due, also on the nights when the clock changes."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from opsconsole.admin.programme_times import as_cron
from opsconsole.programmes import cron, timetable
from opsconsole.programmes.coverage import Span, uncovered

TIJUANA, MADRID = ZoneInfo("America/Tijuana"), ZoneInfo("Europe/Madrid")
SANTIAGO = ZoneInfo("America/Santiago")
MEXICO = ZoneInfo("America/Mexico_City")


def walls(text, zone, after):
    """What the wall clock shows at the next three times, with its offset in hours."""
    found = islice(cron.times(text, zone=zone, after=after), 3)
    return ", ".join(f"{moment:%d %H:%M%z}"[:-2] for moment in found)


@pytest.mark.parametrize(
    ("text", "zone", "after", "expected"),
    [
        # Forward: 02:30 does not exist on the 8th (29th); it comes at the first time that does.
        ("30 2 * * *", TIJUANA, (2026, 3, 7), "07 02:30-08, 08 03:00-07, 09 02:30-07"),
        ("30 2 * * *", MADRID, (2026, 3, 28), "28 02:30+01, 29 03:00+02, 30 02:30+02"),
        ("0 * * * *", TIJUANA, (2026, 3, 8), "08 01:00-08, 08 03:00-07, 08 04:00-07"),
        # Back: 01:30 (02:30) comes twice; what names its hour runs once, what is hourly in both.
        ("30 1 * * *", TIJUANA, (2026, 10, 31), "31 01:30-07, 01 01:30-07, 02 01:30-08"),
        ("30 2 * * *", MADRID, (2026, 10, 24), "24 02:30+02, 25 02:30+02, 26 02:30+01"),
        ("0 * * * *", TIJUANA, (2026, 11, 1), "01 01:00-07, 01 01:00-08, 01 02:00-08"),
        # At midnight: the day itself begins an hour later, or the evening before it comes twice.
        ("0 0 * * *", SANTIAGO, (2026, 9, 5), "06 01:00-03, 07 00:00-03, 08 00:00-03"),
        ("30 23 * * *", SANTIAGO, (2026, 4, 4), "04 23:30-03, 05 23:30-04, 06 23:30-04"),
        ("0 * * * *", SANTIAGO, (2026, 4, 4, 22), "04 23:00-03, 04 23:00-04, 05 00:00-04"),
        # No such night where the clock stays: Mexico City since 2022.
        ("0 2 * * 0", MEXICO, (2026, 4, 4), "05 02:00-06, 12 02:00-06, 19 02:00-06"),
    ],
)  # fmt: skip
def test_a_cron_on_the_nights_when_the_clock_changes(text, zone, after, expected):
    assert walls(text, zone, datetime(*after, tzinfo=zone)) == expected


def row(kind, **fields):
    return SimpleNamespace(schedule_type=kind, minutes=None, cron="", **fields)


def test_an_interval_keeps_its_beat_across_the_night_and_jumps_over_a_long_stop():
    start = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    schedule = row("I", next_run=start)
    schedule.minutes = 20

    found = timetable.next_after(schedule, zone=TIJUANA, now=start + timedelta(days=400, minutes=5))

    assert found == start + timedelta(days=400, minutes=20)


def test_what_was_missed_is_counted_and_not_without_end():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    hourly = row("C", next_run=start)
    hourly.cron = "0 * * * *"
    until = start + timedelta(hours=5, minutes=30)

    found = timetable.dues(hourly, zone=ZoneInfo("UTC"), first=start, until=until)
    hourly.cron = "* * * * *"
    many = timetable.dues(
        hourly, zone=ZoneInfo("UTC"), first=start, until=start + timedelta(days=3650)
    )

    assert (found.count, found.last) == (6, start + timedelta(hours=5))
    assert many.count == timetable.MOST
    assert timetable.dues(hourly, zone=TIJUANA, first=until, until=start) is None


@pytest.mark.parametrize(
    ("kind", "at", "expected"),
    [
        ("D", (2026, 11, 22, 8, 30), "30 2 * * *"),
        ("W", (2026, 11, 22, 8, 30), "30 2 * * 0"),
        ("M", (2026, 11, 22, 8, 30), "30 2 22 * *"),
        ("M", (2026, 12, 31, 8, 30), "30 2 l * *"),
        ("H", (2026, 11, 22, 8, 30), ""),
    ],
)
def test_each_day_week_and_month_are_crons_of_the_zones_clock(kind, at, expected):
    moment = datetime(*at, tzinfo=UTC)

    assert as_cron(kind, moment, zone=MEXICO) == expected


def test_an_expected_time_is_covered_by_a_run_that_began_in_time_or_was_under_way():
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    times = [noon + timedelta(hours=hour) for hour in range(6)]
    minutes = timedelta(minutes=1)
    spans = [
        Span(began=times[0] + 9 * minutes, ended=times[0] + 12 * minutes),  # late, within grace
        Span(began=times[1] - minutes / 2, ended=times[1]),  # by a clock that is ahead
        Span(began=times[3] + 11 * minutes, ended=times[4] + 5 * minutes),  # too late; long
    ]

    missing = uncovered(times, spans, grace=10 * minutes)

    assert missing == [times[2], times[3], times[5]]
    assert uncovered(times, [Span(began=noon, ended=None)], grace=10 * minutes) == []
