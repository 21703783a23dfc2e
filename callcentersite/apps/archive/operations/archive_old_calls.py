"""Archivar llamadas antiguas: to Parquet, month by month, and then out of the table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from callcentersite.data_centralization.domain.sizes import in_words
from callcentersite.data_centralization.domain.terms import MOST_DAYS
from opsconsole import Effect, Figure, Link, Operation, Plan
from opsconsole.context import RunContext
from opsconsole.models import JobRun, SealedPlan
from opsconsole.text import Text

from .. import archiving, keeping, planning, restoring
from ..domain.months import Month
from ..models import CallArchive


class ArchiveOldCalls(Operation):
    """``archive_old_calls``: exactly the calls of its plan, a transaction for each month."""

    name = "archive_old_calls"
    title = gettext_lazy("Archivar llamadas antiguas")
    description = gettext_lazy(
        "Guarda las llamadas antiguas en archivos Parquet, uno por mes, y las saca de la tabla. "
        "Las métricas de esos días quedan, y la carga no las trae de vuelta."
    )
    section = gettext_lazy("Datos")
    effect = Effect.DESTROYS
    exclusive = True
    timeout_seconds = 3 * 3600
    example = "--days=730"
    grace_seconds = 120
    unit = gettext_lazy("llamadas")
    keeps_plan = True
    question = gettext_lazy("¿Confirmar el archivo? (yes/no): ")
    undone_by = "restore_archived_calls"
    figures = (
        Figure("archived", gettext_lazy("Archivadas")),
        Figure("stored", gettext_lazy("Tamaño"), gettext_lazy("de los archivos, comprimidos")),
        Figure("months", gettext_lazy("Por mes")),
    )

    class Params(forms.Form):
        """How old."""

        days = forms.IntegerField(
            label=gettext_lazy("Días"),
            min_value=1,
            max_value=MOST_DAYS,
            help_text=gettext_lazy(
                "Se archivan las llamadas que empezaron hace más de estos días."
            ),
        )

    def plan(self, params: dict[str, Any]) -> Plan:
        """What would leave the table, sealed."""
        return planning.make(params["days"])

    def recheck(self, params: dict[str, Any], shown: SealedPlan) -> None:
        """Call by call, by number and version."""
        archiving.require_same(shown)

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """Do it; the figures are those of what was committed."""
        keeping.forget_left_over()
        assert ctx.plan is not None  # noqa: S101  (the engine gives it)
        ctx.say(_("Archivando..."))
        archives = archiving.Archiving(plan=ctx.plan, ctx=ctx).run()
        rows = sum(one.rows for one in archives)
        text = ngettext("%(rows)s llamada archivada", "%(rows)s llamadas archivadas", rows)
        ctx.success(text % {"rows": rows})
        stored = sum(one.size_bytes for one in archives)
        ctx.say(_("Tamaño de los archivos: %(size)s") % {"size": in_words(stored)})
        return {
            "archived": rows,
            "stored": in_words(stored),
            "stored_bytes": stored,
            "months": {str(Month.of(one.month)): one.rows for one in archives},
        }

    def if_cancelled(self, run: JobRun) -> Text:
        """For the card on the run's page."""
        return _("El mes en curso quedará entero en la tabla; los ya archivados siguen archivados.")

    def undo_notice(self, run: JobRun) -> tuple[Text, bool]:
        """As long as the files are there."""
        if restoring.waiting().filter(run=run.pk).exists():
            return _("Se puede deshacer: las llamadas siguen en su archivo."), True
        if CallArchive.objects.filter(run=run.pk).exists():
            return _("Las llamadas de esta corrida ya se devolvieron."), False
        return "", False

    def links(self, run: JobRun, user: Any) -> Iterable[Link]:
        """To the archives, for who may see them."""
        if user.has_perm("archive.view_callarchive"):
            url = reverse("admin:archive_callarchive_changelist")
            yield Link(title=gettext_lazy("Ver los archivos"), url=url)
