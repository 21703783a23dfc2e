"""Bring back what a run of ``apply_retention`` deleted, while its archive is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opsconsole import Effect, Figure, Operation, Plan
from opsconsole.context import RunContext

from .. import undoing
from ..models import RetentionRemoval
from ..sealing import digest_of


class UndoRetention(Operation):
    """``undo_retention``: what is not there now comes back as it was, to the byte."""

    name = "undo_retention"
    title = gettext_lazy("Deshacer una retención")
    description = gettext_lazy(
        "Devuelve lo que eliminó una corrida de retención, mientras se guarda su archivo. Una fila "
        "que hoy existe no se toca: queda en el informe de conflictos."
    )
    section = gettext_lazy("Datos")
    effect = Effect.WRITES
    exclusive = True
    timeout_seconds = 3600
    example = "--run=42"
    grace_seconds = 120
    unit = gettext_lazy("registros")
    figures = (
        Figure("restored", gettext_lazy("Devueltos")),
        Figure("conflicts", gettext_lazy("Conflictos"), gettext_lazy("Filas que no volvieron.")),
        Figure("files", gettext_lazy("Archivos")),
        Figure("policies", gettext_lazy("Por política")),
    )

    class Params(forms.Form):
        """Which run."""

        run = forms.IntegerField(
            label=gettext_lazy("Corrida"),
            min_value=1,
            help_text=gettext_lazy("Número de la corrida que eliminó los datos."),
        )

    def plan(self, params: dict[str, Any]) -> Plan:
        """What would come back."""
        removals = undoing.removals_of(params["run"])
        rows = sum(one.rows for one in removals)
        text = ngettext(
            "Se devolverá %(rows)s registro de la corrida %(run)s.",
            "Se devolverán %(rows)s registros de la corrida %(run)s.",
            rows,
        )
        return Plan(
            summary=text % {"rows": rows, "run": params["run"]},
            rows=rows,
            lines=tuple(line(one) for one in removals),
            seal=digest_of([{"removal": one.pk, "rows": one.rows} for one in removals]),
        )

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """A transaction per table."""
        removals = undoing.removals_of(params["run"])
        restored, done = [], 0
        ctx.progress(0, total=sum(one.rows for one in removals))
        for removal in removals:
            ctx.check_cancelled()
            restored.append(undoing.restore(removal))
            done += removal.rows
            ctx.progress(done)
            tell(restored[-1], ctx)
        if any(one.conflicts for one in restored):
            report = undoing.conflict_report(restored)
            ctx.artifact("conflictos.csv", report, content_type="text/csv")
        return {
            "restored": sum(one.rows for one in restored),
            "conflicts": sum(one.clashes for one in restored),
            "files": sum(one.files for one in restored),
            "policies": {one.policy: one.rows for one in restored},
        }


def line(removal: RetentionRemoval) -> dict[str, Any]:
    """A row of the plan's table."""
    until = removal.restorable_until
    return {
        _("Política"): removal.policy,
        _("Registros"): removal.rows,
        _("Eliminados"): date_format(localtime(removal.removed_at), "SHORT_DATETIME_FORMAT"),
        _("Hasta"): date_format(localtime(until), "SHORT_DATETIME_FORMAT") if until else "",
    }


def tell(one: undoing.Restored, ctx: RunContext) -> None:
    """What came back, and what did not."""
    text = ngettext(
        "%(policy)s: %(rows)s registro devuelto",
        "%(policy)s: %(rows)s registros devueltos",
        one.rows,
    )
    ctx.success(text % {"policy": one.policy, "rows": one.rows})
    if one.clashes:
        text = ngettext(
            "%(policy)s: %(count)s registro no volvió: hoy existe otro en su lugar, o ya no está "
            "aquello a lo que pertenecía",
            "%(policy)s: %(count)s registros no volvieron: hoy existen otros en su lugar, o ya no "
            "está aquello a lo que pertenecían",
            one.clashes,
        )
        ctx.warning(text % {"policy": one.policy, "count": one.clashes})
