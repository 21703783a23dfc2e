"""From facts to parts: the queue, the ETL and the runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import limits
from .facts import Facts
from .history import freshness, rejections
from .parts import Key, Part, Reason, Why
from .states import State, graded, worst


def part(key: Key, figures: Mapping[str, Any], reasons: Iterable[Reason]) -> Part:
    """As bad as its worst reason."""
    said = tuple(reason for reason in reasons if reason.state is not State.OK)
    unknown = any(reason.state is State.UNKNOWN for reason in said)
    state = State.UNKNOWN if unknown else worst(reason.state for reason in said)
    return Part(key=key, state=state, figures=figures, reasons=said)


def measured(why: Why, value: float, marks: tuple[float, float], **numbers: Any) -> Reason:
    """A reason as bad as the value is beyond its marks."""
    return Reason(why, graded(value, warning=marks[0], critical=marks[1]), numbers)


def canary(facts: Facts) -> Part:
    """Whether anything comes out of the queue at all."""
    queue = facts.queue
    numbers = {"age_seconds": queue.canary_age_seconds}
    reasons = []
    if queue.canary_age_seconds is None:
        reasons = [Reason(Why.CANARY_NEVER, State.UNKNOWN)]
    elif queue.canary_late and queue.all_busy:
        reasons = [Reason(Why.CANARY_BUSY, State.WARNING, numbers)]
    elif queue.canary_late:
        reasons = [Reason(Why.CANARY_SILENT, State.CRITICAL, numbers)]
    return part(Key.CANARY, numbers, reasons)


def workers(facts: Facts) -> Part:
    """Whether somebody is there to work."""
    queue = facts.queue
    figures = {"clusters": queue.clusters, "workers": queue.workers, "busy": queue.busy}
    reasons = []
    if not queue.workers:
        reasons = [Reason(Why.NO_WORKERS, State.CRITICAL)]
    elif queue.stopping:
        reasons = [Reason(Why.STOPPING, State.WARNING)]
    return part(Key.WORKERS, figures, reasons)


def queue(facts: Facts) -> Part:
    """How much waits, and for how long."""
    waiting, seconds = facts.queue.waiting, facts.queue.oldest_wait_seconds
    reasons = [
        measured(Why.WAITS_LONG, seconds, limits.WAIT_SECONDS, seconds=seconds),
        measured(Why.DEEP, waiting, limits.WAITING, waiting=waiting),
    ]
    figures = {"waiting": waiting, "oldest_wait_seconds": seconds}
    return part(Key.QUEUE, figures, reasons)


def etl_freshness(facts: Facts) -> Part:
    """How old the calls are, measured by how often they usually come."""
    found = freshness(facts.loads, now=facts.taken_at)
    age, usual = found.age_seconds, found.usual_seconds
    figures = {"age_seconds": age, "usual_seconds": usual}
    if age is None:
        return part(Key.FRESHNESS, figures, [Reason(Why.NEVER_LOADED, State.WARNING)])
    gap = max(usual or limits.DEFAULT_GAP_SECONDS, limits.LEAST_GAP_SECONDS)
    warning, critical = (
        factor * gap + limits.STALE_MARGIN_SECONDS for factor in limits.STALE_FACTORS
    )
    reason = measured(Why.STALE, age, (warning, critical), seconds=age, usual_seconds=gap)
    return part(Key.FRESHNESS, figures, [reason])


def etl_rejections(facts: Facts) -> Part:
    """How much of the last load was refused, measured by how much usually is."""
    found = rejections(facts.loads)
    if found is None:
        figures = {"read": 0, "rejected": 0, "share": None, "usual_share": None}
        return part(Key.REJECTIONS, figures, [Reason(Why.NO_LARGE_LOAD, State.UNKNOWN)])
    marks = rejected_marks(found.usual_share)
    numbers = {
        "read": found.read,
        "rejected": found.rejected,
        "share": round(found.share, 4),
        "usual_share": None if found.usual_share is None else round(found.usual_share, 4),
    }
    reason = measured(Why.REJECTS_MORE, found.share, marks, **numbers)
    return part(Key.REJECTIONS, numbers, [reason])


def rejected_marks(usual: float | None) -> tuple[float, float]:
    """From which share on it is too much."""
    if usual is None:
        return limits.REJECTED_SHARES
    warning, critical = (
        max(factor * usual, usual + margin)
        for factor, margin in zip(limits.REJECTED_FACTORS, limits.REJECTED_MARGINS, strict=True)
    )
    return warning, critical


def runs(facts: Facts) -> Part:
    """Whether what failed has recovered since."""
    found = facts.runs
    figures = {
        "runs": found.runs,
        "failed": found.failed,
        "lost": found.lost,
        "broken": list(found.broken),
    }
    names = ", ".join(found.broken)
    reasons = [
        measured(Why.BROKEN, len(found.broken), limits.BROKEN, operations=names),
        measured(Why.LOST, found.still_lost, limits.LOST, lost=found.still_lost),
    ]
    return part(Key.RUNS, figures, reasons)
