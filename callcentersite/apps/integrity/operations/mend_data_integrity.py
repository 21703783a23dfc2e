"""Put right what a validation finds: shown, confirmed, exactly that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from callcentersite.apps.common.acting import acting_for
from opsconsole import Effect, Figure, Link, Operation, Plan
from opsconsole.text import Text

from .. import mending, planning
from ..fields import ModelField

if TYPE_CHECKING:
    from opsconsole import RunContext
    from opsconsole.models import JobRun, SealedPlan


class MendDataIntegrity(Operation):
    """``mend_data_integrity``: what ``validate_data_integrity --fix`` hands over to."""

    name = "mend_data_integrity"
    title = gettext_lazy("Reparar la integridad de los datos")
    description = gettext_lazy(
        "Repara lo que la validación encuentra y tiene un solo arreglo posible. Primero muestra "
        "qué filas y cómo, y después hace exactamente eso o nada."
    )
    section = gettext_lazy("Diagnóstico")
    effect = Effect.DESTROYS
    exclusive = True
    timeout_seconds = 2 * 3600
    grace_seconds = 120
    unit = gettext_lazy("filas")
    keeps_plan = True
    plan_template = "admin/integrity/plan.html"
    question = gettext_lazy("¿Reparar? (yes/no): ")
    figures = (
        Figure("mended", gettext_lazy("Reparadas")),
        Figure("by_title", gettext_lazy("Por verificación")),
    )

    class Params(forms.Form):
        """All of it, or what is about one model."""

        model = ModelField(
            label=gettext_lazy("Modelo"),
            help_text=gettext_lazy(
                "Solo lo que se refiere a este modelo, como «analytics.Call» o «call»."
            ),
        )

    def plan(self, params: dict[str, Any]) -> Plan:
        """What would be mended, sealed."""
        return planning.make(params["model"])

    def recheck(self, params: dict[str, Any], shown: SealedPlan) -> None:
        """Row by row, by key and version."""
        mending.require_all_same(shown)

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """Do it; the changes are the run's."""
        assert ctx.plan is not None  # noqa: S101  (the engine gives it)
        with acting_for(ctx):
            mended = mending.perform(ctx.plan, ctx)
        rows = sum(mended.values())
        text = ngettext("%(count)s fila reparada", "%(count)s filas reparadas", rows)
        ctx.success(text % {"count": rows})
        return mending.figures_of(mended)

    def if_cancelled(self, run: JobRun) -> Text:
        """For the card on the run's page."""
        return _("La verificación en curso quedará como estaba; lo ya reparado queda reparado.")

    def links(self, run: JobRun, user: Any) -> Iterable[Link]:
        """Look again."""
        if user.has_perm("opsconsole.run_validate_data_integrity"):
            url = reverse("admin:opsconsole_operation", args=["validate_data_integrity"])
            yield Link(title=_("Validar de nuevo"), url=url)
