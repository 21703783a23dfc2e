"""Whether a password has to be changed, and why. Pure: no Django, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Due(StrEnum):
    """Why another password is asked for."""

    REQUESTED = "requested"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordAge:
    """Since when a password holds, for how many days it may, and whether another was asked for."""

    set_at: datetime
    most_days: int
    requested: bool = False

    def days(self, now: datetime) -> int:
        """How many whole days old it is."""
        return (now - self.set_at).days

    def due(self, now: datetime) -> Due | None:
        """Why it has to be changed; None: it holds."""
        if self.requested:
            return Due.REQUESTED
        if now >= self.set_at + timedelta(days=self.most_days):
            return Due.EXPIRED
        return None
