"""Take the oldest part of the chain away, and leave what is needed to verify the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from opsconsole import OperationError

from .appending import alias, append
from .domain.chain import canonical
from .drafts import Target, draft, present_person
from .guarding import pruned_by_retention
from .keys import keyring
from .models import AuditCheckpoint, AuditHead, AuditLog
from .querysets import around
from .selectors import start
from .vocabulary import Action

PORTION = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What went, and what the rest is tied to."""

    first: int
    last: int
    count: int
    last_hash: str


def prune(*, up_to: int, expected_hash: str = "", archive: str = "", by: Any = None) -> Pruned:
    """Delete every entry up to that position, in one transaction, and leave a checkpoint.

    ``expected_hash`` is the hash of that entry as it was archived: where it is another, nothing
    goes. ``archive`` says where the entries are kept. ``by`` is the account, where it is not the
    one at work. Raises OperationError. Whether they may go is the caller's business.
    """
    using = alias()
    with pruned_by_retention(using) as cursor:
        first = start(using).position + 1
        last = last_to_go(up_to, first=first, expected_hash=expected_hash, using=using)
        leave_checkpoint(first=first, last=last, archive=archive, by=by, using=using)
        count = delete(cursor, first=first, last=up_to)
        if count != up_to - first + 1:
            raise broken(first, up_to, found=count)
        done = Pruned(first=first, last=up_to, count=count, last_hash=last.hash)
        write_down(done, archive=archive, by=by)
    return done


def delete(cursor: Any, *, first: int, last: int) -> int:
    """In portions, so that no statement takes long; return how many went."""
    count = 0
    for end in range(first - 1 + PORTION, last + PORTION, PORTION):
        cursor.execute("DELETE FROM audit_logs WHERE id <= %s", [min(end, last)])
        count += cursor.rowcount
    return count


def last_to_go(up_to: int, *, first: int, expected_hash: str, using: str) -> AuditLog:
    """The entry at the cut; raises OperationError where it is not what was archived."""
    rows = AuditLog.objects.using(using)
    row: AuditLog | None = rows.filter(pk=up_to, pk__gte=first).first()
    head = AuditHead.objects.using(using).filter(pk=AuditHead.ONLY).first()
    if row is None or head is None or up_to > head.last_id:
        raise OperationError(
            _("No hay entrada de auditoría %(position)s que depurar.") % {"position": up_to},
            remedy=_("Vea las posiciones con: python manage.py console audit verify"),
        )
    if expected_hash and row.hash != expected_hash:
        raise OperationError(
            _("La entrada %(position)s no es la que se archivó: no se depuró nada.")
            % {"position": up_to},
            remedy=_("Archive de nuevo y verifique la cadena."),
        )
    return row


def leave_checkpoint(*, first: int, last: AuditLog, archive: str, by: Any, using: str) -> None:
    """Signed, so that nobody else can say that something was pruned."""
    ring = keyring()
    checkpoint = AuditCheckpoint(
        first_id=first,
        last_id=last.pk,
        last_hash=last.hash,
        count=last.pk - first + 1,
        pruned_at=timezone.now(),
        person=present_person(by).name,
        archive=archive[:300],
        key_id=ring.current,
    )
    checkpoint.seal = ring.sign(sealed_text(checkpoint), key_id=ring.current)
    try:
        around(AuditCheckpoint, using).bulk_create([checkpoint])
    except IntegrityError as error:
        raise OperationError(
            _("Otra depuración de la auditoría fue más rápida: no se depuró nada."),
            remedy=_("Vuelva a calcular el plan."),
        ) from error


def sealed_text(checkpoint: AuditCheckpoint) -> str:
    """What the seal of a checkpoint is a seal of."""
    said = ("first_id", "last_id", "last_hash", "count", "person", "archive", "key_id")
    moment = checkpoint.pruned_at.timestamp()
    return canonical([*(getattr(checkpoint, name) for name in said), f"{moment:.6f}"])


def is_sealed(checkpoint: AuditCheckpoint) -> bool:
    """Whether the application left it."""
    ring = keyring()
    return checkpoint.key_id in ring and ring.matches(
        checkpoint.seal, sealed_text(checkpoint), key_id=checkpoint.key_id
    )


def write_down(done: Pruned, *, archive: str, by: Any) -> None:
    """The chain tells that it was cut."""
    target = Target(kind="audit", number=str(done.last), name=f"{done.first}–{done.last}")
    detail = {"count": done.count, "last_hash": done.last_hash, "archive": archive}
    append(draft(Action.PRUNED, target, detail=detail, person=present_person(by)))


def broken(first: int, last: int, *, found: int) -> OperationError:
    """A chain with holes is evidence, and stays."""
    return OperationError(
        _("Entre las entradas %(first)s y %(last)s faltan algunas: no se depuró nada.")
        % {"first": first, "last": last},
        cause=_("Se encontraron %(found)s.") % {"found": found},
        remedy=_("Verifique la cadena con: python manage.py console audit verify"),
    )
