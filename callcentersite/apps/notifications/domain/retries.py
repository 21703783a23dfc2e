"""How often, and when, what could not be delivered is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

# After the first failure, the second, …; after the last of them nobody tries again.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)


def next_attempt(attempts: int, *, now: datetime) -> datetime | None:
    """When to try again after so many attempts; None: never."""
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
