"""Which days a report is about."""

from datetime import date

import pytest

from callcentersite.apps.reports.domain.dates import Dates, InvalidDates, dates_of

TODAY = date(2026, 3, 1)


def asked(period="", since=None, until=None, today=TODAY):
    found = dates_of(period=period, since=since, until=until, today=today)
    return found.first.isoformat(), found.last.isoformat()


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("yesterday", ("2026-02-28", "2026-02-28")),
        ("last_7_days", ("2026-02-22", "2026-02-28")),
        ("this_month", ("2026-03-01", "2026-03-01")),
        ("last_month", ("2026-02-01", "2026-02-28")),
    ],
)
def test_a_period_is_reckoned_from_today(period, days):
    assert asked(period) == days


def test_last_month_in_january_is_december():
    assert asked("last_month", today=date(2026, 1, 31)) == ("2025-12-01", "2025-12-31")


def test_without_anything_said_it_is_yesterday():
    assert asked() == ("2026-02-28", "2026-02-28")


def test_two_days_are_both_included():
    assert asked(since=date(2026, 2, 1), until=TODAY) == ("2026-02-01", "2026-03-01")


def test_a_month_that_is_not_over_may_be_asked_for_whole():
    assert asked(since=TODAY, until=date(2026, 3, 31)) == ("2026-03-01", "2026-03-31")


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"since": TODAY, "until": date(2026, 2, 1)}, "until", "«Hasta» es anterior a «Desde»."),
        ({"since": date(2999, 1, 1), "until": date(9999, 12, 31)}, "since", "todavía no empieza"),
        ({"period": "yesterday", "since": TODAY}, "period", "se excluyen"),
        ({"since": TODAY}, "until", "hasta qué día"),
        ({"until": TODAY}, "since", "desde qué día"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(values, field, sentence):
    with pytest.raises(InvalidDates, match=sentence) as refused:
        asked(**values)

    assert refused.value.field == field


def test_no_days_run_backwards():
    with pytest.raises(InvalidDates):
        Dates(first=date(2026, 2, 2), last=date(2026, 2, 1))
