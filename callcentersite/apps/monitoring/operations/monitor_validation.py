"""Vigilar la salud: the form, the page and the command of the console's health."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opsconsole import Effect, Figure, Link, Operation

from ..document import document
from ..domain.health import judge
from ..domain.states import EXIT_CODES, State
from ..failing import unhealthy
from ..selectors import DEFAULT_PERIOD_HOURS, OWN_OPERATION, gather
from ..wording.report import lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opsconsole import RunContext
    from opsconsole.models import JobRun

LONGEST_PERIOD_HOURS = 90 * 24
FILE = "salud.json"


class MonitorValidation(Operation):
    """What the whole console looks like, in one number and one word; it changes nothing."""

    name = OWN_OPERATION
    title = _("Vigilar la salud")
    description = _(
        "Cola y canario, ETL, corridas, tareas programadas, disco, tablas, avisos y entradas: "
        "un puntaje con sus partes."
    )
    section = _("Diagnóstico")
    effect = Effect.READS
    timeout_seconds = 120
    figures = (
        Figure("score", _("Puntaje"), hint=_("de 100")),
        Figure("warnings", _("Atención"), hint=_("partes")),
        Figure("criticals", _("Críticas"), hint=_("partes")),
    )

    class Params(forms.Form):
        """How it is told, of how long, and from which score on it fails."""

        json = forms.BooleanField(
            label=_("JSON"),
            required=False,
            help_text=_("Salida en JSON para herramientas de monitoreo; en un worker, un archivo."),
        )
        period = forms.IntegerField(
            label=_("Periodo"),
            initial=DEFAULT_PERIOD_HOURS,
            min_value=1,
            max_value=LONGEST_PERIOD_HOURS,
            help_text=_("Periodo de análisis, en horas."),
        )
        fail_under = forms.IntegerField(
            label=_("Puntaje mínimo"),
            required=False,
            min_value=0,
            max_value=100,
            help_text=_("Con un puntaje menor, la salud es crítica."),
        )

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any] | None:
        """Look, tell, and fail where it is critical."""
        facts = gather(period_hours=params["period"], now=timezone.now())
        health = judge(facts, fail_under=params["fail_under"] or 0)
        told = document(health)
        states = [part.state for part in health.parts]
        ctx.figures(
            **told,
            warnings=states.count(State.WARNING),
            criticals=states.count(State.CRITICAL),
        )
        if params["json"]:
            self._as_json(told, ctx)
        else:
            for line in lines(health):
                ctx.say(line)
        if health.state is State.CRITICAL:
            raise unhealthy(health)
        return None

    def _as_json(self, told: dict[str, Any], ctx: RunContext) -> None:
        """To the terminal alone, so that a program can read it; else as a file of the run."""
        text = json.dumps(told, indent=2, ensure_ascii=False)
        if ctx.terminal is not None:
            ctx.terminal.write(text)
        else:
            ctx.artifact(FILE, text, content_type="application/json")

    def exit_code(self, result: dict[str, Any]) -> int:
        """1 where something wants attention; what is critical has failed already."""
        return EXIT_CODES.get(result.get("health", State.OK), 0)

    def links(self, run: JobRun, user: Any) -> Iterable[Link]:
        """The page of the health as it is now."""
        if user.has_perm("monitoring.view_health"):
            yield Link(title=_("Ver la salud ahora"), url=reverse("monitoring_health"))
