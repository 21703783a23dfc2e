"""Devolver llamadas archivadas: back into the table as they were, while their file is whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from callcentersite.apps.analytics.daily import closed_among
from callcentersite.data_centralization.sealing import digest_of
from callcentersite.data_centralization.undoing import conflict_report
from opsconsole import Effect, Figure, Operation, Plan
from opsconsole.context import RunContext
from opsconsole.models import JobRun
from opsconsole.text import Text

from .. import restoring
from ..domain.months import Month
from ..forms import MonthsField, months_of
from ..models import CallArchive


class RestoreArchivedCalls(Operation):
    """``restore_archived_calls``: a month, or all that one run archived."""

    name = "restore_archived_calls"
    title = gettext_lazy("Devolver llamadas archivadas")
    description = gettext_lazy(
        "Devuelve a la tabla las llamadas de un mes archivado, como estaban. Una llamada que hoy "
        "existe no se toca: queda en el informe de conflictos."
    )
    section = gettext_lazy("Datos")
    effect = Effect.WRITES
    exclusive = True
    timeout_seconds = 3600
    example = "--month=2024-01"
    grace_seconds = 120
    unit = gettext_lazy("llamadas")
    figures = (
        Figure("restored", gettext_lazy("Devueltas")),
        Figure("conflicts", gettext_lazy("Conflictos"), gettext_lazy("Llamadas que hoy existen.")),
        Figure("months", gettext_lazy("Por mes")),
    )

    class Params(forms.Form):
        """One of the two."""

        month = MonthsField(
            label=gettext_lazy("Mes"),
            required=False,
            help_text=gettext_lazy("El mes archivado, AAAA-MM; varios, con comas entre ellos."),
        )
        run = forms.IntegerField(
            label=gettext_lazy("Corrida"),
            required=False,
            min_value=1,
            help_text=gettext_lazy("O todo lo que archivó la corrida de este número."),
        )

        def clean(self) -> dict[str, Any]:
            """Refuse none and both."""
            cleaned = super().clean() or self.cleaned_data
            if not self.errors and bool(cleaned.get("month")) == bool(cleaned.get("run")):
                raise forms.ValidationError(_("Indique un mes o una corrida, y solo una cosa."))
            return cleaned

    def plan(self, params: dict[str, Any]) -> Plan:
        """What would come back."""
        found = asked(params)
        rows = sum(one.rows for one in found)
        text = ngettext(
            "Se devolverá %(rows)s llamada a la tabla.",
            "Se devolverán %(rows)s llamadas a la tabla.",
            rows,
        )
        return Plan(
            summary=text % {"rows": rows},
            rows=rows,
            lines=tuple(line(one) for one in found),
            seal=digest_of([{"archive": one.pk, "rows": one.rows} for one in found]),
        )

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """A transaction for each file."""
        found, restored, done = asked(params), [], 0
        ctx.progress(0, total=sum(one.rows for one in found))
        for archive in found:
            ctx.check_cancelled()
            restored.append(restoring.restore(archive))
            done += archive.rows
            ctx.progress(done)
            tell(restored[-1], ctx)
        restoring.count_anew()
        tell_closed(restored, ctx)
        if any(one.conflicts for one in restored):
            report = conflict_report(restored)
            ctx.artifact("conflictos.csv", report, content_type="text/csv")
        months: dict[str, int] = {}
        for one in restored:
            months[one.policy] = months.get(one.policy, 0) + one.rows
        return {
            "restored": sum(one.rows for one in restored),
            "conflicts": sum(one.clashes for one in restored),
            "months": months,
        }

    def if_cancelled(self, run: JobRun) -> Text:
        """For the card on the run's page."""
        return _("El archivo en curso queda sin devolver; lo ya devuelto se queda en la tabla.")


def asked(params: dict[str, Any]) -> list[CallArchive]:
    """The archives that somebody asked for."""
    if params["run"]:
        return restoring.of_run(params["run"])
    return restoring.of_months(months_of(params["month"]))


def line(archive: CallArchive) -> dict[str, Any]:
    """A file's line of the plan."""
    return {
        _("Mes"): str(Month.of(archive.month)),
        _("Llamadas"): archive.rows,
        _("Archivadas"): date_format(localtime(archive.archived_at), "SHORT_DATETIME_FORMAT"),
        _("Archivo"): archive.path,
    }


def tell(one: restoring.Restored, ctx: RunContext) -> None:
    """What came back, and what did not."""
    text = ngettext(
        "%(month)s: %(rows)s llamada devuelta", "%(month)s: %(rows)s llamadas devueltas", one.rows
    )
    ctx.success(text % {"month": one.policy, "rows": one.rows})
    if one.clashes:
        text = ngettext(
            "%(month)s: %(count)s llamada no volvió, porque hoy existe otra en su lugar",
            "%(month)s: %(count)s llamadas no volvieron, porque hoy existen otras en su lugar",
            one.clashes,
        )
        ctx.warning(text % {"month": one.policy, "count": one.clashes})


def tell_closed(restored: list[restoring.Restored], ctx: RunContext) -> None:
    """The days whose metrics stay as they were archived; another file may have opened some."""
    closed = closed_among({day for one in restored for day in one.closed})
    if not closed:
        return
    text = ngettext(
        "%(count)s día conserva sus métricas de antes, porque le faltan llamadas: desde el "
        "%(first)s",
        "%(count)s días conservan sus métricas de antes, porque les faltan llamadas: desde el "
        "%(first)s",
        len(closed),
    )
    ctx.info(text % {"count": len(closed), "first": min(closed).isoformat()})
