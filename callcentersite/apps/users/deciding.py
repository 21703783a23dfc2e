"""A second person approves or rejects a request; the first may withdraw it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from callcentersite.apps.audit.services import Action, record, refusals
from opsconsole import OperationError

from . import granting, signals
from .granting import Grant
from .models_permisos_granular import GrupoCapacidad
from .models_solicitudes import SolicitudAsignacion

Clase, Estado = SolicitudAsignacion.Clase, SolicitudAsignacion.Estado
PERMISSION = "users.approve_solicitudasignacion"


def approve(solicitud: SolicitudAsignacion, *, by: Any, now: datetime, motivo: str = "") -> None:
    """Put it in force; raises OperationError where this person may not, or it is too late."""
    with refusals(Action.REQUEST_APPROVED, solicitud, by=by):
        refuse_interested(solicitud, by)
        refuse_expired(solicitud, now)
        refuse_if_asker_lost_the_right(solicitud)
        with transaction.atomic():
            close(solicitud, Estado.APROBADA, by=by, now=now, motivo=motivo)
            record(Action.REQUEST_APPROVED, solicitud, by=by, why=motivo)
            fulfil(solicitud, now=now)


def reject(solicitud: SolicitudAsignacion, *, by: Any, now: datetime, motivo: str) -> None:
    """Leave everything as it is."""
    with refusals(Action.REQUEST_REJECTED, solicitud, by=by), transaction.atomic():
        refuse_interested(solicitud, by)
        close(solicitud, Estado.RECHAZADA, by=by, now=now, motivo=motivo)
        record(Action.REQUEST_REJECTED, solicitud, by=by, why=motivo)


def withdraw(solicitud: SolicitudAsignacion, *, by: Any, now: datetime) -> None:
    """Whoever asked may take it back."""
    with refusals(Action.REQUEST_WITHDRAWN, solicitud, by=by), transaction.atomic():
        if by.pk != solicitud.solicitada_por_id:
            raise OperationError(_("Solo quien la pidió puede retirar una solicitud."))
        close(solicitud, Estado.RETIRADA, by=None, now=now, motivo="")
        record(Action.REQUEST_WITHDRAWN, solicitud, by=by)


def refuse_expired(solicitud: SolicitudAsignacion, now: datetime) -> None:
    """Nothing is given whose time is over."""
    if solicitud.vence_el is not None and solicitud.vence_el <= now:
        raise OperationError(
            _("Lo pedido ya venció."), remedy=_("Rechace la solicitud y pida otra fecha.")
        )


def refuse_interested(solicitud: SolicitudAsignacion, by: Any) -> None:
    """Say in words what the database refuses as well."""
    if not by.is_active or not by.has_perm(PERMISSION):
        raise OperationError(
            _("No puede aprobar ni rechazar solicitudes."),
            cause=_("Falta el permiso %(permission)s.") % {"permission": PERMISSION},
            remedy=_("Pida el permiso a quien administra los usuarios."),
        )
    if by.pk in (solicitud.solicitada_por_id, solicitud.usuario_id):
        raise OperationError(
            _("Hace falta una segunda persona."),
            cause=_("Usted la pidió, o la recibiría."),
            remedy=_("Pídalo a otra persona que administre usuarios."),
        )
    if solicitud.clase == Clase.CAPACIDAD and solicitud.grupo is not None:
        granting.refuse_member(solicitud.grupo, by)


def refuse_if_asker_lost_the_right(solicitud: SolicitudAsignacion) -> None:
    """A request lives no longer than the right to make it."""
    asker = solicitud.solicitada_por
    if asker is None or not asker.is_active or not asker.has_perm("users.add_usuariogrupo"):
        raise OperationError(
            _("Quien la pidió ya no puede pedirla."),
            cause=_("Su cuenta perdió el permiso, o ya no existe."),
            remedy=_("Rechace la solicitud; otra persona puede pedirla de nuevo."),
        )


def close(solicitud: SolicitudAsignacion, estado: str, *, by: Any, now: Any, motivo: str) -> None:
    """The guarded change: only a pending request is decided, and once."""
    pending = SolicitudAsignacion.objects.filter(pk=solicitud.pk, estado=Estado.PENDIENTE)
    if not pending.update(estado=estado, decidida_por=by, decidida_el=now, motivo_decision=motivo):
        raise OperationError(
            _("La solicitud ya estaba decidida."), remedy=_("Vea en la lista por quién.")
        )
    signals.tell(signals.decided, solicitud)


def fulfil(solicitud: SolicitudAsignacion, *, now: datetime) -> None:
    """What was asked for, in the name of whoever asked."""
    grant = Grant(
        by=solicitud.solicitada_por,
        motivo=solicitud.motivo,
        now=now,
        desde=max(solicitud.desde or now, now),
        until=solicitud.vence_el,
    )
    if solicitud.clase == Clase.GRUPO and solicitud.grupo is not None:
        granting.put_in_group(solicitud.usuario, solicitud.grupo, grant)
    elif solicitud.clase == Clase.EXCEPCION and solicitud.capacidad is not None:
        granting.write_exception(
            solicitud.usuario, solicitud.capacidad, granting.Tipo.CONCEDER, grant
        )
    else:
        GrupoCapacidad.objects.get_or_create(grupo=solicitud.grupo, capacidad=solicitud.capacidad)
