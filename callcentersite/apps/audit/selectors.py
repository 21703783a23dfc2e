"""Reading the chain: where it begins and ends, and what of it has outlived its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .domain.chain import BEGINNING, Link
from .domain.verification import Entry
from .models import CHAINED, SAID, AuditCheckpoint, AuditLog, as_signed

BATCH = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """The oldest entries, from the beginning of the chain up to one of them."""

    first: int
    last: int
    last_hash: str
    oldest: datetime
    newest: datetime

    @property
    def count(self) -> int:
        """How many: positions have no gaps."""
        return self.last - self.first + 1


def expired(before: datetime) -> Prefix | None:
    """The longest beginning of the chain in which everything is older; None: there is none.

    An entry out of order holds back those after it until its own time has come.
    """
    rows = AuditLog.objects.order_by("pk")
    first = rows.first()
    if first is None or first.happened_at >= before:
        return None
    young = rows.filter(happened_at__gte=before).values_list("pk", flat=True).first()
    last = rows.order_by("-pk").first() if young is None else rows.filter(pk=young - 1).first()
    if last is None:
        return None
    return Prefix(
        first=first.pk,
        last=last.pk,
        last_hash=last.hash,
        oldest=first.happened_at,
        newest=last.happened_at,
    )


def last_checkpoint(using: str | None = None) -> AuditCheckpoint | None:
    """Where the chain begins since it was pruned; None: with its first entry."""
    found = AuditCheckpoint.objects.using(using).order_by("-last_id").first()
    return found if isinstance(found, AuditCheckpoint) else None


def start(using: str | None = None) -> Link:
    """What the oldest entry that is left is tied to."""
    checkpoint = last_checkpoint(using)
    return BEGINNING if checkpoint is None else checkpoint.link()


def entries(*, after: int, up_to: int, batch: int = BATCH) -> Iterator[Entry]:
    """Those entries in their order, a batch in memory at a time; no transaction is held."""
    columns = (*CHAINED, *SAID)
    rows = AuditLog.objects.order_by("pk").filter(pk__lte=up_to).values_list(*columns)
    while found := list(rows.filter(pk__gt=after)[:batch]):
        yield from map(entry_of, found)
        after = found[-1][0]


def entry_of(row: tuple[Any, ...]) -> Entry:
    """A row of ``CHAINED`` and ``SAID``."""
    return Entry(row[0], row[1], row[2], row[3], as_signed(row[4:]))


def about(kind: str, number: object) -> Any:
    """What was done to one thing, the latest first."""
    return AuditLog.objects.filter(target_type=kind, target_id=str(number)).order_by("-pk")
