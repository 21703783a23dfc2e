"""How many requests a minute: a bucket of tokens that fills up evenly.

Only one number is kept: ``full_at``, the moment at which the bucket is full again. Each request
puts it off by the time in which one token comes back; a request that would put it off by more than
a minute from now finds the bucket empty.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

WINDOW_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """So many requests a minute; after a pause, so many at once."""

    per_minute: int

    @property
    def interval(self) -> float:
        """Seconds in which one token comes back."""
        return WINDOW_SECONDS / self.per_minute

    def latest_full_at(self, now: float) -> float:
        """``full_at`` of an empty bucket; a thousandth of grace for rounding."""
        return now + WINDOW_SECONDS + self.interval / 1_000

    def standing(self, full_at: float, *, allowed: bool, now: float) -> Standing:
        """What to tell whoever asked."""
        owed = max(0.0, full_at - now)
        left = max(0, math.floor((WINDOW_SECONDS - owed) / self.interval + 0.001))
        wait = 0 if allowed else max(1, math.ceil(owed + self.interval - WINDOW_SECONDS))
        return Standing(
            allowed=allowed,
            limit=self.per_minute,
            remaining=left if allowed else 0,
            reset_seconds=math.ceil(owed),
            retry_after_seconds=wait,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether the request may go on, and what its headers say."""

    allowed: bool
    limit: int
    remaining: int
    reset_seconds: int
    retry_after_seconds: int

    def headers(self) -> dict[str, str]:
        """The X-RateLimit headers, and Retry-After for a refusal."""
        found = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset_seconds),
        }
        return found if self.allowed else found | {"Retry-After": str(self.retry_after_seconds)}
