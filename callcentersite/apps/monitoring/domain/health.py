"""All parts together: one number, one word, one exit code."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from . import judging, surroundings
from .facts import Facts
from .parts import Key, Part
from .states import EXIT_CODES, State, worst

JUDGES: dict[Key, Callable[[Facts], Part]] = {
    Key.CANARY: judging.canary,
    Key.WORKERS: judging.workers,
    Key.QUEUE: judging.queue,
    Key.FRESHNESS: judging.etl_freshness,
    Key.REJECTIONS: judging.etl_rejections,
    Key.RUNS: judging.runs,
    Key.SCHEDULES: surroundings.schedules,
    Key.DISK: surroundings.disk,
    Key.GROWTH: surroundings.growth,
    Key.MESSAGES: surroundings.messages,
    Key.LOGINS: surroundings.logins,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The parts, judged at one moment; ``fail_under``: a lower score is critical."""

    taken_at: datetime
    period_hours: int
    parts: tuple[Part, ...]
    fail_under: int = 0

    @property
    def score(self) -> int:
        """0 to 100: the points of what could be judged, by its weight; 100 only if all is well."""
        weight = sum(part.weight for part in self.parts)
        return math.floor(100 * sum(part.points for part in self.parts) / weight) if weight else 100

    @property
    def state(self) -> State:
        """The worst part's; critical below the score that was asked for."""
        if self.score < self.fail_under:
            return State.CRITICAL
        return worst(part.state for part in self.parts)

    @property
    def exit_code(self) -> int:
        """As monitoring systems expect it."""
        return EXIT_CODES[self.state]

    @property
    def troubles(self) -> tuple[Part, ...]:
        """The parts that are not well."""
        return tuple(part for part in self.parts if part.state in (State.WARNING, State.CRITICAL))


def judge(facts: Facts, *, fail_under: int = 0) -> Health:
    """Judge every part."""
    return Health(
        taken_at=facts.taken_at,
        period_hours=facts.period_hours,
        parts=tuple(judge_part(facts) for judge_part in JUDGES.values()),
        fail_under=fail_under,
    )
