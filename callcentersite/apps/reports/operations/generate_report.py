"""Generar reporte: call metrics of a range of days, as PDF, CSV or XLSX."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.configuration import services as settings
from opsconsole import Effect, Figure, Link, Operation, Phase, permissions, runner
from opsconsole.models import Origin

from .. import errors, generation, selectors, services
from ..forms import ReportForm, as_request
from ..models import Report
from ..spool import Spool

if TYPE_CHECKING:
    from opsconsole import RunContext
    from opsconsole.models import JobRun

    from ..domain.request import ReportRequest


class GenerateReport(Operation):
    """``generate_report``: several at once, each with a file of its own."""

    name = "generate_report"
    title = _("Generar reporte")
    description = _(
        "Métricas de llamadas de un rango de días, por día, por cola o por ambos, en PDF, CSV o "
        "XLSX. El archivo se descarga en «Reportes»."
    )
    section = _("Datos")
    effect = Effect.READS
    timeout_seconds = 5 * 3600  # the most that the setting may say
    unit = _("filas")
    phases = (
        Phase("read", _("Lectura")),
        Phase("write", _("Escritura")),
        Phase("store", _("Almacenamiento")),
    )
    figures = (
        Figure("rows", _("Filas")),
        Figure("size_bytes", _("Tamaño"), hint=_("bytes")),
    )

    class Params(ReportForm):
        """Rows, days, queue and format; each may be left out."""

    def timeout_for(self, params: dict[str, Any]) -> int:
        """What ``reportes.report_generation_timeout`` says."""
        return settings.get_int("reportes.report_generation_timeout")

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """Refuse what is too long, read, write, store."""
        run = runner.find(ctx.run_id or 0)
        refuse_unwanted_schedule(run)
        request, most = as_request(params), settings.get_int(errors.MAX_ROWS)
        generation.refuse_long(request, generation.expected_rows(request), most=most)
        report = make(request, ctx, run=run, most=most)
        say_ready(report, ctx)
        return {"report": report.pk, "rows": report.rows, "size_bytes": report.size_bytes}

    def if_cancelled(self, run: JobRun) -> str:
        """What stays."""
        return gettext("No queda ningún reporte ni archivo a medias.")

    def links(self, run: JobRun, user: Any) -> Iterable[Link]:
        """To the report, and to its file for who may take it."""
        report = selectors.of_run(run.pk)
        if report is None or not selectors.may_see(report, user):
            return
        if selectors.may_download(report, user):
            address = reverse("admin:reports_report_download", args=[report.pk])
            yield Link(title=_("Descargar el reporte"), url=address)
        yield Link(title=_("Ver el reporte"), url=report.get_absolute_url())


def refuse_unwanted_schedule(run: JobRun) -> None:
    """What a programme launches needs the setting, and an owner who may schedule reports."""
    if run.origin != Origin.SCHEDULE:
        return
    if not settings.is_on("reportes.enable_scheduled_reports"):
        raise errors.schedules_are_off()
    if not permissions.person(run.requested_by_id).has_perm("reports.schedule_report"):
        raise errors.may_not_schedule(run.requested_by)


def make(request: ReportRequest, ctx: RunContext, *, run: JobRun, most: int) -> Report:
    """The report with its file, or nothing of either."""
    who = {"created_by": run.requested_by, "creator_id": run.requested_by_id}
    with (
        services.in_the_making(request, run=run.pk, **who) as report,
        Spool(request.kind) as spool,
    ):
        ctx.info(report.title)
        with ctx.step("read"):
            generation.fill(spool, request, ctx, most=most)
        return generation.write_and_publish(report, request, spool, ctx)


def say_ready(report: Report, ctx: RunContext) -> None:
    """The last line; an empty report is said to be one."""
    if not report.rows:
        ctx.warning(gettext("No hay llamadas en ese periodo: el reporte lo dice."))
    text = ngettext(
        "Reporte %(id)s listo: %(rows)s fila, %(format)s, %(size)s",
        "Reporte %(id)s listo: %(rows)s filas, %(format)s, %(size)s",
        report.rows or 0,
    )
    ctx.success(
        text
        % {
            "id": report.pk,
            "rows": number_format(report.rows or 0, force_grouping=True),
            "format": report.get_format_display(),
            "size": filesizeformat(report.size_bytes or 0),
        }
    )
