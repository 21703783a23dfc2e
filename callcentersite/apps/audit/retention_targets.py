"""The oldest part of the chain: archived as lines that verify by themselves, then pruned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Min, Q
from django.utils.translation import gettext_lazy as _

from callcentersite.data_centralization.targets import Removal, Target, register

from . import selectors
from .archive import archive_lines
from .models import AuditLog
from .pruning import prune


def older(cutoff: datetime) -> Q:
    """A beginning of the chain; positions start at 1, so that up to 0 is nothing."""
    found = selectors.expired(cutoff)
    return Q(pk__lte=found.last if found else 0)


def lines(removal: Removal) -> Iterator[str]:
    """What goes, as ``verify_archive`` reads it."""
    first = removal.queryset.aggregate(first=Min("pk"))["first"]
    return archive_lines(after=first - 1, up_to=last_of(removal).pk)


def last_of(removal: Removal) -> AuditLog:
    """The entry at the cut."""
    row: AuditLog = removal.queryset.order_by("-pk")[0]
    return row


def remove(removal: Removal) -> int:
    """By the audit's own way, which leaves a checkpoint and an entry that tells of it."""
    last = last_of(removal)
    return prune(up_to=last.pk, expected_hash=last.hash, archive=removal.archive).count


register(
    Target(
        name="audit_logs",
        title=_("auditoría"),
        model="audit.AuditLog",
        age="happened_at",
        least_days=7,
        must_archive=True,
        restorable=False,
        older=older,
        lines=lines,
        remove=remove,
    )
)
