"""The parts of the health and their weights, which together are 100."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .states import SHARES, State


class Key(StrEnum):
    """What is looked at, in the order in which it is told."""

    CANARY = "canary"
    WORKERS = "workers"
    QUEUE = "queue"
    FRESHNESS = "etl_freshness"
    REJECTIONS = "etl_rejections"
    RUNS = "runs"
    SCHEDULES = "schedules"
    DISK = "disk"
    GROWTH = "growth"
    MESSAGES = "messages"
    LOGINS = "logins"


WEIGHTS: dict[Key, int] = {
    Key.CANARY: 20,
    Key.WORKERS: 10,
    Key.QUEUE: 10,
    Key.FRESHNESS: 10,
    Key.REJECTIONS: 10,
    Key.RUNS: 10,
    Key.SCHEDULES: 10,
    Key.DISK: 10,
    Key.GROWTH: 4,
    Key.MESSAGES: 3,
    Key.LOGINS: 3,
}


class Why(StrEnum):
    """Why a part is not OK, or why nobody knows."""

    CANARY_NEVER = "canary_never"
    CANARY_SILENT = "canary_silent"
    CANARY_BUSY = "canary_busy"
    NO_WORKERS = "no_workers"
    STOPPING = "workers_stopping"
    WAITS_LONG = "queue_waits_long"
    DEEP = "queue_deep"
    NEVER_LOADED = "etl_never_loaded"
    STALE = "etl_stale"
    NO_LARGE_LOAD = "etl_no_large_load"
    REJECTS_MORE = "etl_rejects_more"
    BROKEN = "operations_broken"
    LOST = "runs_lost"
    OVERDUE = "schedules_overdue"
    MISSED = "schedules_missed"
    DISK_FULL = "disk_full"
    GROWS = "table_grows"
    UNREAD = "messages_unread"
    FAILED_LOGINS = "logins_failed"
    LOCKED = "accounts_locked"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its numbers; the words are elsewhere."""

    why: Why
    state: State
    numbers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part, judged."""

    key: Key
    state: State
    figures: Mapping[str, Any]
    reasons: tuple[Reason, ...] = ()

    @property
    def weight(self) -> int:
        """What it counts for; nothing while there is nothing to judge by."""
        return 0 if self.state is State.UNKNOWN else WEIGHTS[self.key]

    @property
    def points(self) -> float:
        """How much of its weight it brings."""
        return self.weight * SHARES.get(self.state, 0.0)
