"""Bringing archived calls back: what is not there now returns, what clashes is reported."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from callcentersite.apps.analytics import daily, removed
from callcentersite.apps.analytics.models import Call
from callcentersite.data_centralization import undoing
from callcentersite.data_centralization.archives import unreadable
from callcentersite.data_centralization.tables import open_table
from opsconsole import OperationError

from . import keeping, parquet
from .domain.months import Month
from .models import CallArchive
from .planning import CALLS


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came back of one file, and the numbers of the calls that did not.

    ``closed``: days that still lack calls, so that nobody counts them anew.
    """

    policy: str  # the month; named as retention's report names it
    rows: int
    conflicts: tuple[Any, ...]
    clashes: int
    closed: frozenset[Any]


def waiting() -> QuerySet[CallArchive]:
    """Archives whose calls are not in the table."""
    return CallArchive.objects.filter(restored_at=None).order_by("month", "pk")


def of_months(months: list[Month]) -> list[CallArchive]:
    """What is to come back of these months; raises OperationError where there is nothing of one."""
    return [one for month in months for one in find(str(month), month=month.first)]


def of_run(run: int) -> list[CallArchive]:
    """What is to come back of all that a run archived; raises OperationError."""
    return find(_("esa corrida"), run=run)


def find(what: str, **about: Any) -> list[CallArchive]:
    """The archives whose calls are to come back; raises OperationError where there are none."""
    found = list(waiting().filter(**about))
    if found:
        return found
    if CallArchive.objects.filter(**about).exists():
        raise OperationError(_("Esas llamadas ya se devolvieron."))
    known = sorted({str(Month.of(one)) for one in waiting().values_list("month", flat=True)})
    raise OperationError(
        _("No hay llamadas archivadas de %(what)s.") % {"what": what},
        remedy=_("Meses archivados: %(months)s") % {"months": ", ".join(known) or "–"},
    )


def restore(archive: CallArchive) -> Restored:
    """One file, in one transaction; a second restore at the same time finds nothing to do."""
    table = open_table(CALLS)
    with transaction.atomic(using=table.alias):
        daily.alone(using=table.alias)
        claim(archive)
        archive.refresh_from_db()  # it may have been written anew since somebody asked
        with opened(archive) as file:
            stage = table.stage_rows(parquet.read(file))
        conflicts = tuple(table.present(stage, limit=undoing.MOST_CONFLICTS))
        told = undoing.told_of(archive.rows, table, stage, conflicts)
        rows = table.restore(stage)
        removed.forget(told)
        days = days_of(archive)
        reopened = daily.reopen(days, zone=settings.TIME_ZONE, using=table.alias)
        # Those that are open now: another file of the month may have opened them already.
        daily.mark_stale(days, using=table.alias)
    return Restored(
        policy=str(Month.of(archive.month)),
        rows=rows,
        conflicts=conflicts,
        clashes=archive.rows - rows,
        closed=frozenset(days).difference(reopened),
    )


def count_anew() -> None:
    """The metrics of the days that are open again, once the files are back."""
    daily.rebuild_stale(zone=settings.TIME_ZONE)


def claim(archive: CallArchive) -> None:
    """Mark it restored; raises where somebody else did meanwhile."""
    free = CallArchive.objects.filter(pk=archive.pk, restored_at=None)
    if not free.update(restored_at=timezone.now()):
        raise OperationError(
            _("Esas llamadas ya se devolvieron."),
            cause=_("Otra corrida las devolvió hace un momento."),
        )


@contextmanager
def opened(archive: CallArchive) -> Iterator[BinaryIO]:
    """The file, after it was compared with its manifest."""
    if problem := keeping.damage(archive):
        raise unreadable(problem)
    # A storage elsewhere may not give what Arrow can read from: a real file.
    with default_storage.open(archive.path, "rb") as file, tempfile.TemporaryFile() as local:
        shutil.copyfileobj(file, local)
        local.seek(0)
        yield local


def days_of(archive: CallArchive) -> list[Any]:
    """The local days that its calls may lie in."""
    calls = Call.objects.filter(started_at__range=(archive.first_at, archive.last_at))
    return sorted(removed.days_of(calls))
