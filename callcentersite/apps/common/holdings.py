"""Rows that a reset of the demonstration takes: counted up to a key, taken in handfuls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet

from opsconsole.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A table's part of the demonstration; its keys are numbers that only grow.

    ``take`` removes the rows of these keys in its application's own way and returns how many.
    """

    key: str
    title: Text
    rows: Callable[[], QuerySet[Any]]
    take: Callable[[list[int]], int] | None = None

    def last(self) -> int:
        """The greatest key; 0: there are none."""
        return int(self.rows().aggregate(last=Max("pk"))["last"] or 0)

    def up_to(self, last: int) -> QuerySet[Any]:
        """The rows that were there when that key was the last."""
        return self.rows().filter(pk__lte=last).order_by("pk")

    def count(self, last: int) -> int:
        """How many of them there are now."""
        return self.up_to(last).count()

    def forget(self, last: int, *, at_most: int) -> int:
        """Remove a handful of them; return how many: 0, no more."""
        keys = list(self.up_to(last).values_list("pk", flat=True)[:at_most])
        if not keys:
            return 0
        if self.take is not None:
            return self.take(keys)
        gone, _each = self.rows().filter(pk__gte=keys[0], pk__lte=keys[-1]).delete()
        return gone and len(keys)
