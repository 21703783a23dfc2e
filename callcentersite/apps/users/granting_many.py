"""What ``granting`` does for one, for many at once: the same rows, by a few statements.

The callers have asked its rules: who may, what waits for a second person, what makes sense.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from callcentersite.apps.audit.services import Action, record_many
from callcentersite.apps.common import bulk

from . import signals
from .granting import Clase, Grant
from .models_permisos_granular import (
    GrupoCapacidad,
    GrupoPermiso,
    PermisoExcepcional,
    UsuarioGrupo,
)
from .models_solicitudes import SolicitudAsignacion

Link = tuple[int, int]  # keys of a group and of a capability


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A group for a person, in place of a membership that there is; ``waits``: as a request."""

    usuario_id: Any
    grupo_id: int
    motivo: str
    vence_el: datetime | None
    replaces: int | None
    waits: bool


def groups_that_need_approval() -> set[int]:
    """Those whose assignment waits for a second person; ``granting.needs_approval`` for all."""
    needing = Q(requiere_aprobacion=True) | Q(capacidades__requiere_aprobacion=True)
    return set(GrupoPermiso.objects.filter(needing).order_by().values_list("pk", flat=True))


def assign_groups(assignments: Sequence[Assignment], *, by: Any, now: datetime) -> None:
    """Memberships and requests; in the caller's transaction."""
    who = by.pk if by is not None else None
    at_once = [one for one in assignments if not one.waits]
    replaced = [one.replaces for one in at_once if one.replaces is not None]
    if replaced:
        reason = _("Reemplazada por otra asignación")
        bulk.update(
            UsuarioGrupo,
            ("revocado_el", "revocado_por_id", "motivo_revocacion"),
            ((pk, now, who, reason) for pk in replaced),
        )
    bulk.insert(
        UsuarioGrupo,
        ("usuario_id", "grupo_id", "motivo", "vence_el", "asignado_por_id", "asignado_el",
         "motivo_revocacion"),
        (
            (one.usuario_id, one.grupo_id, one.motivo, one.vence_el, who, now, "")
            for one in at_once
        ),
    )  # fmt: skip
    ask(
        (
            (Clase.GRUPO.value, one.usuario_id, one.grupo_id, None, one.motivo, one.vence_el)
            for one in assignments
            if one.waits
        ),
        by=who,
        now=now,
    )


def ask(wanted: Iterable[tuple[Any, ...]], *, by: Any, now: datetime) -> None:
    """Requests for a second person: class, person, group, capability, reason, until when."""
    rows = list(wanted)
    if not rows:
        return
    pending = SolicitudAsignacion.Estado.PENDIENTE.value
    asked = SolicitudAsignacion.objects.filter(solicitada_por=by, solicitada_el=now).order_by("pk")
    before = asked.aggregate(last=Max("pk"))["last"] or 0  # those of the chunk before this one
    bulk.insert(
        SolicitudAsignacion,
        ("clase", "usuario_id", "grupo_id", "capacidad_id", "motivo", "vence_el",
         "solicitada_por_id", "solicitada_el", "estado", "motivo_decision"),
        ((*one, by, now, pending, "") for one in rows),
    )  # fmt: skip
    signals.tell_many(list(asked.filter(pk__gt=before).values_list("pk", flat=True)))


def change_links(
    *, added: Sequence[Link], removed: Sequence[Link], waiting: Sequence[Link], grant: Grant
) -> None:
    """What groups may do: given, taken, asked for."""
    if removed:
        those = Q()
        for grupo, capacidad in removed:
            those |= Q(grupo=grupo, capacidad=capacidad)
        GrupoCapacidad.objects.filter(those).delete()
    bulk.insert(GrupoCapacidad, ("grupo_id", "capacidad_id"), added)
    ask(
        (
            (Clase.CAPACIDAD.value, None, grupo, capacidad, grant.motivo, None)
            for grupo, capacidad in waiting
        ),
        by=grant.by.pk if grant.by is not None else None,
        now=grant.now,
    )


def end_expired(memberships: Sequence[Any], *, now: datetime) -> int:
    """Write down as ended what ended by itself; nobody may do less than before."""
    rows = UsuarioGrupo.objects.filter(pk__in=memberships, revocado_el=None, vence_el__lte=now)
    why = _("Venció")
    record_many(
        (Action.GROUP_REVOKED, one.usuario, {"group": one.grupo.codigo, "why": why})
        for one in rows.select_related("usuario", "grupo").order_by("pk")
    )
    return rows.update(revocado_el=F("vence_el"), motivo_revocacion=why)


def annul_covered(exceptions: Sequence[Any], *, now: datetime) -> int:
    """End exceptions that others say as well; nobody may do more or less than before."""
    rows = PermisoExcepcional.objects.filter(pk__in=exceptions, anulado_el=None)
    record_many(
        (
            Action.EXCEPTION_ANNULLED,
            one.usuario,
            {"capability": one.capacidad.codigo, "kind": one.tipo, "why": _("Repetida")},
        )
        for one in rows.select_related("usuario", "capacidad").order_by("pk")
    )
    return rows.update(anulado_el=now)
