"""Bring the demonstration back to its first day: shown, confirmed, removed, made anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opsconsole import Effect, Figure, Operation, OperationError, Plan, forgetting, runner
from opsconsole.context import RunContext
from opsconsole.models import JobRun, SealedPlan
from opsconsole.plans import StalePlan
from opsconsole.text import Text

from .. import holdings, work
from ..scene import Scene, refuse_outside_development
from ..services import ALL


class ResetDemoData(Operation):
    """``reset_demo_data``: only in development, and only as the plan shows."""

    name = "reset_demo_data"
    title = gettext_lazy("Restablecer la demostración")
    description = gettext_lazy(
        "Elimina llamadas, también las archivadas, reportes, mensajes, corridas, archivos por "
        "importar, auditoría y las cuentas de demostración, y las crea de nuevo. Su cuenta, las de "
        "los demás, las configuraciones con sus respaldos, las políticas de retención, las tareas "
        "programadas y las corridas que se esperan de cron se quedan. Solo en desarrollo y pruebas."
    )
    section = gettext_lazy("Puesta en marcha")
    effect = Effect.DESTROYS
    exclusive = True
    keeps_plan = True
    timeout_seconds = 3600
    question = gettext_lazy("¿Restablecer la demostración? (yes/no): ")
    figures = (
        Figure("removed", gettext_lazy("Eliminados")),
        Figure("tables", gettext_lazy("Por tabla")),
        Figure("made_by", gettext_lazy("Creados por"), gettext_lazy("La corrida que los creó")),
    )

    class Params(forms.Form):
        """What the new demonstration is made of."""

        calls = forms.IntegerField(
            label=gettext_lazy("Llamadas"),
            help_text=gettext_lazy("Cuántas llamadas tiene la demostración nueva."),
            min_value=1,
            max_value=1_000_000,
            initial=50_000,
        )
        seed = forms.IntegerField(
            label=gettext_lazy("Semilla"),
            help_text=gettext_lazy("La misma semilla da la misma demostración."),
            min_value=0,
            max_value=2**31 - 1,
            initial=1,
        )

    def plan(self, params: dict[str, Any]) -> Plan:
        """What there is now, up to the last row of each table."""
        refuse_outside_development()
        refuse_while_somebody_works()
        limits = holdings.cutoffs()
        found = holdings.counts(limits)
        rows = sum(found.values())
        return Plan(
            summary=summary(rows),
            rows=rows,
            lines=tuple(
                {_("Qué"): one.title, _("Filas"): found[one.key]}
                for one in holdings.HOLDINGS
                if found[one.key]
            ),
            seal=holdings.seal(limits, found),
            fixed={"limits": limits, "found": found},
            button=_("Restablecer la demostración"),
            promise=_(
                "Se elimina exactamente lo mostrado y después se crea la demostración nueva. "
                "No se puede deshacer."
            ),
        )

    def recheck(self, params: dict[str, Any], shown: SealedPlan) -> None:
        """The same rows are still there; what came later is not touched."""
        refuse_outside_development()
        require_same(shown)

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """Remove, then make anew by a run of its own."""
        refuse_outside_development()
        refuse_while_somebody_works(apart_from=ctx.run_id)
        assert ctx.plan is not None  # noqa: S101  (the engine gives it)
        require_same(ctx.plan)
        gone = remove(ctx.plan, ctx)
        made = work.perform("create_test_data", values(params), scene(params, ctx))
        ctx.success(_("Demostración creada de nuevo por la corrida %(id)s") % {"id": made.pk})
        return {"removed": sum(gone.values()), "tables": gone, "made_by": made.pk}

    def if_cancelled(self, run: JobRun) -> Text:
        """For the card on the run's page."""
        return _("Lo ya eliminado no vuelve. Restablezca otra vez y quedará como nueva.")


def remove(plan: SealedPlan, ctx: RunContext) -> dict[str, int]:
    """What the plan shows, table by table."""
    ctx.info(_("Eliminando..."))
    limits: holdings.Cutoffs = plan.fixed["limits"]
    asker = runner.find(ctx.run_id or 0).requested_by_id
    gone = holdings.forget(limits, safe=ctx.check_cancelled, kept=asker)
    count = sum(gone.values())
    text = ngettext("%(count)s fila eliminada", "%(count)s filas eliminadas", count)
    ctx.info(text % {"count": count})
    return {key: rows for key, rows in gone.items() if rows}


def require_same(shown: SealedPlan) -> None:
    """Raise StalePlan where rows of the plan have gone meanwhile."""
    before: dict[str, int] = shown.fixed["found"]
    now = holdings.counts(shown.fixed["limits"])
    for one in holdings.HOLDINGS:
        if now[one.key] != before[one.key]:
            raise StalePlan(
                cause=_("%(what)s: eran %(before)s y ahora son %(now)s.")
                % {"what": one.title, "before": before[one.key], "now": now[one.key]}
            )


def refuse_while_somebody_works(*, apart_from: int | None = None) -> None:
    """What a worker has in its hands must not lose its ground."""
    busy = forgetting.at_work().exclude(pk=apart_from or 0).order_by("pk").first()
    if busy is not None:
        raise OperationError(
            _("Hay una corrida en ejecución: %(id)s, %(title)s.")
            % {"id": busy.pk, "title": busy.title},
            cause=_("Perdería los datos con los que trabaja."),
            remedy=_("Espere a que termine, o cancélela."),
        )


def summary(rows: int) -> str:
    """In one sentence."""
    text = ngettext(
        "Se eliminará %(rows)s fila y se creará la demostración de nuevo.",
        "Se eliminarán %(rows)s filas y se creará la demostración de nuevo.",
        rows,
    )
    return text % {"rows": rows}


def scene(params: dict[str, Any], ctx: RunContext) -> Scene:
    """Up to the last full day, which the home page shows."""
    until = timezone.localdate() - timedelta(days=1)
    return Scene(seed=params["seed"], until=until, ctx=ctx)


def values(params: dict[str, Any]) -> dict[str, Any]:
    """What the new demonstration is asked to be."""
    until = timezone.localdate() - timedelta(days=1)
    return {**params, "until": until.isoformat(), "also": [ALL]}
