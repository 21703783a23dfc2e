"""Entries, and what is wrong with a chain, in whole sentences."""

from __future__ import annotations

import json
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opsconsole import OperationError
from opsconsole.states import Status

from .domain.verification import Finding, Flaw
from .models import AuditLog
from .verifying import Report
from .vocabulary import Action, Result

# What is said where it was done. Where it was not, the sentences below do for every action.
DONE = {
    Action.LOGIN: gettext_lazy("%(actor)s entró."),
    Action.LOGIN_FAILED: gettext_lazy("Alguien intentó entrar como %(target)s y no pudo."),
    Action.LOCKED_OUT: gettext_lazy("%(target)s quedó bloqueada desde esa dirección."),
    Action.LOGOUT: gettext_lazy("%(actor)s salió."),
    Action.UNLOCKED: gettext_lazy("%(actor)s desbloqueó la cuenta %(target)s."),
    Action.PASSWORD_CHANGED: gettext_lazy("%(actor)s cambió la contraseña de %(target)s."),
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
    Action.RUN_RETRIED: gettext_lazy("%(actor)s repitió %(target)s."),
    Action.RUN_APPROVED: gettext_lazy("%(actor)s aprobó %(target)s."),
    Action.RUN_REJECTED: gettext_lazy("%(actor)s rechazó %(target)s."),
    Action.RUN_ENDED: gettext_lazy("La corrida %(target)s, de %(actor)s, terminó: %(status)s."),
    Action.IMPORTED: gettext_lazy("%(actor)s importó %(target)s."),
    Action.EXPORTED: gettext_lazy("%(actor)s exportó %(target)s."),
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
        "target": row.target or _("una cuenta que no existe"),
        "action": row.get_action_display(),
        "status": status_of(row),
    }
    if row.result == Result.OK or row.action in TOLD_AS_IT_IS:
        template = str(DONE.get(Action(row.action), "")) if row.action in Action.values else ""
        return (template or "%(actor)s · %(action)s · %(target)s") % words
    if row.result == Result.FAILED:
        return _("%(actor)s intentó «%(action)s» (%(target)s) y falló.") % words
    return _("%(actor)s pidió «%(action)s» (%(target)s) y se le negó.") % words


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


# Detail, for a table

CHANGES = {"username", "is_active", "is_staff", "is_superuser", "codigo", "nombre", "activo",
           "nivel_riesgo", "requiere_aprobacion"}  # fmt: skip

LABELS = {
    "params": gettext_lazy("Parámetros"),
    "status": gettext_lazy("Estado de la corrida"),
    "operation": gettext_lazy("Operación"),
    "plan": gettext_lazy("Plan confirmado"),
    "retry_of": gettext_lazy("Repite la corrida"),
    "group": gettext_lazy("Grupo"),
    "capability": gettext_lazy("Capacidad"),
    "kind": gettext_lazy("Tipo"),
    "until": gettext_lazy("Vence"),
    "why": gettext_lazy("Motivo dado"),
    "added": gettext_lazy("Agregado"),
    "removed": gettext_lazy("Quitado"),
    "cleared": gettext_lazy("Vaciado"),
    "waiting": gettext_lazy("Espera aprobación"),
    "others": gettext_lazy("Otros campos cambiados"),
    "username": gettext_lazy("Cuenta"),
    "is_active": gettext_lazy("Activa"),
    "is_staff": gettext_lazy("Entra a la consola"),
    "is_superuser": gettext_lazy("Superusuario"),
    "codigo": gettext_lazy("Código"),
    "nombre": gettext_lazy("Nombre"),
    "nivel_riesgo": gettext_lazy("Riesgo"),
    "requiere_aprobacion": gettext_lazy("Requiere aprobación"),
    "activo": gettext_lazy("Activo"),
    "deleted": gettext_lazy("Eliminado"),
    "of": gettext_lazy("De la clase"),
    "old": gettext_lazy("Valor anterior"),
    "new": gettext_lazy("Valor nuevo"),
    "file": gettext_lazy("Archivo"),
    "rows": gettext_lazy("Filas"),
    "created": gettext_lazy("Nuevas"),
    "updated": gettext_lazy("Cambiadas"),
    "format": gettext_lazy("Formato"),
    "filters": gettext_lazy("Filtros"),
    "count": gettext_lazy("Entradas"),
    "last_hash": gettext_lazy("Última huella"),
    "archive": gettext_lazy("Archivo"),
    "known": gettext_lazy("La cuenta existe"),
    "address": gettext_lazy("Dirección"),
    "page": gettext_lazy("Página"),
}


# Words of the code that stand in a detail.
WORDS = {
    ("kind", "created"): gettext_lazy("creada"),
    ("kind", "changed"): gettext_lazy("cambiada"),
    ("kind", "deleted"): gettext_lazy("eliminada"),
    **{("status", str(status)): status.label for status in Status},
}


def detail_rows(row: AuditLog) -> list[tuple[str, str]]:
    """Label and value of each thing that the detail says, in the order of the labels."""
    said, order = details(row), list(LABELS)
    names = sorted(said, key=lambda name: order.index(name) if name in order else len(order))
    return [(str(LABELS.get(name, name)), in_words(name, said[name])) for name in names]


def in_words(name: str, value: Any) -> str:
    """As people say it; a pair under a column's name is what it was and what it is."""
    word = WORDS.get((name, value)) if isinstance(value, str) else None
    if word is not None:
        return str(word)
    if name in CHANGES and isinstance(value, list) and len(value) == 2:
        return " → ".join(map(shown, value))
    return shown(value)


def shown(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return _("sí") if value else _("no")
    if value is None or value == "":
        return "–"
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value) or "–"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {shown(item)}" for name, item in value.items()) or "–"
    return str(value)


# The chain


def whole(report: Report) -> str:
    """Nothing is wrong."""
    if not report.checked:
        return _("La cadena está íntegra: no hay entradas.")
    text = ngettext(
        "La cadena está íntegra: %(count)s entrada, de la %(first)s a la %(last)s.",
        "La cadena está íntegra: %(count)s entradas, de la %(first)s a la %(last)s.",
        report.checked,
    )
    return text % {
        "count": number_format(report.checked, force_grouping=True),
        "first": report.first,
        "last": report.end.position,
    }


def waiting(count: int) -> str:
    """Entries that have no place yet."""
    return ngettext(
        "%(count)s entrada espera su lugar en la cadena.",
        "%(count)s entradas esperan su lugar en la cadena.",
        count,
    ) % {"count": count}


FLAWS = {
    Flaw.CHANGED: gettext_lazy("La entrada %(position)s no es la que se escribió."),
    Flaw.UNLINKED: gettext_lazy("La entrada %(position)s no sigue a la anterior."),
    Flaw.MISSING: gettext_lazy("Faltan entradas: de la %(position)s a la %(until)s."),
    Flaw.TRUNCATED: gettext_lazy("Falta el final: de la entrada %(position)s a la %(until)s."),
    Flaw.INSERTED: gettext_lazy("La entrada %(position)s se escribió por fuera de la consola."),
    Flaw.HEAD: gettext_lazy("El final anotado de la cadena no es su entrada %(position)s."),
    Flaw.CHECKPOINT: gettext_lazy("La marca de depuración en %(position)s no es de la consola."),
    Flaw.UNKNOWN_KEY: gettext_lazy(
        "No se puede verificar la entrada %(position)s: falta su clave."
    ),
    Flaw.ANCHOR: gettext_lazy("La entrada %(position)s no es la que usted anotó."),
}


def broken(finding: Finding) -> OperationError:
    """The first thing that is wrong, in three lines."""
    words = {"position": finding.position, "until": finding.until or finding.position}
    if finding.flaw is Flaw.UNKNOWN_KEY:
        cause = _("Se firmó con una clave que ya no está en AUDIT_KEYS ni en SECRET_KEY.")
        remedy = _("Añada la clave anterior al final de AUDIT_KEYS y verifique de nuevo.")
    else:
        cause = _("Alguien cambió la base de datos por fuera de la consola.")
        remedy = _("No borre nada; compare con el último respaldo y avise a seguridad.")
    return OperationError(str(FLAWS[finding.flaw]) % words, cause=cause, remedy=remedy)


def said_at(row: AuditLog) -> str:
    """The moment, as lists show it."""
    return date_format(timezone.localtime(row.happened_at), "SHORT_DATETIME_FORMAT")
