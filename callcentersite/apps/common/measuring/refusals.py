"""Why something is not measured, in the three lines that people read."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opsconsole import OperationError
from opsconsole.exceptions import BadInput

from .domain.request import DEEPEST, MOST_PARAM_CHARACTERS


class NotMeasured(OperationError):
    """Measuring was given up: by us, not by an error that the target raises for its callers."""


def sentence(reason: str) -> str:
    """The sentence of a Forbidden."""
    return {
        "characters": _("La dirección tiene espacios o signos que no van en una dirección."),
        "absolute": _("Solo se miden direcciones de este sitio: empiece por «/», sin servidor."),
        "path": _("La dirección empieza por «/» y no lleva «..» ni «#»."),
        "unknown": _("Ninguna página de este sitio responde en esa dirección."),
        "logout": _("Cerrar la sesión no se mide."),
        "password": _("Probar contraseñas no se mide: nadie contaría los intentos."),
        "delete": _("Lo que elimina no se mide."),
        "dotted": _("Se espera una ruta con puntos, como callcentersite.apps.x.services.funcion."),
        "private": _("Las funciones que empiezan por «_» son internas: no se miden."),
        "module": _(
            "Solo se miden funciones de callcentersite.*.services, callcentersite.*.selectors o "
            "marcadas con @profilable."
        ),
        "missing": _("Ese módulo no define una función con ese nombre."),
        "long": _("No puede tener más de %(most)s caracteres.") % {"most": MOST_PARAM_CHARACTERS},
        "json": _("No es JSON válido."),
        "object": _("Debe ser un objeto JSON: {\"nombre\": valor}."),
        "deep": _("Tiene más de %(most)s niveles.") % {"most": DEEPEST},
        "percent": _("Se espera un porcentaje, como 20%."),
    }[reason]  # fmt: skip


def bad(field: str, reason: str) -> BadInput:
    """The refusal of one option."""
    return BadInput({field: [sentence(reason)]})


def profiling_is_off() -> OperationError:
    """The gate is shut."""
    return OperationError(
        _("El profiling está desactivado."),
        cause=_("La configuración sistema.enable_profiling está en «false»."),
        remedy=_("Actívela en Configuraciones y repita; desactívela al terminar."),
    )


def another_profiler() -> NotMeasured:
    """Only one may be at work in a process."""
    return NotMeasured(
        _("Ya hay otro profiler activo en este proceso."),
        cause=_("El profiler de Silk (SILKY_PYTHON_PROFILER) u otro está midiendo; no se anidan."),
        remedy=_("Desactívelo y repita."),
    )


def reason_missing() -> BadInput:
    """In production somebody has to say why."""
    return BadInput({"reason": [_("En producción se indica el motivo.")]})


def target_failed(error: BaseException, *, place: str) -> NotMeasured:
    """What is measured ended in an error of its own."""
    text = f"{type(error).__name__}: {error}".rstrip(": ")[:500]
    return NotMeasured(
        _("Lo medido falló: no hay cifras."),
        cause=_("%(error)s, en %(place)s.") % {"error": text, "place": place},
        remedy=_("Corrija el error o los parámetros y repita. No quedó ningún cambio."),
    )


def side_effect(what: str) -> NotMeasured:
    """What is measured reached for something that cannot be rolled back."""
    return NotMeasured(
        _("Lo medido intentó algo que no se puede deshacer: se detuvo."),
        cause=what,
        remedy=_("Mida la parte que solo lee o escribe en la base de datos."),
    )


def too_slow(seconds: int) -> NotMeasured:
    """The time limit came first."""
    return NotMeasured(
        ngettext(
            "La medición no terminó en %(seconds)s segundo.",
            "La medición no terminó en %(seconds)s segundos.",
            seconds,
        )
        % {"seconds": seconds},
        cause=_("Lo medido es lento, o son demasiadas repeticiones."),
        remedy=_("Repita con menos --iterations o con más --time-limit. No quedó ningún cambio."),
    )
