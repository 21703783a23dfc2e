"""Recalcular métricas: the daily sums counted again from the calls, and corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from opsconsole import Effect, Figure, Operation

from ..domain.day_batches import DEFAULT_BATCH_SIZE, LARGEST_BATCH_SIZE
from ..forms import QueueField, every_queue
from ..rebuilding import Rebuilding, Tally

if TYPE_CHECKING:
    from opsconsole import RunContext
    from opsconsole.models import JobRun


class RecalculateMetrics(Operation):
    """``recalculate_metrics``: by day, in batches; can be paused, and goes on where it was."""

    name = "recalculate_metrics"
    title = _("Recalcular métricas")
    description = _(
        "Cuenta otra vez las llamadas de cada día y corrige las métricas que no cuadran. Los días "
        "cuyas llamadas se archivaron o eliminaron conservan las suyas."
    )
    section = _("Datos")
    effect = Effect.WRITES
    exclusive = True
    resumable = True
    pausable = True
    timeout_seconds = 4 * 3600
    unit = _("días")
    figures = (
        Figure("days", _("Días")),
        Figure("rows", _("Métricas"), hint=_("una por día y cola")),
        Figure("corrected", _("Corregidas"), hint=_("no eran iguales al recuento")),
        Figure("closed_days", _("Días cerrados"), hint=_("sus llamadas ya no están")),
        Figure("rested_seconds", _("Pausas"), hint=_("segundos cedidos a otros")),
    )

    class Params(forms.Form):
        """All of them may be left out."""

        since = forms.DateField(
            label=_("Desde"),
            required=False,
            help_text=_("Primer día, AAAA-MM-DD; vacío, desde la primera llamada."),
        )
        until = forms.DateField(
            label=_("Hasta"),
            required=False,
            help_text=_("Último día, incluido, AAAA-MM-DD; vacío, hasta la última llamada."),
        )
        queue = QueueField(
            label=_("Cola"),
            choices=every_queue,
            required=False,
            help_text=_("Solo esta cola; vacío, todas."),
        )
        batch_size = forms.IntegerField(
            label=_("Tamaño de lote"),
            initial=DEFAULT_BATCH_SIZE,
            min_value=1,
            max_value=LARGEST_BATCH_SIZE,
            help_text=_(
                "Métricas (una por día y cola) por transacción. Un día nunca se parte; en SQLite "
                "nunca más de siete días."
            ),
        )
        dry_run = forms.BooleanField(
            label=_("Simular"),
            required=False,
            help_text=_("Contar y comparar sin escribir."),
        )

        def clean(self) -> dict[str, Any]:
            """Refuse what contradicts itself."""
            cleaned = super().clean() or self.cleaned_data
            since, until = cleaned.get("since"), cleaned.get("until")
            if since and until and since > until:
                self.add_error("since", _("«Desde» es posterior a «Hasta»."))
            return cleaned

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """Day by day; what is committed stays."""
        ctx.say(gettext("Recalculando métricas..."))
        work = Rebuilding(
            ctx=ctx,
            queue=params["queue"],
            batch_size=params["batch_size"],
            dry=params["dry_run"],
        )
        tally = work.run(params["since"], params["until"])
        tell(tally, ctx, dry=params["dry_run"])
        return {
            "days": tally.days,
            "rows": tally.rows,
            "corrected": tally.corrected,
            "closed_days": tally.closed,
            "rested_seconds": round(tally.rested, 1),
            "dry_run": params["dry_run"],
        }

    def if_cancelled(self, run: JobRun) -> str:
        """What stays, and how to go on."""
        return gettext(
            "Los días ya recalculados se conservan. Al reanudar, sigue en el día que toca."
        )


def tell(tally: Tally, ctx: RunContext, *, dry: bool) -> None:
    """The last lines."""
    if tally.closed:
        text = ngettext(
            "%(count)s día cerrado conserva sus métricas: sus llamadas ya no están todas",
            "%(count)s días cerrados conservan sus métricas: sus llamadas ya no están todas",
            tally.closed,
        )
        ctx.info(text % {"count": tally.closed})
    numbers = {"rows": tally.rows, "corrected": tally.corrected}
    if dry:
        text = gettext("Métricas revisadas: %(rows)s; se corregirían: %(corrected)s")
        ctx.say(text % numbers)
        ctx.say(gettext("Simulación: no se escribió nada."))
        return
    ctx.success(
        gettext("Completado. Métricas revisadas: %(rows)s; corregidas: %(corrected)s") % numbers
    )
