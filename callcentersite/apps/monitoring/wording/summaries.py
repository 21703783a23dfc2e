"""A sentence for each part: its figures, whether they are good or bad."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callcentersite.data_centralization.domain.sizes import in_words
from opsconsole.admin.presenters.words import duration, number

from ..domain.parts import Key, Part
from .titles import PLACES

Figures = Mapping[str, Any]


def summary(part: Part) -> str:
    """The part's figures in a sentence."""
    return SUMMARIES[part.key](part.figures)


def canary(figures: Figures) -> str:
    """How long ago."""
    age = figures["age_seconds"]
    if age is None:
        return _("Nada ha pasado todavía por la cola.")
    return _("Algo salió de la cola hace %(age)s.") % {"age": duration(age)}


def workers(figures: Figures) -> str:
    """Who is there."""
    return _("Clusters: %(clusters)s; workers: %(workers)s; ocupados: %(busy)s.") % {
        name: number(value) for name, value in figures.items()
    }


def queue(figures: Figures) -> str:
    """What waits."""
    if not figures["waiting"]:
        return _("No espera nada.")
    text = ngettext(
        "Espera %(count)s corrida; la primera, desde hace %(wait)s.",
        "Esperan %(count)s corridas; la primera, desde hace %(wait)s.",
        figures["waiting"],
    )
    return text % {
        "count": number(figures["waiting"]),
        "wait": duration(figures["oldest_wait_seconds"]),
    }


def freshness(figures: Figures) -> str:
    """How old, and how old is usual."""
    if figures["age_seconds"] is None:
        return _("No hay ninguna carga completa.")
    if figures["usual_seconds"] is None:
        return _("Última carga hace %(age)s.") % {"age": duration(figures["age_seconds"])}
    return _("Última carga hace %(age)s; lo habitual es una cada %(usual)s.") % {
        "age": duration(figures["age_seconds"]),
        "usual": duration(figures["usual_seconds"]),
    }


def rejections(figures: Figures) -> str:
    """What share, and what share is usual."""
    if figures["share"] is None:
        return _("Ninguna carga reciente leyó filas suficientes para comparar.")
    numbers = {
        "rejected": number(figures["rejected"]),
        "read": number(figures["read"]),
        "share": percent(figures["share"]),
    }
    if figures["usual_share"] is None:
        return _("Rechazadas %(rejected)s de %(read)s filas: %(share)s.") % numbers
    numbers["usual"] = percent(figures["usual_share"])
    return (
        _("Rechazadas %(rejected)s de %(read)s filas: %(share)s; lo habitual es %(usual)s.")
        % numbers
    )


def runs(figures: Figures) -> str:
    """How they ended."""
    return _("Corridas: %(runs)s; fallidas: %(failed)s; perdidas: %(lost)s.") % {
        name: number(figures[name]) for name in ("runs", "failed", "lost")
    }


def schedules(figures: Figures) -> str:
    """Whether they keep their time."""
    return _("Activas: %(active)s; atrasadas: %(overdue)s; que no corrieron: %(missed)s.") % {
        name: number(figures[name]) for name in ("active", "overdue", "missed")
    }


def disk(figures: Figures) -> str:
    """How full each is."""
    places = (
        _("%(place)s: %(used)s en uso, %(free)s libres")
        % {
            "place": PLACES[place],
            "used": percent(one["used_share"]),
            "free": in_words(one["free_bytes"]),
        }
        for place, one in figures["places"].items()
    )
    return "; ".join(places) + "."


def growth(figures: Figures) -> str:
    """Which table grows most."""
    known = [
        (name, one) for name, one in figures["tables"].items() if one["grown_per_day"] is not None
    ]
    if not known:
        return _("Hace falta la muestra de otro día para comparar.")
    name, one = known[0]
    return _("La que más crece: %(table)s, %(rows)s filas por día.") % {
        "table": name,
        "rows": number(one["grown_per_day"]),
    }


def messages(figures: Figures) -> str:
    """What nobody has read."""
    return _("Errores que nadie ha leído: %(unread)s.") % {"unread": number(figures["unread"])}


def logins(figures: Figures) -> str:
    """Failures and locks."""
    return _("Fallos: %(failed)s; cuentas: %(accounts)s; bloqueadas ahora: %(locked)s.") % {
        name: number(value) for name, value in figures.items()
    }


def percent(share: float) -> str:
    """0.0421 → 4,2 %."""
    return f"{number(round(100 * share, 1))} %"


SUMMARIES: dict[Key, Callable[[Figures], str]] = {
    Key.CANARY: canary,
    Key.WORKERS: workers,
    Key.QUEUE: queue,
    Key.FRESHNESS: freshness,
    Key.REJECTIONS: rejections,
    Key.RUNS: runs,
    Key.SCHEDULES: schedules,
    Key.DISK: disk,
    Key.GROWTH: growth,
    Key.MESSAGES: messages,
    Key.LOGINS: logins,
}
