"""Make the parts of the demonstration, in their order; the same twice is made once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opsconsole.text import Text

from . import entries, messages, past_runs, people, work
from .scene import Scene, refuse_outside_development


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something of the demonstration, and what makes it and counts what was new."""

    key: str
    title: Text
    make: Callable[[Scene], int]


def part(key: str, title: Text, make: Callable[[Scene], int]) -> Part:
    """One line of the list."""
    return Part(key=key, title=title, make=make)


# The order matters: people are named by what follows, and reports need the calls loaded.
PARTS = (
    part("users", gettext_lazy("Cuentas, una por grupo"), people.make),
    part("audit", gettext_lazy("Entradas de auditoría"), entries.make),
    part("runs", gettext_lazy("Corridas de tres meses"), past_runs.make),
    part("rejections", gettext_lazy("Llamadas cargadas, con sus rechazos"), work.reject),
    part("reports", gettext_lazy("Reportes"), work.report),
    part("pending", gettext_lazy("Corridas sin terminar"), past_runs.make_under_way),
    part("notifications", gettext_lazy("Mensajes"), messages.make),
)
ALL = "all"
CHOICES = [(ALL, gettext_lazy("Todo")), *((one.key, one.title) for one in PARTS)]
# What needs no calls, and what does.
BEFORE_CALLS = ("users", "audit", "runs")
AFTER_CALLS = ("reports", "pending", "notifications")


def make(keys: Iterable[str], scene: Scene) -> dict[str, int]:
    """Those parts; return how much of each is new. Stops between two of them if asked."""
    refuse_outside_development()
    wanted, made = set(keys), {}
    for one in PARTS:
        if one.key in wanted or ALL in wanted:
            made[one.key] = one.make(scene)
            scene.ctx.success(
                _("%(what)s: %(count)s") % {"what": one.title, "count": made[one.key]}
            )
            scene.ctx.check_cancelled()
    return made


__all__ = ["AFTER_CALLS", "BEFORE_CALLS", "CHOICES", "PARTS", "Scene", "make"]
