"""How long ago a worker last took something off the queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Now

from ..conf import setting
from ..models import Canary


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryState:
    """``age`` is the time since the last song, by the database's clock; None: no worker ever ran.

    Where nothing was heard yet it is the time since the first worker began to listen.
    """

    age: timedelta | None = None
    sung_at: datetime | None = None
    worker: str = ""
    waits: bool = False

    @property
    def is_silent(self) -> bool:
        """Whether nothing came through for too long."""
        late = timedelta(seconds=setting("CANARY_LATE_SECONDS"))
        return self.age is not None and self.age > late


NEVER = CanaryState()


def canary_state() -> CanaryState:
    """Read it: one row, by one statement that brings the clock along."""
    row = Canary.objects.annotate(now=Now()).first()
    if row is None:
        return NEVER
    heard, sent = row.sung_at, row.released_at
    return CanaryState(
        age=max(row.now - (heard or row.born_at), timedelta()),
        sung_at=heard,
        worker=row.worker,
        waits=sent is not None and (heard is None or heard < sent),
    )
