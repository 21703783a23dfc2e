"""Give and take rights: the only code that writes who may do what.

Every grant says by whom and why. What requires approval becomes a request for a second person;
nobody gives rights to herself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from callcentersite.apps.audit.services import Action, record, refusals
from opsconsole import OperationError

from . import signals
from .models_permisos_granular import (
    Capacidad,
    GrupoCapacidad,
    GrupoPermiso,
    PermisoExcepcional,
    UsuarioGrupo,
)
from .models_solicitudes import SolicitudAsignacion

Clase, Tipo = SolicitudAsignacion.Clase, PermisoExcepcional.Tipo


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """By whom, why, since when, until when."""

    by: Any
    motivo: str
    now: datetime
    desde: datetime | None = None
    until: datetime | None = None

    def require_sense(self) -> None:
        """Raise where the reason is missing or the end comes before the beginning."""
        if not self.motivo.strip():
            raise OperationError(_("Falta el motivo."), remedy=_("Escriba por qué."))
        if self.until is not None and self.until <= (self.desde or self.now):
            raise OperationError(
                _("El vencimiento debe ser posterior al inicio."),
                remedy=_("Elija una fecha futura, o ninguna."),
            )


def assign_group(
    usuario: Any, grupo: GrupoPermiso, grant: Grant
) -> UsuarioGrupo | SolicitudAsignacion:
    """Put the person in the group, or ask a second person to."""
    with refusals(Action.GROUP_ASSIGNED, usuario, by=grant.by, group=grupo.codigo):
        grant.require_sense()
        refuse_oneself(usuario, grant.by)
        refuse_inactive(grupo)
        if needs_approval(grupo):
            return request(Clase.GRUPO, grant, usuario=usuario, grupo=grupo)
        return put_in_group(usuario, grupo, grant)


def refuse_inactive(grupo: GrupoPermiso) -> None:
    """It would give nothing."""
    if not grupo.activo:
        raise OperationError(
            _("El grupo «%(group)s» está inactivo.") % {"group": grupo},
            remedy=_("Actívelo antes, o elija otro."),
        )


def needs_approval(grupo: GrupoPermiso) -> bool:
    """Whether the group, or anything in it, waits for a second person."""
    return grupo.requiere_aprobacion or grupo.capacidades.filter(requiere_aprobacion=True).exists()


def put_in_group(usuario: Any, grupo: GrupoPermiso, grant: Grant) -> UsuarioGrupo:
    """The membership itself; one that there was gives way to it.

    The moment is not before that one's own: somebody else may have come while this one waited.
    """
    with transaction.atomic(), or_somebody_was_quicker():
        locked(usuario)
        before = current(usuario, grupo).first()
        now = max(grant.now, before.asignado_el) if before else grant.now
        replace(grant, now=now).require_sense()
        current(usuario, grupo).update(
            revocado_el=now,
            revocado_por=grant.by,
            motivo_revocacion=_("Reemplazada por otra asignación"),
        )
        record(Action.GROUP_ASSIGNED, usuario, by=grant.by, group=grupo.codigo, **said(grant))
        return UsuarioGrupo.objects.create(
            usuario=usuario,
            grupo=grupo,
            asignado_por=grant.by,
            asignado_el=now,
            motivo=grant.motivo,
            vence_el=grant.until,
        )


def locked(row: Any) -> None:
    """Until the transaction ends, nobody else changes the rights of this account or group."""
    rows = type(row)._default_manager.select_for_update(no_key=True)
    rows.filter(pk=row.pk).values_list("pk", flat=True).first()


@contextmanager
def or_somebody_was_quicker() -> Iterator[None]:
    """What the database refuses because of somebody else, in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise OperationError(
            _("Otra persona hizo lo mismo, o lo contrario, en este momento."),
            remedy=_("Vea cómo quedó, y repita si hace falta."),
        ) from error


def said(grant: Grant) -> dict[str, Any]:
    """What the audit tells of a grant."""
    return {"why": grant.motivo, "until": grant.until}


def current(usuario: Any, grupo: GrupoPermiso) -> Any:
    """The membership that nobody has ended, expired or not."""
    return UsuarioGrupo.objects.filter(usuario=usuario, grupo=grupo, revocado_el=None)


def revoke_group(membership: UsuarioGrupo, grant: Grant) -> bool:
    """Take the person out of the group, at once; False: somebody was quicker."""
    grant.require_sense()
    still = UsuarioGrupo.objects.filter(pk=membership.pk, revocado_el=None)
    with transaction.atomic():
        ended = still.update(
            revocado_el=grant.now, revocado_por=grant.by, motivo_revocacion=grant.motivo
        )
        if ended:
            group = membership.grupo.codigo
            usuario = membership.usuario
            record(Action.GROUP_REVOKED, usuario, by=grant.by, group=group, why=grant.motivo)
    return bool(ended)


def except_person(
    usuario: Any, capacidad: Capacidad, tipo: str, grant: Grant
) -> PermisoExcepcional | SolicitudAsignacion:
    """Give one capability to one person, or take it away; giving may wait for approval."""
    code = capacidad.codigo
    with refusals(Action.EXCEPTION_MADE, usuario, by=grant.by, capability=code, kind=tipo):
        grant.require_sense()
        refuse_oneself(usuario, grant.by)
        if tipo == Tipo.CONCEDER and capacidad.requiere_aprobacion:
            return request(Clase.EXCEPCION, grant, usuario=usuario, capacidad=capacidad)
        return write_exception(usuario, capacidad, tipo, grant)


def refuse_same_exception(**what: Any) -> None:
    """The same twice says nothing more, and the database does not take it."""
    if PermisoExcepcional.objects.filter(anulado_el=None, **what).exists():
        raise OperationError(
            _("Esa excepción ya existe, desde el mismo día."),
            remedy=_("Anúlela antes si debe decir otra cosa."),
        )


def write_exception(
    usuario: Any, capacidad: Capacidad, tipo: str, grant: Grant
) -> PermisoExcepcional:
    """The exception itself."""
    with transaction.atomic(), or_somebody_was_quicker():
        what = {"capability": capacidad.codigo, "kind": tipo}
        record(Action.EXCEPTION_MADE, usuario, by=grant.by, **what, **said(grant))
        return PermisoExcepcional.objects.create(
            usuario=usuario,
            capacidad=capacidad,
            tipo=tipo,
            desde=grant.desde or grant.now,
            hasta=grant.until,
            motivo=grant.motivo,
            autorizado_por=grant.by,
            creado_el=grant.now,
        )


def annul_exception(exception: PermisoExcepcional, *, by: Any, now: datetime) -> bool:
    """End it at once; annulling one that revokes gives the right back, so never one's own.

    Where giving the right would wait for a second person, giving it back is a superuser's affair.
    """
    usuario, code = exception.usuario, exception.capacidad.codigo
    with refusals(Action.EXCEPTION_ANNULLED, usuario, by=by, capability=code):
        refuse_oneself(usuario, by)
        if exception.tipo == Tipo.REVOCAR and exception.capacidad.requiere_aprobacion:
            refuse_giving_back(by, code)
    still = PermisoExcepcional.objects.filter(pk=exception.pk, anulado_el=None)
    with transaction.atomic():
        ended = still.update(anulado_el=now, anulado_por=by)
        if ended:
            kind = exception.tipo
            record(Action.EXCEPTION_ANNULLED, usuario, by=by, capability=code, kind=kind)
    return bool(ended)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a group's new capabilities, by their codes."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    waiting: tuple[str, ...]


def set_capabilities(
    grupo: GrupoPermiso,
    wanted: Iterable[Capacidad],
    grant: Grant,
    *,
    seen: Collection[int] | None = None,
) -> Change:
    """Make the group's capabilities these; those that require approval are asked for.

    ``seen`` are the keys that the person was shown: only what she changed of them changes, and
    what others did meanwhile stays. None: she means all that there is.
    """
    chosen = {one.pk: one for one in wanted}
    with refusals(Action.GROUP_CHANGED, grupo, by=grant.by), transaction.atomic():
        locked(grupo)
        there = {link.capacidad_id: link for link in grupo.enlaces.select_related("capacidad")}
        shown = there.keys() if seen is None else set(seen)
        new = [chosen[pk] for pk in chosen if pk not in shown and pk not in there]
        gone = [link for pk, link in there.items() if pk in shown and pk not in chosen]
        if not new and not gone:
            return Change(added=(), removed=(), waiting=())
        refuse_member(grupo, grant.by)
        return change_links(grupo, new, gone, grant)


def change_links(
    grupo: GrupoPermiso, new: list[Capacidad], gone: list[GrupoCapacidad], grant: Grant
) -> Change:
    """Give, take and ask, and say so; in the caller's transaction."""
    at_once = [one for one in new if not one.requiere_aprobacion]
    waiting = [one for one in new if one.requiere_aprobacion]
    GrupoCapacidad.objects.filter(pk__in=[link.pk for link in gone]).delete()
    links = [GrupoCapacidad(grupo=grupo, capacidad=one) for one in at_once]
    GrupoCapacidad.objects.bulk_create(links, ignore_conflicts=True)  # an approval may be quicker
    for one in waiting:
        request(Clase.CAPACIDAD, grant, grupo=grupo, capacidad=one)
    change = Change(
        added=tuple(one.codigo for one in at_once),
        removed=tuple(link.capacidad.codigo for link in gone),
        waiting=tuple(one.codigo for one in waiting),
    )
    record(Action.GROUP_CHANGED, grupo, by=grant.by, why=grant.motivo, **asdict(change))
    return change


def refuse_oneself(usuario: Any, by: Any) -> None:
    """Nobody gives rights to herself, but a superuser, who has them all."""
    if by is not None and by.pk == usuario.pk and not by.is_superuser:
        raise OperationError(
            _("Nadie cambia sus propios permisos."),
            cause=_("La cuenta %(user)s es la suya.") % {"user": usuario.get_username()},
            remedy=_("Pídalo a otra persona que administre usuarios."),
        )


def refuse_giving_back(by: Any, what: str) -> None:
    """What needs approval does not come back without it: it would be given by one person."""
    if by is not None and not by.is_superuser:
        raise OperationError(
            _("Devolver lo que requiere aprobación es asunto de un superusuario."),
            cause=_("«%(what)s» volvería a valer sin una segunda persona.") % {"what": what},
            remedy=_("Pídalo a un superusuario."),
        )


def refuse_switching_on(grupo: GrupoPermiso, by: Any) -> None:
    """A group that is active again gives its members all that it holds."""
    if needs_approval(grupo):
        refuse_giving_back(by, str(grupo))


def refuse_member(grupo: GrupoPermiso, by: Any) -> None:
    """Changing a group that one is in is changing one's own rights."""
    if by is not None and not by.is_superuser and current(by, grupo).exists():
        raise OperationError(
            _("Nadie cambia sus propios permisos."),
            cause=_("Usted pertenece al grupo «%(group)s».") % {"group": grupo},
            remedy=_("Pídalo a otra persona que administre usuarios."),
        )


def request(clase: str, grant: Grant, **what: Any) -> SolicitudAsignacion:
    """Ask for a second person; asking for the same again leads to the request there is."""
    waiting = same_request(clase, grant, **what)
    if waiting is not None:
        return waiting
    with transaction.atomic(), or_somebody_was_quicker():
        solicitud = SolicitudAsignacion.objects.create(
            clase=clase,
            desde=grant.desde,
            vence_el=grant.until,
            motivo=grant.motivo,
            solicitada_por=grant.by,
            solicitada_el=grant.now,
            **what,
        )
        record(Action.REQUEST_MADE, solicitud, by=grant.by, kind=str(clase), **said(grant))
        signals.tell(signals.requested, solicitud)
        return solicitud


def same_request(clase: str, grant: Grant, **what: Any) -> SolicitudAsignacion | None:
    """The one that waits; raises where it says something else: it would be lost in silence."""
    waiting = SolicitudAsignacion.objects.filter(clase=clase, estado="pendiente", **what).first()
    if waiting is None:
        return None
    asked = (waiting.desde, waiting.vence_el, waiting.motivo)
    if asked != (grant.desde, grant.until, grant.motivo):
        raise OperationError(
            _("Ya espera aprobación con otros datos: %(what)s.") % {"what": waiting},
            remedy=_("Decida o retire antes esa solicitud."),
        )
    return waiting
