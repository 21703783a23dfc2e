"""What may be said of a run that ended, and who would want to hear which of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SUCCEEDED = "succeeded"
FAILURES = frozenset({"failed", "lost", "missed"})
# Endings that are news; one that was rejected or expired was answered, and told apart.
FINISHED = frozenset({SUCCEEDED, "cancelled"}) | FAILURES

SLOW_FACTOR = 2.0
SLOW_LEAST_SECONDS = 10.0  # beyond the usual: twice of nothing is nothing to tell
SLOW_FEWEST_RUNS = 3  # before that nobody knows what is usual


class Event(StrEnum):
    """What people subscribe to."""

    FAILED = "failed"
    FIRST_FAILURE = "first_failure"
    RECOVERED = "recovered"
    SLOW = "slow"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended, beside the one before it (None: there was none) and the usual duration."""

    status: str
    before: str | None = None
    seconds: float | None = None
    usual_seconds: float | None = None

    @property
    def failed(self) -> bool:
        """Whether it came to a bad end."""
        return self.status in FAILURES

    @property
    def first_failure(self) -> bool:
        """Whether it is the first bad end, after a good one or after nothing."""
        return self.failed and self.before not in FAILURES

    @property
    def recovered(self) -> bool:
        """Whether all is well again."""
        return self.status == SUCCEEDED and self.before in FAILURES

    @property
    def slow(self) -> bool:
        """Whether it did its work, but took long for it."""
        return self.status == SUCCEEDED and is_slow(self.seconds, usual_seconds=self.usual_seconds)

    def events(self) -> frozenset[Event]:
        """All that may be said of it."""
        said = {
            Event.FAILED: self.failed,
            Event.FIRST_FAILURE: self.first_failure,
            Event.RECOVERED: self.recovered,
            Event.SLOW: self.slow,
            Event.FINISHED: self.status in FINISHED,
        }
        return frozenset(event for event, true in said.items() if true)


def is_slow(seconds: float | None, *, usual_seconds: float | None) -> bool:
    """Whether so many seconds are clearly more than usual."""
    if seconds is None or usual_seconds is None:
        return False
    return seconds > usual_seconds * SLOW_FACTOR and seconds > usual_seconds + SLOW_LEAST_SECONDS
