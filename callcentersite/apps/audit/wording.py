"""Entries, and what is wrong with a chain, in whole sentences."""

from __future__ import annotations

import json
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opsconsole import registry
from opsconsole.states import Status

from .models import AuditLog
from .vocabulary import RUN, Action, Result

# What is said where it was done. Where it was not, the sentences below do for every action.
DONE = {
    Action.LOGIN: gettext_lazy("%(actor)s entró."),
    Action.LOGIN_FAILED: gettext_lazy("Alguien intentó entrar como %(target)s y no pudo."),
    Action.LOCKED_OUT: gettext_lazy("%(target)s quedó bloqueada desde esa dirección."),
    Action.LOGOUT: gettext_lazy("%(actor)s salió."),
    Action.UNLOCKED: gettext_lazy("%(actor)s desbloqueó la cuenta %(target)s."),
    Action.PASSWORD_CHANGED: gettext_lazy("%(actor)s cambió la contraseña de %(target)s."),
    Action.PASSWORD_REQUESTED: gettext_lazy("%(actor)s pidió otra contraseña a %(target)s."),
    Action.ACCOUNT_CREATED: gettext_lazy("%(actor)s creó la cuenta %(target)s."),
    Action.ACCOUNT_CHANGED: gettext_lazy("%(actor)s cambió la cuenta %(target)s."),
    Action.ACCOUNT_DELETED: gettext_lazy("%(actor)s eliminó la cuenta %(target)s."),
    Action.ACCOUNT_SUSPENDED: gettext_lazy("%(actor)s suspendió la cuenta %(target)s."),
    Action.ACCOUNT_REACTIVATED: gettext_lazy("%(actor)s reactivó la cuenta %(target)s."),
    Action.GROUP_ASSIGNED: gettext_lazy("%(actor)s asignó un grupo a %(target)s."),
    Action.GROUP_REVOKED: gettext_lazy("%(actor)s revocó un grupo a %(target)s."),
    Action.GROUP_CHANGED: gettext_lazy("%(actor)s cambió el grupo de permisos «%(target)s»."),
    Action.EXCEPTION_MADE: gettext_lazy("%(actor)s hizo una excepción de permisos a %(target)s."),
    Action.EXCEPTION_ANNULLED: gettext_lazy(
        "%(actor)s anuló una excepción de permisos de %(target)s."
    ),
    Action.REQUEST_MADE: gettext_lazy("%(actor)s pidió permisos: %(target)s."),
    Action.REQUEST_APPROVED: gettext_lazy("%(actor)s aprobó la solicitud %(target)s."),
    Action.REQUEST_REJECTED: gettext_lazy("%(actor)s rechazó la solicitud %(target)s."),
    Action.REQUEST_WITHDRAWN: gettext_lazy("%(actor)s retiró la solicitud %(target)s."),
    Action.SETTING_CHANGED: gettext_lazy("%(actor)s cambió la configuración %(target)s."),
    Action.RUN_PLANNED: gettext_lazy("%(actor)s vio el plan de %(target)s."),
    Action.RUN_LAUNCHED: gettext_lazy("%(actor)s lanzó %(target)s."),
    Action.RUN_CONFIRMED: gettext_lazy("%(actor)s confirmó el plan de %(target)s."),
    Action.RUN_CANCELLED: gettext_lazy("%(actor)s canceló %(target)s."),
    Action.RUN_PAUSED: gettext_lazy("%(actor)s pausó %(target)s."),
    Action.RUN_RESUMED: gettext_lazy("%(actor)s reanudó %(target)s."),
    Action.RUN_RETRIED: gettext_lazy("%(actor)s repitió %(target)s."),
    Action.RUN_APPROVED: gettext_lazy("%(actor)s aprobó %(target)s."),
    Action.RUN_REJECTED: gettext_lazy("%(actor)s rechazó %(target)s."),
    Action.RUN_ENDED: gettext_lazy("La corrida %(target)s, de %(actor)s, terminó: %(status)s."),
    Action.SCHEDULE_CREATED: gettext_lazy("%(actor)s agregó la tarea programada «%(target)s»."),
    Action.SCHEDULE_CHANGED: gettext_lazy("%(actor)s cambió la tarea programada «%(target)s»."),
    Action.SCHEDULE_DELETED: gettext_lazy("%(actor)s eliminó la tarea programada «%(target)s»."),
    Action.EXPECTATION_CREATED: gettext_lazy("%(actor)s declaró que se espera %(target)s."),
    Action.EXPECTATION_CHANGED: gettext_lazy("%(actor)s cambió cuándo se espera %(target)s."),
    Action.EXPECTATION_DELETED: gettext_lazy("%(actor)s dejó de esperar %(target)s."),
    Action.POLICY_CREATED: gettext_lazy("%(actor)s creó la política de retención «%(target)s»."),
    Action.POLICY_CHANGED: gettext_lazy("%(actor)s cambió la política de retención «%(target)s»."),
    Action.POLICY_DELETED: gettext_lazy("%(actor)s eliminó la política de retención «%(target)s»."),
    Action.CLIENT_CREATED: gettext_lazy("%(actor)s creó el cliente de la API «%(target)s»."),
    Action.CLIENT_ROTATED: gettext_lazy("%(actor)s renovó el token de «%(target)s»."),
    Action.CLIENT_REVOKED: gettext_lazy("%(actor)s revocó el cliente de la API «%(target)s»."),
    Action.WEBHOOK_CREATED: gettext_lazy("%(actor)s creó el webhook «%(target)s»."),
    Action.WEBHOOK_CHANGED: gettext_lazy("%(actor)s cambió el webhook «%(target)s»."),
    Action.WEBHOOK_RENEWED: gettext_lazy("%(actor)s renovó el secreto del webhook «%(target)s»."),
    Action.IMPORTED: gettext_lazy("%(actor)s importó %(target)s."),
    Action.EXPORTED: gettext_lazy("%(actor)s exportó %(target)s."),
    Action.DOWNLOADED: gettext_lazy("%(actor)s descargó %(target)s."),
    Action.VIEWED: gettext_lazy("%(actor)s consultó datos personales: %(target)s."),
    Action.PRUNED: gettext_lazy("%(actor)s depuró las entradas de auditoría %(target)s."),
    Action.CHAIN_RESUMED: gettext_lazy(
        "Faltaba la cabecera de la auditoría; la cadena siguió tras su última entrada."
    ),
}
# These say by themselves how it came out.
TOLD_AS_IT_IS = {Action.LOGIN_FAILED, Action.LOCKED_OUT, Action.RUN_ENDED, Action.CHAIN_RESUMED}


def sentence(row: AuditLog) -> str:
    """Who did what to what, in one sentence."""
    words = {
        "actor": row.actor or _("alguien sin cuenta"),
        "target": target(row) or _("una cuenta que no existe"),
        "action": row.get_action_display(),
        "status": status_of(row),
    }
    if row.result == Result.OK or row.action in TOLD_AS_IT_IS:
        template = str(DONE.get(Action(row.action), "")) if row.action in Action.values else ""
        return (template or "%(actor)s · %(action)s · %(target)s") % words
    if row.result == Result.FAILED:
        return _("%(actor)s intentó «%(action)s» (%(target)s) y falló.") % words
    return _("%(actor)s pidió «%(action)s» (%(target)s) y se le negó.") % words


def target(row: AuditLog) -> str:
    """What it was done to; a run as its operation is called in the reader's language."""
    operation = registry.find(str(details(row).get("operation", "")))
    if operation is None or row.target_type != RUN:
        return row.target
    return f"{operation.title} #{row.target_id}"


def status_of(row: AuditLog) -> str:
    """The state in which a run ended, in words."""
    status = details(row).get("status")
    return str(Status(status).label).lower() if status in Status.values else ""


def details(row: AuditLog) -> dict[str, Any]:
    """The detail as JSON; empty where somebody has made something else of it."""
    try:
        found = json.loads(row.detail)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def facts(row: AuditLog) -> list[tuple[str, str]]:
    """Everything else that an entry says, with a label each."""
    at = timezone.localtime(row.happened_at)
    said = [
        (_("Cuándo"), f"{at:%Y-%m-%d %H:%M:%S}"),
        (_("Resultado"), row.get_result_display()),
        (_("Motivo"), row.reason),
        (_("Desde"), door(row)),
        (_("Dirección"), row.address),
        (_("Detalle"), "" if row.detail == "{}" else row.detail),
        (_("Posición"), str(row.pk)),
        (_("Huella"), row.hash),
    ]
    return [(label, text) for label, text in said if text]


def door(row: AuditLog) -> str:
    """Through which door, and where in it."""
    label = str(row.get_source_display())
    return f"{label} · {row.place}" if row.place else label


def said_at(row: AuditLog) -> str:
    """The moment, as lists show it."""
    return date_format(timezone.localtime(row.happened_at), "SHORT_DATETIME_FORMAT")
