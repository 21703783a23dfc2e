"""The words of monitoring systems, and the exit codes that go with them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class State(StrEnum):
    """How a part of the console does."""

    OK = "OK"
    WARNING = "WARNING"
    CRITICAL = "CRITICAL"
    UNKNOWN = "UNKNOWN"  # nothing to judge by yet; it counts for nothing


# What Nagios and its kin expect of a plugin.
EXIT_CODES = {State.OK: 0, State.WARNING: 1, State.CRITICAL: 2, State.UNKNOWN: 3}
BY_WEIGHT = (State.OK, State.WARNING, State.CRITICAL)
# The share of its weight that a part in this state brings to the score.
SHARES = {State.OK: 1.0, State.WARNING: 0.5, State.CRITICAL: 0.0}


def worst(states: Iterable[State]) -> State:
    """The worst of them; of those that are unknown nothing is said."""
    known = [state for state in states if state is not State.UNKNOWN]
    return max(known, key=BY_WEIGHT.index, default=State.OK)


def graded(value: float, *, warning: float, critical: float) -> State:
    """By two limits, each the first value that is too much."""
    if value >= critical:
        return State.CRITICAL
    return State.WARNING if value >= warning else State.OK
