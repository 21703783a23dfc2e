"""From facts to parts: the programmes, the disks, the tables and the people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from . import limits
from .facts import Facts, TableFacts
from .judging import measured, part
from .parts import Key, Part, Reason, Why
from .states import graded

MOST_TABLES = 10


def schedules(facts: Facts) -> Part:
    """Whether what should have come by itself has come."""
    found = facts.schedules
    seconds = found.longest_overdue_seconds
    figures = {
        "active": found.active,
        "overdue": found.overdue,
        "longest_overdue_seconds": seconds,
        "missed": found.missed,
    }
    reasons = [
        measured(
            Why.OVERDUE, seconds, limits.OVERDUE_SECONDS, overdue=found.overdue, seconds=seconds
        ),
        measured(Why.MISSED, found.still_missed, limits.MISSED, missed=found.still_missed),
    ]
    return part(Key.SCHEDULES, figures, reasons)


def disk(facts: Facts) -> Part:
    """Whether there is room where the console writes."""
    figures = {
        "places": {
            one.place: {
                "used_share": round(one.used_share, 4),
                "free_bytes": one.free_bytes,
                "total_bytes": one.total_bytes,
            }
            for one in facts.disks
        }
    }
    reasons = [
        measured(
            Why.DISK_FULL,
            one.used_share,
            limits.DISK_SHARES,
            place=one.place,
            used_share=round(one.used_share, 4),
            free_bytes=one.free_bytes,
        )
        for one in facts.disks
    ]
    return part(Key.DISK, figures, reasons)


def growth(facts: Facts) -> Part:
    """Whether a table grows as it never did; told of the ten that grow most."""
    fastest = sorted(facts.tables, key=lambda one: -(one.grown_per_day or 0.0))
    figures = {
        "tables": {
            one.name: {
                "rows": one.rows,
                "size_bytes": one.size_bytes,
                "grown_per_day": rounded(one.grown_per_day),
                "usual_per_day": rounded(one.usual_per_day),
            }
            for one in fastest[:MOST_TABLES]
        }
    }
    return part(Key.GROWTH, figures, growing(facts.tables))


def growing(tables: Iterable[TableFacts]) -> Iterator[Reason]:
    """The tables that grow faster than their own history allows."""
    for one in tables:
        if one.grown_per_day is None or one.usual_per_day is None:
            continue
        warning, critical = (
            max(factor * one.usual_per_day, one.usual_per_day + rows)
            for factor, rows in zip(limits.GROWTH_FACTORS, limits.GROWTH_ROWS, strict=True)
        )
        yield measured(
            Why.GROWS,
            one.grown_per_day,
            (warning, critical),
            table=one.name,
            grown_per_day=rounded(one.grown_per_day),
            usual_per_day=rounded(one.usual_per_day),
        )


def rounded(rate: float | None) -> int | None:
    """Rows a day, whole."""
    return None if rate is None else round(rate)


def messages(facts: Facts) -> Part:
    """Whether something went wrong of which nobody took notice."""
    unread = facts.people.unread
    reasons = [measured(Why.UNREAD, unread, limits.UNREAD, unread=unread)]
    return part(Key.MESSAGES, {"unread": unread}, reasons)


def logins(facts: Facts) -> Part:
    """Whether somebody tries passwords; in proportion to the period, where it is long."""
    people, days = facts.people, max(facts.period_hours / 24, 1.0)
    figures = {
        "failed": people.failed_logins,
        "accounts": people.accounts,
        "locked": people.locked,
    }
    warning, critical = (mark * days for mark in limits.FAILED_LOGINS)
    failed = graded(people.failed_logins, warning=warning, critical=critical)
    reasons = [
        Reason(Why.FAILED_LOGINS, failed, {"failed": people.failed_logins}),
        measured(Why.LOCKED, people.locked, limits.LOCKED, locked=people.locked),
    ]
    return part(Key.LOGINS, figures, reasons)
