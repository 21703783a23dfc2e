"""What is known of each part when its health is judged: numbers, and no names of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFacts:
    """The queue, its workers, and the canary that comes through it."""

    clusters: int = 0
    stopping: bool = False
    workers: int = 0
    busy: int = 0
    waiting: int = 0
    oldest_wait_seconds: float = 0.0
    canary_age_seconds: float | None = None  # None: no worker ever ran
    canary_late: bool = False
    all_busy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A run of the ETL that did its work; ``whole``: not just some of the calls."""

    ended_at: datetime
    read: int
    rejected: int
    whole: bool = True

    @property
    def share(self) -> float:
        """How many of its rows were rejected."""
        return self.rejected / self.read if self.read else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """The runs of the period; ``broken``: operations whose last run did not recover.

    ``still_lost``: those of operations without a good ending since.
    """

    runs: int = 0
    failed: int = 0
    lost: int = 0
    still_lost: int = 0
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleFacts:
    """The programmes: switched on, behind their time, and runs that never came in the period.

    ``still_missed``: those of operations without a good ending since.
    """

    active: int = 0
    overdue: int = 0
    longest_overdue_seconds: float = 0.0
    missed: int = 0
    still_missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskFacts:
    """A disk that the console writes to, by what it holds."""

    place: str
    total_bytes: int
    free_bytes: int

    @property
    def used_share(self) -> float:
        """How full it is."""
        return 1 - self.free_bytes / self.total_bytes if self.total_bytes else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFacts:
    """A table: estimates, and how many rows a day it grows and grew; None: not known yet."""

    name: str
    rows: int
    size_bytes: int | None = None
    grown_per_day: float | None = None
    usual_per_day: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFacts:
    """What people have not read, and how they failed to log in, in the period."""

    unread: int = 0
    failed_logins: int = 0
    accounts: int = 0
    locked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything, as it was at one moment."""

    taken_at: datetime
    period_hours: int
    queue: QueueFacts = QueueFacts()
    loads: tuple[Load, ...] = ()  # the newest first
    runs: RunFacts = RunFacts()
    schedules: ScheduleFacts = ScheduleFacts()
    disks: tuple[DiskFacts, ...] = ()
    tables: tuple[TableFacts, ...] = ()
    people: PeopleFacts = PeopleFacts()
