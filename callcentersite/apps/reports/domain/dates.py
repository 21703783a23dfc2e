"""The local days that a report is about, and the periods that name them."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta


def _(text: str) -> str:
    """Mark a text for the catalogue; pure code does not translate."""
    return text


class InvalidDates(ValueError):
    """Days that make no report: the field that is to blame, and a sentence to translate."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """From the first to the last local day, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidDates("until", _("«Hasta» es anterior a «Desde»."))


def yesterday(today: date) -> Dates:
    """The day before."""
    return Dates(first=today - timedelta(days=1), last=today - timedelta(days=1))


def last_7_days(today: date) -> Dates:
    """The seven whole days before today."""
    return Dates(first=today - timedelta(days=7), last=today - timedelta(days=1))


def this_month(today: date) -> Dates:
    """From the first of the month to today."""
    return Dates(first=today.replace(day=1), last=today)


def last_month(today: date) -> Dates:
    """The whole month before this one."""
    last = today.replace(day=1) - timedelta(days=1)
    return whole_month(last.year, last.month)


def whole_month(year: int, month: int) -> Dates:
    """All days of a month."""
    return Dates(first=date(year, month, 1), last=date(year, month, monthrange(year, month)[1]))


PERIODS: Mapping[str, Callable[[date], Dates]] = {
    "yesterday": yesterday,
    "last_7_days": last_7_days,
    "this_month": this_month,
    "last_month": last_month,
}


def dates_of(*, period: str, since: date | None, until: date | None, today: date) -> Dates:
    """The days that somebody asked for: a period by its name, or two days; yesterday for neither.

    Raises InvalidDates for both at once, for half of them, and for what has not begun yet.
    """
    if period and (since or until):
        raise InvalidDates("period", _("Un periodo y las dos fechas se excluyen: elija uno."))
    if period:
        return PERIODS[period](today)
    if since is None and until is None:
        return yesterday(today)
    if since is None:
        raise InvalidDates("since", _("Escriba desde qué día."))
    if until is None:
        raise InvalidDates("until", _("Escriba hasta qué día."))
    dates = Dates(first=since, last=until)
    if dates.first > today:
        raise InvalidDates("since", _("Ese periodo todavía no empieza."))
    return dates
