"""What is right or wrong with a chain, in whole sentences."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opsconsole import OperationError

from .domain.chain import Link
from .domain.verification import Finding, Flaw
from .verifying import Report


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


def whole_archive(end: Link | None) -> str:
    """The same of an archive."""
    if end is None:
        return _("El archivo no tiene entradas.")
    return _("El archivo está íntegro; termina en %(end)s.") % {"end": end}


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
