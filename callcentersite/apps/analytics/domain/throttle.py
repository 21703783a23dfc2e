"""When to leave the database to others for a while."""

from dataclasses import dataclass

CALLS_A_DAY = 200  # what a day costs by itself, in calls
SLOW_TIMES = 3.0
NOTICEABLE_SECONDS = 0.05
MOST_SECONDS = 5.0


@dataclass(slots=True, kw_only=True)
class Throttle:
    """Says after each batch how long to rest.

    Busy is what slows the work down: a batch that took three times as long, for its size, as the
    quickest one so far; or somebody who waits for a lock. Then it rests as long as the slow batch
    took, up to five seconds, so that others get at least half of the time. ``usual`` is the
    quickest: seconds for a call.
    """

    usual: float | None = None

    def rest(self, *, seconds: float, calls: int, days: int, waiting: int = 0) -> float:
        """Seconds to wait before the next batch; 0: nobody is in a hurry."""
        cost = seconds / max(calls + CALLS_A_DAY * days, 1)
        self.usual = cost if self.usual is None else min(self.usual, cost)
        slow = seconds > NOTICEABLE_SECONDS and cost > SLOW_TIMES * self.usual
        if not slow and not waiting:
            return 0.0
        return min(max(seconds, NOTICEABLE_SECONDS), MOST_SECONDS)
