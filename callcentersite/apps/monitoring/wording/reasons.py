"""Why a part is not well, in a sentence with its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from callcentersite.data_centralization.domain.sizes import in_words
from opsconsole.admin.presenters.words import duration, number
from opsconsole.text import Text

from ..domain.parts import Reason, Why
from .summaries import percent
from .titles import PLACES

Numbers = Mapping[str, Any]


def because(reason: Reason) -> str:
    """The reason in a sentence."""
    return SENTENCES[reason.why](reason.numbers)


def fixed(text: Text) -> Callable[[Numbers], str]:
    """A sentence without numbers."""
    return lambda numbers: str(text)


def silent(numbers: Numbers) -> str:
    """Nothing comes out."""
    return _("Desde hace %(age)s ningún worker toma nada de la cola.") % {
        "age": duration(numbers["age_seconds"])
    }


def waits_long(numbers: Numbers) -> str:
    """Too long."""
    return _("Algo espera en la cola desde hace %(wait)s.") % {"wait": duration(numbers["seconds"])}


def deep(numbers: Numbers) -> str:
    """Too much."""
    return _("En la cola esperan %(waiting)s corridas.") % {"waiting": number(numbers["waiting"])}


def stale(numbers: Numbers) -> str:
    """Too old."""
    return _("La última carga es de hace %(age)s; se esperaba una cada %(usual)s.") % {
        "age": duration(numbers["seconds"]),
        "usual": duration(numbers["usual_seconds"]),
    }


def rejects_more(numbers: Numbers) -> str:
    """More than usual."""
    if numbers["usual_share"] is None:
        return _("El ETL rechaza %(share)s de las filas.") % {"share": percent(numbers["share"])}
    return _("El ETL rechaza %(share)s de las filas; lo habitual es %(usual)s.") % {
        "share": percent(numbers["share"]),
        "usual": percent(numbers["usual_share"]),
    }


def broken(numbers: Numbers) -> str:
    """Which ones."""
    return _("Fallaron y no se han recuperado: %(operations)s.") % {
        "operations": numbers["operations"]
    }


def lost(numbers: Numbers) -> str:
    """How many."""
    text = ngettext(
        "Se perdió %(count)s corrida: su worker dejó de dar señales.",
        "Se perdieron %(count)s corridas: sus workers dejaron de dar señales.",
        numbers["lost"],
    )
    return text % {"count": number(numbers["lost"])}


def overdue(numbers: Numbers) -> str:
    """Behind their time."""
    text = ngettext(
        "%(count)s tarea programada va atrasada desde hace %(late)s.",
        "%(count)s tareas programadas van atrasadas, la que más desde hace %(late)s.",
        numbers["overdue"],
    )
    return text % {"count": number(numbers["overdue"]), "late": duration(numbers["seconds"])}


def missed(numbers: Numbers) -> str:
    """Never came."""
    text = ngettext(
        "%(count)s corrida programada no llegó a correr.",
        "%(count)s corridas programadas no llegaron a correr.",
        numbers["missed"],
    )
    return text % {"count": number(numbers["missed"])}


def disk_full(numbers: Numbers) -> str:
    """Which, and how full."""
    return _("El disco de %(place)s está al %(used)s: quedan %(free)s.") % {
        "place": PLACES[numbers["place"]],
        "used": percent(numbers["used_share"]),
        "free": in_words(numbers["free_bytes"]),
    }


def grows(numbers: Numbers) -> str:
    """Which, and how fast."""
    return _("%(table)s crece %(now)s filas por día; lo habitual son %(usual)s.") % {
        "table": numbers["table"],
        "now": number(numbers["grown_per_day"]),
        "usual": number(numbers["usual_per_day"]),
    }


def unread(numbers: Numbers) -> str:
    """How many."""
    text = ngettext(
        "Hay %(count)s aviso de error que nadie ha leído.",
        "Hay %(count)s avisos de error que nadie ha leído.",
        numbers["unread"],
    )
    return text % {"count": number(numbers["unread"])}


def failed_logins(numbers: Numbers) -> str:
    """How many."""
    return _("Hubo %(failed)s entradas fallidas.") % {"failed": number(numbers["failed"])}


def locked(numbers: Numbers) -> str:
    """How many."""
    text = ngettext(
        "Hay %(count)s cuenta bloqueada.", "Hay %(count)s cuentas bloqueadas.", numbers["locked"]
    )
    return text % {"count": number(numbers["locked"])}


SENTENCES: dict[Why, Callable[[Numbers], str]] = {
    Why.CANARY_NEVER: fixed(gettext_lazy("Aquí no ha corrido ningún worker todavía.")),
    Why.CANARY_SILENT: silent,
    Why.CANARY_BUSY: fixed(
        gettext_lazy("Todos los workers están ocupados; el canario espera su turno.")
    ),
    Why.NO_WORKERS: fixed(gettext_lazy("Nadie atiende la cola.")),
    Why.STOPPING: fixed(gettext_lazy("El servicio de workers se está deteniendo.")),
    Why.WAITS_LONG: waits_long,
    Why.DEEP: deep,
    Why.NEVER_LOADED: fixed(gettext_lazy("El ETL no ha cargado nada todavía.")),
    Why.STALE: stale,
    Why.NO_LARGE_LOAD: fixed(gettext_lazy("Aún no hay una carga con filas suficientes.")),
    Why.REJECTS_MORE: rejects_more,
    Why.BROKEN: broken,
    Why.LOST: lost,
    Why.OVERDUE: overdue,
    Why.MISSED: missed,
    Why.DISK_FULL: disk_full,
    Why.GROWS: grows,
    Why.UNREAD: unread,
    Why.FAILED_LOGINS: failed_logins,
    Why.LOCKED: locked,
}
