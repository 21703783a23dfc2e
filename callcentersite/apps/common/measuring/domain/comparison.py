"""Two reports side by side: what is slower, what is new, what is gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .report import OTHERS, Finding, Report

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
        functions=pairs(functions_of(before), functions_of(now)),
        queries=pairs(queries_of(before), queries_of(now)),
        found=without(now.findings, before.findings),
        mended=without(before.findings, now.findings),
        slower=now.median_ms / before.median_ms - 1 if before.median_ms else 0.0,
    )


def functions_of(report: Report) -> dict[str, float]:
    """Each function's own milliseconds per iteration."""
    count = max(report.iterations, 1)
    return {row.name: row.own_ms / count for row in report.functions if row.name != OTHERS}


def queries_of(report: Report) -> dict[str, float]:
    """How often each statement was executed per iteration."""
    count = max(report.iterations, 1)
    return {f"{row.alias}: {row.sql}": row.calls / count for row in report.queries}


def pairs(before: dict[str, float], now: dict[str, float]) -> tuple[Pair, ...]:
    """Every name of either, what has changed most first."""
    found = [
        Pair(name=name, before=before.get(name), now=now.get(name))
        for name in dict.fromkeys((*now, *before))
    ]
    return tuple(sorted(found, key=lambda pair: -abs(pair.change))[:MOST_ROWS])


def without(some: Iterable[Finding], others: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that the others do not have; a line that moved is still the same finding."""
    known = {identity(finding) for finding in others}
    return tuple(finding for finding in some if identity(finding) not in known)


def identity(finding: Finding) -> tuple[str, ...]:
    """What makes two findings the same, whatever their numbers."""
    file = finding.place.rpartition(":")[0]
    return (finding.kind, file, finding.sql, finding.function, finding.table)
