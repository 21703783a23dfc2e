"""Measure something by its own history: the median of the last ten times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from statistics import median

from .facts import Load

LAST = 10
# Before that nobody knows what is usual.
FEWEST = 3
# A share of fewer rows says little.
LEAST_ROWS = 100


def usual(values: Sequence[float]) -> float | None:
    """The median of the first ten; None where there are too few."""
    return median(values[:LAST]) if len(values) >= FEWEST else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How old the last whole load is, and how long the time between two usually is."""

    age_seconds: float | None
    usual_seconds: float | None


def freshness(loads: Sequence[Load], *, now: datetime) -> Freshness:
    """``loads`` come the newest first."""
    ends = [load.ended_at for load in loads if load.whole]
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(ends)]
    age = (now - ends[0]).total_seconds() if ends else None
    return Freshness(age_seconds=age, usual_seconds=usual(gaps))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejections:
    """What share of the last load was rejected, and what share usually is."""

    read: int
    rejected: int
    share: float
    usual_share: float | None


def rejections(loads: Sequence[Load]) -> Rejections | None:
    """Of the newest load that is large enough to tell; None: there is none."""
    telling = [load for load in loads if load.read >= LEAST_ROWS]
    if not telling:
        return None
    last, *earlier = telling
    return Rejections(
        read=last.read,
        rejected=last.rejected,
        share=last.share,
        usual_share=usual([load.share for load in earlier]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How many rows a day a table grows since its last sample, and usually."""

    now: float | None
    usual: float | None


def growth(rows: int, samples: Sequence[tuple[date, int]], *, today: date) -> Growth:
    """``samples`` are a day and its rows, the newest first; those of today do not count.

    A table that shrinks does not grow: what retention takes is no negative growth.
    """
    points = [(today, rows), *(sample for sample in samples if sample[0] < today)]
    rates = [
        max(more - less, 0) / (later - earlier).days
        for (later, more), (earlier, less) in pairwise(points)
    ]
    return Growth(now=rates[0] if rates else None, usual=usual(rates[1:]))
