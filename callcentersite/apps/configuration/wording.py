"""What a value may be, in a sentence for people."""

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .domain.rules import OneOf, Range, Rule, StaysOff, Text
from .domain.values import BadValue


def allowed(rule: Rule, tipo_dato: str, unidad: str = "") -> str:
    """What is allowed, without a full stop: «un entero de 60 a 86 400 segundos»."""
    if isinstance(rule, OneOf):
        return _("una de: %(choices)s") % {"choices": ", ".join(rule.choices)}
    if isinstance(rule, StaysOff) and not rule.is_free:
        return _("solo false: %(why)s") % {"why": _(rule.why)}
    if isinstance(rule, Range):
        return _("un entero de %(least)s a %(most)s%(unit)s") % {
            "least": number_format(rule.least),
            "most": number_format(rule.most),
            "unit": f" {unit_words(unidad, rule.most)}" if unidad else "",
        }
    if isinstance(rule, Text):
        return _("un texto de hasta %(most)s caracteres") % {"most": number_format(rule.longest)}
    if tipo_dato == "boolean":
        return _("true o false")
    if tipo_dato == "float":
        return _("un número con punto decimal")
    if tipo_dato == "json":
        return _("JSON válido")
    return _("un valor de tipo %(type)s") % {"type": tipo_dato}


def refusal(error: BadValue, *, unidad: str = "") -> ValidationError:
    """The error that people read: key, value, what is allowed."""
    shown = str(error.valor)
    return ValidationError(
        _("%(key)s: «%(value)s» no vale. Se admite %(allowed)s."),
        code="bad_value",
        params={
            "key": error.clave,
            "value": shown if len(shown) <= 100 else f"{shown[:99]}…",
            "allowed": allowed(error.rule, error.tipo_dato, unidad),
        },
    )


def words_of(valor: str, tipo_dato: str, unidad: str = "") -> str:
    """A stored value as a person says it: ``Sí``, ``900 segundos``, ``pdf``."""
    if tipo_dato == "boolean":
        return _("Sí") if valor == "true" else _("No")
    count = int(valor) if valor.isdecimal() else 0
    return f"{valor} {unit_words(unidad, count)}".strip() or "–"


def unit_words(unidad: str, count: int) -> str:
    """The catalogue's unit as people write it after a number; one that is not known as it is."""
    words = {
        "segundos": ngettext("segundo", "segundos", count),
        "horas": ngettext("hora", "horas", count),
        "dias": ngettext("día", "días", count),
        "caracteres": ngettext("carácter", "caracteres", count),
        "filas": ngettext("fila", "filas", count),
        "solicitudes/min": ngettext("solicitud/min", "solicitudes/min", count),
    }
    return words.get(unidad, unidad)
