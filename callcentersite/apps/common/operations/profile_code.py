"""Perfilar código: the form, the page and the command of ``measuring.running.profile``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from opsconsole import Effect, Figure, Link, Operation

from ..measuring.formats import JSON_FILE
from ..measuring.forms import LONGEST_SECONDS, ProfileForm
from ..measuring.running import profile

if TYPE_CHECKING:
    from opsconsole import RunContext
    from opsconsole.models import JobRun

# What comes before and after the measuring: files, the comparison.
MARGIN_SECONDS = 120


class ProfileCode(Operation):
    """From «it is slow» to the line that makes it slow; nothing that it does remains."""

    name = "profile_code"
    title = _("Perfilar código")
    description = _(
        "Ejecuta un endpoint o una función varias veces, dentro de transacciones que se deshacen, "
        "y dice dónde se va el tiempo."
    )
    section = _("Diagnóstico")
    effect = Effect.READS
    exclusive = True
    timeout_seconds = LONGEST_SECONDS + MARGIN_SECONDS
    example = "--endpoint=/admin/ --user=admin --iterations=5"
    unit = _("ejecuciones")
    figures = (
        Figure("median_ms", _("Mediana, ms"), hint=_("por iteración")),
        Figure("p95_ms", _("Percentil 95, ms"), hint=_("por iteración")),
        Figure("total_ms", _("Total, ms"), hint=_("de todas las iteraciones")),
        Figure("queries", _("Consultas"), hint=_("por iteración")),
        Figure("findings", _("Recomendaciones")),
        Figure("slower_percent", _("Más lento, %"), hint=_("que la corrida comparada")),
    )

    class Params(ProfileForm):
        """What ``measuring`` asks."""

    def timeout_for(self, params: dict[str, Any]) -> int:
        """What the person gave it, and the margin."""
        return int(params.get("time_limit") or LONGEST_SECONDS) + MARGIN_SECONDS

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any] | None:
        """Measure."""
        return profile(params, ctx)

    def links(self, run: JobRun, user: Any) -> Iterable[Link]:
        """The page of the report, where there is one."""
        if run.artifacts.filter(name=JSON_FILE).exists():
            yield Link(
                title=_("Ver el perfil"), url=reverse("opsconsole_jobrun_profile", args=[run.pk])
            )
