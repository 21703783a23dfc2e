"""A run as it is told."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .cast import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a log, so many seconds after the start."""

    level: str
    message: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A run that is told: when, of what, by whom, how it ended, what it said."""

    number: int
    operation: str
    person: Role
    origin: str
    status: str
    queued_at: datetime
    seconds: float
    lines: tuple[Line, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] | None = None
    error: tuple[str, str, str] = ("", "", "")
    file: tuple[str, str] | None = None

    @property
    def has_started(self) -> bool:
        """Whether a worker ever took it."""
        return self.status not in ("rejected", "expired", "missed")
