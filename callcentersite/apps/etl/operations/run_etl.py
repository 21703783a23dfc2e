"""Ejecutar ETL: the form, the page and the command of ``jobs.run_etl``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from opsconsole import Effect, Figure, Operation, Phase

from ..domain.partitions import MOST_PARTITIONS
from ..domain.request import DEFAULT_BATCH_SIZE, LARGEST_BATCH_SIZE, MOST_CALL_IDS, Request
from ..forms import CallIdsField, MomentField
from ..jobs import run_etl, run_part

if TYPE_CHECKING:
    from opsconsole import RunContext
    from opsconsole.models import JobRun


class RunEtl(Operation):
    """From ``ivr_legacy`` to analytics; what changed since the last run unless told otherwise."""

    name = "run_etl"
    title = _("Ejecutar ETL")
    description = _("De ivr_legacy a analytics, con reglas y cuarentena.")
    section = _("Datos")
    effect = Effect.WRITES
    exclusive = True
    resumable = True
    timeout_seconds = 4 * 3600
    unit = _("llamadas")
    phases = (
        Phase("extract", _("Extracción")),
        Phase("transform", _("Transformación")),
        Phase("load", _("Carga")),
    )
    figures = (
        Figure("read", _("Leídas"), hint=_("de ivr_legacy")),
        Figure("valid", _("Válidas"), hint=_("cumplen las reglas")),
        Figure("rejected", _("Rechazadas"), hint=_("en cuarentena, con motivos")),
        Figure("inserted", _("Insertadas"), hint=_("nuevas en analytics")),
        Figure("updated", _("Actualizadas"), hint=_("corregidas en origen")),
        Figure("unchanged", _("Sin cambios"), hint=_("no se escriben")),
    )

    class Params(forms.Form):
        """All of them may be left out."""

        since = MomentField(
            label=_("Desde"),
            required=False,
            help_text=_(
                "Solo llamadas que empiezan en esta fecha u hora local o después: "
                "AAAA-MM-DD o AAAA-MM-DD HH:MM. Las que no tienen inicio no entran en un rango."
            ),
        )
        until = MomentField(
            label=_("Hasta"),
            required=False,
            help_text=_(
                "Solo llamadas que empiezan antes: una fecha entra completa, una hora es el límite."
            ),
        )
        full = forms.BooleanField(
            label=_("Completo"),
            required=False,
            help_text=_("Leer todas las llamadas otra vez, no solo lo que cambió."),
        )
        batch_size = forms.IntegerField(
            label=_("Tamaño de lote"),
            initial=DEFAULT_BATCH_SIZE,
            min_value=1,
            max_value=LARGEST_BATCH_SIZE,
            help_text=_("Llamadas por transacción; en SQLite nunca más de 2000."),
        )
        dry_run = forms.BooleanField(
            label=_("Simular"),
            required=False,
            help_text=_("Leer y aplicar las reglas sin escribir; muestra cuentas y motivos."),
        )
        call_ids = CallIdsField(
            label=_("Llamadas"),
            required=False,
            help_text=format_lazy(
                _("Solo estas llamadas: números separados por comas, hasta {most}."),
                most=MOST_CALL_IDS,
            ),
        )
        partitions = forms.IntegerField(
            label=_("Particiones"),
            initial=1,
            min_value=1,
            max_value=MOST_PARTITIONS,
            help_text=_(
                "En cuántas partes se reparte una carga completa entre los workers que haya; "
                "el resultado es el mismo que con una."
            ),
        )

        def clean(self) -> dict[str, Any]:
            """Refuse what contradicts itself."""
            cleaned = super().clean() or self.cleaned_data
            if not self.errors:
                self._check(Request.of(cleaned))
            return cleaned

        def _check(self, request: Request) -> None:
            if request.since and request.until and request.since >= request.until:
                self.add_error("since", _("«Desde» es posterior a «Hasta»."))
            if request.call_ids and request.full:
                self.add_error("full", _("«Completo» y «Llamadas» se excluyen: elija uno."))
            if request.call_ids and request.is_range:
                self.add_error("call_ids", _("Un rango y «Llamadas» se excluyen: elija uno."))
            if request.partitions > 1 and (request.is_range or not request.full):
                self.add_error(
                    "partitions",
                    _("Solo se reparte una carga completa: pida «Completo», sin rango."),
                )

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any] | None:
        """Run it."""
        return run_etl(params, ctx)

    def run_part(
        self, params: dict[str, Any], part: dict[str, Any], ctx: RunContext
    ) -> dict[str, Any] | None:
        """Load one of the partitions."""
        return run_part(params, part, ctx)

    def if_cancelled(self, run: JobRun) -> str:
        """What stays, and what the next run does."""
        if run.is_part:
            return str(
                _(
                    "Lo cargado hasta ahora se conserva. Sin esta parte la carga completa falla, "
                    "salvo que la repita mientras las demás siguen."
                )
            )
        if run.params.get("partitions", 1) > 1:
            return str(
                _(
                    "También se cancelan sus partes. Lo cargado hasta ahora se conserva, por lotes "
                    "completos; otra carga completa no duplica nada."
                )
            )
        return str(
            _(
                "Lo cargado hasta ahora se conserva, por lotes completos; el lote en curso "
                "termina. La siguiente ejecución continúa donde quedó y no duplica nada."
            )
        )
