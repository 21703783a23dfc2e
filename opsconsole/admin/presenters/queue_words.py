"""What the state of the queue means, in a sentence, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...selectors.queue import PATIENCE, QueueState, Verdict
from . import words


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAdvice:
    """A sentence; ``command`` and ``remedy`` where something is to be done."""

    tone: str
    sentence: str
    remedy: str = ""
    command: str = ""


START = "python manage.py qcluster"


def advice(state: QueueState) -> QueueAdvice:
    """Read the verdict aloud."""
    if state.verdict is Verdict.NOBODY:
        return QueueAdvice(
            tone="bad",
            sentence=_("Nadie atiende la cola: no hay ningún cluster de workers en marcha."),
            remedy=_("Lo que espera empezará solo en cuanto arranque el servicio de workers:"),
            command=START,
        )
    if state.verdict is Verdict.STOPPING:
        return QueueAdvice(
            tone="warn",
            sentence=_("El servicio de workers se está deteniendo y ya no toma nada de la cola."),
            remedy=_("Cuando termine, arránquelo de nuevo:"),
            command=START,
        )
    if state.verdict is Verdict.DEAF:
        return QueueAdvice(
            tone="bad",
            sentence=deaf(state),
            remedy=_("El cluster dejó de escuchar. Deténgalo y arránquelo de nuevo:"),
            command=START,
        )
    return QueueAdvice(tone="ok", sentence=healthy(state))


def deaf(state: QueueState) -> str:
    """What shows it: something waits, or the canary does not come through."""
    if state.oldest_wait is not None and state.oldest_wait > PATIENCE:
        return _("La cola no avanza: hay workers libres, y algo espera desde hace %(wait)s.") % {
            "wait": words.span(state.oldest_wait)
        }
    return _(
        "La cola no avanza: los workers parecen vivos, y desde hace %(age)s ninguno toma nada."
    ) % {"age": words.span(state.canary.age or 0)}


def healthy(state: QueueState) -> str:
    """The sentence where nothing is to be done."""
    if state.verdict is Verdict.IDLE:
        return ngettext(
            "Hay %(workers)s worker libre y la cola está vacía.",
            "Hay %(workers)s workers libres y la cola está vacía.",
            state.workers,
        ) % {"workers": state.workers}
    if state.verdict is Verdict.BUSY and state.waiting:
        return ngettext(
            "Todos los workers están ocupados; %(waiting)s corrida espera su turno.",
            "Todos los workers están ocupados; %(waiting)s corridas esperan su turno.",
            state.waiting,
        ) % {"waiting": words.number(state.waiting)}
    return _("La cola avanza: %(busy)s de %(workers)s workers ocupados, %(waiting)s en espera.") % {
        "busy": state.busy,
        "workers": state.workers,
        "waiting": words.number(state.waiting),
    }
