"""Bringing archived rows back: what is not there now returns, what clashes is reported."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from opsconsole import OperationError
from opsconsole.models import JobRun

from . import archives, files, targets
from .domain.seals import GROUP_BITS, signed
from .models import RetentionRemoval
from .tables import Table, open_table

MOST_CONFLICTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came back of one removal, and the keys that did not."""

    policy: str
    rows: int
    conflicts: tuple[Any, ...]
    clashes: int
    files: int


def removals_of(run_id: int) -> list[RetentionRemoval]:
    """Those of a run that can be undone now; raises OperationError where none can."""
    require_ended(run_id)
    found = list(RetentionRemoval.objects.filter(run=run_id).order_by("pk"))
    now = timezone.now()
    usable = [one for one in found if is_restorable(one, now=now)]
    if not usable:
        raise OperationError(
            _("La corrida %(id)s no se puede deshacer.") % {"id": run_id},
            cause=why_not(found),
            remedy=_("Recupere los datos de una copia de seguridad."),
        )
    return usable


def require_ended(run_id: int) -> None:
    """Raise OperationError while it still removes."""
    run = JobRun.objects.filter(pk=run_id).first()
    if run is not None and run.is_active:
        raise OperationError(
            _("La corrida %(id)s todavía no termina.") % {"id": run_id},
            cause=_("Mientras elimina no se puede deshacer."),
            remedy=_("Espere a que termine, o cancélela."),
        )


def is_restorable(removal: RetentionRemoval, *, now: Any) -> bool:
    until, target = removal.restorable_until, targets.find(removal.target)
    open_still = until is not None and now < until and removal.restored_at is None
    return bool(removal.archive and open_still and target is not None and target.restorable)


def why_not(found: list[RetentionRemoval]) -> str:
    """In a sentence."""
    if not found:
        return _("No eliminó nada.")
    if any(one.restored_at for one in found):
        return _("Ya se deshizo.")
    archived = [one for one in found if one.restorable_until]
    if archived and not any(map(is_kind, archived)):
        return _("Lo que se archivó de esas tablas se guarda para leerlo, no vuelve.")
    ends = [one.restorable_until for one in found if one.restorable_until]
    if ends:
        day = date_format(localtime(max(ends)), "SHORT_DATETIME_FORMAT")
        return _("El plazo para deshacerla terminó el %(day)s.") % {"day": day}
    return _("Sus políticas no archivan, o trató datos personales.")


def is_kind(removal: RetentionRemoval) -> bool:
    """Whether rows of this table may come back at all."""
    target = targets.find(removal.target)
    return target is not None and target.restorable


def restore(removal: RetentionRemoval) -> Restored:
    """One table, in one transaction; a second restore at the same time finds nothing to do."""
    target = targets.get(removal.target)
    table = open_table(target)
    with transaction.atomic(using=table.alias):
        claim(removal)
        removal.refresh_from_db()  # as whoever removed its files last left it
        with archives.reading(removal, table) as source:
            stage = table.stage(source)
        conflicts = tuple(table.present(stage, limit=MOST_CONFLICTS))
        with target.privileged(told_of(removal.rows, table, stage, conflicts)):
            rows = table.restore(stage)
            if removal.rows - rows > len(conflicts):
                conflicts += tuple(table.absent(stage, limit=MOST_CONFLICTS))
            target.restored(told_of(removal.rows, table, stage, conflicts, back=True))
        # Before the commit: afterwards a process that dies would leave rows without their files.
        back = files.bring_back(removal)
    return Restored(
        policy=removal.policy,
        rows=rows,
        conflicts=conflicts,
        clashes=removal.rows - rows,
        files=back,
    )


def claim(removal: RetentionRemoval) -> None:
    """Mark it restored, its files not to be removed; raises where somebody else did meanwhile."""
    free = RetentionRemoval.objects.filter(pk=removal.pk, restored_at=None).exclude(archive="")
    if not free.update(restored_at=timezone.now(), files=[]):
        raise OperationError(
            _("«%(policy)s» ya se deshizo.") % {"policy": removal.policy},
            cause=_("Otra corrida la deshizo hace un momento."),
        )


def told_of(
    rows: int, table: Table, stage: str, conflicts: tuple[Any, ...], *, back: bool = False
) -> targets.Removal:
    """What the target's hooks learn: the keys that come back, and the rows once they are there."""

    def words() -> Iterator[tuple[int, int]]:
        here = set(conflicts)
        keys = (key for key in table.keys(stage) if key not in here)
        yield from words_of(keys) if table.has_number else ()

    there = table.model._default_manager.using(table.alias)
    staged = RawSQL(f"SELECT {table.pk} FROM {stage}", ())  # noqa: S611  (our own table)
    found = there.filter(pk__in=staged) if back else there.none()
    return targets.Removal(alias=table.alias, rows=rows, queryset=found, words=words)


def words_of(keys: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Ascending keys as groups of 64."""
    for group, members in groupby(keys, key=lambda key: key >> GROUP_BITS):
        yield group, signed(sum(1 << (key & 63) for key in members))


def conflict_report(restored: Iterable[Any]) -> str:
    """CSV: the policy and the key of each row that was not put back."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("politica"), _("clave")])
    for one in restored:
        writer.writerows([one.policy, key] for key in one.conflicts)
    return out.getvalue()
