"""What must be true of reports: a finished one has its file."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.integrity.domain.findings import Offender, Severity
from callcentersite.apps.integrity.registry import Check, register

from .models import Report

CHUNK = 500


def find() -> Iterator[Offender]:
    """Finished, and nothing to download."""
    ready = Report.objects.filter(status=Report.Status.READY).order_by("pk")
    for report in ready.only("title", "file").iterator(chunk_size=CHUNK):
        if not report.file.storage.exists(str(report.file.name)):
            text = _("Reporte %(key)s, «%(title)s»: falta su archivo.")
            yield Offender(
                key=report.pk,
                text=text % {"key": report.pk, "title": report.title},
                mendable=False,
            )


register(
    Check(
        name="reports_without_file",
        title=gettext_lazy("Reportes listos sin su archivo"),
        model="reports.Report",
        severity=Severity.ERROR,
        explanation=gettext_lazy("El archivo se borró del almacenamiento; no se puede descargar."),
        remedy=gettext_lazy("Genere el reporte de nuevo; el anterior se irá con su plazo."),
        find=find,
    )
)
