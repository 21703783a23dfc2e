"""Two reports side by side: what is slower, what is new, what is gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .report import OTHERS, Finding, FunctionRow, Report

MOST_ROWS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A name with its number before and now, per iteration; None: it was not there."""

    name: str
    before: float | None
    now: float | None

    @property
    def change(self) -> float:
        """What was added."""
        return (self.now or 0.0) - (self.before or 0.0)

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def is_gone(self) -> bool:
        return self.now is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """``now`` against ``before``; milliseconds and calls are per iteration."""

    totals: tuple[Pair, ...]
    functions: tuple[Pair, ...]
    queries: tuple[Pair, ...]
    found: tuple[Finding, ...]  # only now
    mended: tuple[Finding, ...]  # only before
    slower: float  # of the medians: 0.2 is a fifth slower, -0.5 twice as fast


def compare(before: Report, now: Report) -> Comparison:
    """What has changed."""
    return Comparison(
        totals=(
            Pair(name="median_ms", before=before.median_ms, now=now.median_ms),
            Pair(name="p95_ms", before=before.p95_ms, now=now.p95_ms),
            Pair(name="average_ms", before=before.average_ms, now=now.average_ms),
            Pair(
                name="queries_per_iteration",
                before=before.queries_per_iteration,
                now=now.queries_per_iteration,
            ),
        ),
        functions=functions(before, now),
        queries=pairs(queries_of(before), queries_of(now)),
        found=without(now.findings, before.findings),
        mended=without(before.findings, now.findings),
        slower=now.median_ms / before.median_ms - 1 if before.median_ms else 0.0,
    )


def functions(before: Report, now: Report) -> tuple[Pair, ...]:
    """Each function's own milliseconds per iteration.

    The table of a report ends somewhere: a function without a row is gone only if nobody called
    it; else it took too little to be seen.
    """
    rows = {row.name: row for one in (before, now) for row in one.functions}
    return ordered(
        Pair(name=name, before=own_ms(before, row), now=own_ms(now, row))
        for name, row in rows.items()
        if name != OTHERS
    )


def own_ms(report: Report, row: FunctionRow) -> float | None:
    """Of the function that the row is about; None: it was not called."""
    found = sum(one.own_ms for one in report.functions if one.name == row.name)
    if not found and not report.ran(row):
        return None
    return found / max(report.iterations, 1)


def queries_of(report: Report) -> dict[str, float]:
    """How often each statement was executed per iteration."""
    count = max(report.iterations, 1)
    return {f"{row.alias}: {row.sql}": row.calls / count for row in report.queries}


def pairs(before: dict[str, float], now: dict[str, float]) -> tuple[Pair, ...]:
    """Every name of either."""
    return ordered(
        Pair(name=name, before=before.get(name), now=now.get(name))
        for name in dict.fromkeys((*now, *before))
    )


def ordered(found: Iterable[Pair]) -> tuple[Pair, ...]:
    """What has changed most first, and no more than people read."""
    return tuple(sorted(found, key=lambda pair: -abs(pair.change))[:MOST_ROWS])


def without(some: Iterable[Finding], others: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that the others do not have; a line that moved is still the same finding."""
    known = {identity(finding) for finding in others}
    return tuple(finding for finding in some if identity(finding) not in known)


def identity(finding: Finding) -> tuple[str, ...]:
    """What makes two findings the same, whatever their numbers."""
    file = finding.place.rpartition(":")[0]
    return (finding.kind, file, finding.sql, finding.function, finding.table)
