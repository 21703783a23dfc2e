"""Periods in the site's time, most of all on the nights when the clocks change."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from callcentersite.apps.analytics.domain.periods import InvalidPeriod, period

MEXICO = ZoneInfo("America/Mexico_City")
SPRING, AUTUMN = date(2022, 4, 3), date(2022, 10, 30)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def between(start, end, zone=MEXICO):
    return period(start=start, end=end, zone=zone)


def local_hours(asked):
    return [f"{begin.astimezone(asked.zone):%H:%M%z}" for begin, _end in asked.hours()]


def test_a_day_begins_at_the_sites_midnight():
    asked = between(date(2026, 10, 5), date(2026, 10, 6))

    assert (asked.start, asked.end) == (utc(2026, 10, 5, 6), utc(2026, 10, 6, 6))


def test_a_time_without_a_zone_is_the_sites():
    asked = between(datetime(2026, 10, 5, 9), datetime(2026, 10, 5, 10))

    assert asked.start == utc(2026, 10, 5, 15)


def test_a_time_with_a_zone_keeps_its_instant():
    asked = between(utc(2026, 10, 5, 9), utc(2026, 10, 5, 10))

    assert asked.start == utc(2026, 10, 5, 9)


def test_the_spring_day_has_23_hours_and_no_two_oclock():
    asked = between(SPRING, date(2022, 4, 4))

    assert len(asked.hours()) == 23
    assert local_hours(asked)[:4] == ["00:00-0600", "01:00-0600", "03:00-0500", "04:00-0500"]


def test_the_autumn_day_has_25_hours_and_one_oclock_twice():
    asked = between(AUTUMN, date(2022, 10, 31))

    assert len(asked.hours()) == 25
    assert local_hours(asked)[:4] == ["00:00-0500", "01:00-0500", "01:00-0600", "02:00-0600"]


def test_days_across_a_change_touch_without_gap_or_overlap():
    days = between(date(2022, 10, 29), date(2022, 11, 1)).days()

    assert days == [
        (utc(2022, 10, 29, 5), utc(2022, 10, 30, 5)),
        (utc(2022, 10, 30, 5), utc(2022, 10, 31, 6)),
        (utc(2022, 10, 31, 6), utc(2022, 11, 1, 6)),
    ]


def test_the_first_and_the_last_interval_are_cut_to_the_period():
    asked = between(datetime(2026, 10, 5, 9, 30), datetime(2026, 10, 5, 11, 15))

    assert asked.hours() == [
        (utc(2026, 10, 5, 15, 30), utc(2026, 10, 5, 16)),
        (utc(2026, 10, 5, 16), utc(2026, 10, 5, 17)),
        (utc(2026, 10, 5, 17), utc(2026, 10, 5, 17, 15)),
    ]
    assert asked.days() == [(utc(2026, 10, 5, 15, 30), utc(2026, 10, 5, 17, 15))]


def test_hours_are_local_ones_where_the_offset_is_not_a_whole_hour():
    asked = between(date(2026, 10, 5), date(2026, 10, 6), zone=ZoneInfo("Asia/Kolkata"))

    assert local_hours(asked)[:2] == ["00:00+0530", "01:00+0530"]


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        (SPRING, date(2022, 4, 4), True),
        (datetime(2022, 4, 3), datetime(2022, 4, 4), True),
        (datetime(2022, 4, 3, 1), datetime(2022, 4, 4), False),
        (SPRING, datetime(2022, 4, 3, 23, 59, 59), False),
    ],
)
def test_whole_days_go_from_midnight_to_midnight(start, end, whole):
    assert between(start, end).is_whole_days is whole


@pytest.mark.parametrize("end", [date(2026, 10, 5), date(2026, 10, 4)])
def test_a_period_must_end_after_it_begins(end):
    with pytest.raises(InvalidPeriod, match="antes de empezar"):
        between(date(2026, 10, 5), end)


def test_a_period_has_its_limit():
    with pytest.raises(InvalidPeriod, match="2083 días"):
        between(date(2000, 1, 1), date(2026, 1, 1))
