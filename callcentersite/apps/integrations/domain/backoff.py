"""When a notice that did not arrive is sent again, and when no more."""

from __future__ import annotations

from datetime import timedelta

# After the first attempt, after the second, …; about eight hours in all.
PAUSES = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)
MOST_ATTEMPTS = len(PAUSES) + 1


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None: it is given up."""
    return PAUSES[attempts - 1] if 1 <= attempts <= len(PAUSES) else None
