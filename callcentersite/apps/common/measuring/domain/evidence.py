"""What one more iteration, watched closely, has shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenQuery:
    """A statement that a place issued, ``count`` times with ``distinct`` different values."""

    alias: str
    sql: str
    place: str
    template: str = ""
    count: int = 1
    distinct: int = 1
    relation: str = ""
    fix: str = ""  # select_related or prefetch_related
    batches: bool = False  # it reads on where the one before it ended


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenArguments:
    """A function that was called ``count`` times with ``distinct`` different arguments."""

    function: str
    place: str
    count: int
    distinct: int
    again_share: float = 0.0  # of its time: in calls with arguments that it had had before


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRows:
    """Objects that a place fetched, and how many of them were looked at afterwards."""

    table: str
    place: str
    rows: int
    used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenScan:
    """A table that a statement reads from end to end though it wants a part of it."""

    table: str
    rows: int
    wanted: int = 0  # the part, as the database estimates it
    sql: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All of it."""

    queries: tuple[SeenQuery, ...] = ()
    repeated: tuple[SeenQuery, ...] = ()  # with the very same values, from any place
    arguments: tuple[SeenArguments, ...] = ()
    rows: tuple[SeenRows, ...] = ()
    scans: tuple[SeenScan, ...] = ()
    serialization_share: float = 0.0  # as it was while calls were counted
