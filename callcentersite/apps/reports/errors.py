"""Why no report was made, in three lines each."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opsconsole import OperationError
from opsconsole.exceptions import OverLimit

MAX_ROWS = "reportes.max_report_rows"


def too_many_rows(found: int, *, most: int, at_least: bool = False) -> OverLimit:
    """The refusal of a long report, with its number and the limit."""
    if at_least:
        text = ngettext(
            "El reporte tendría más de %(count)s fila.",
            "El reporte tendría más de %(count)s filas.",
            found,
        )
    else:
        text = ngettext(
            "El reporte tendría %(count)s fila.", "El reporte tendría %(count)s filas.", found
        )
    return OverLimit(
        text % {"count": number_format(found, force_grouping=True)},
        cause=_("El máximo es %(most)s (%(key)s).")
        % {"most": number_format(most, force_grouping=True), "key": MAX_ROWS},
        remedy=_(
            "Pida menos días, una sola cola o un reporte por día o por cola; o pida que se suba "
            "el máximo."
        ),
    )


def too_long_for_pdf(found: int, *, most: int) -> OverLimit:
    """The refusal of a PDF of thousands of pages."""
    return OverLimit(
        _("El reporte tendría %(count)s filas: demasiadas para un PDF.")
        % {"count": number_format(found, force_grouping=True)},
        cause=_("Un PDF lleva como máximo %(most)s filas.")
        % {"most": number_format(most, force_grouping=True)},
        remedy=_("Pídalo en CSV o XLSX, o pida menos días."),
    )


def schedules_are_off() -> OperationError:
    """The refusal of a scheduled report while these are switched off."""
    return OperationError(
        _("Los reportes programados están desactivados."),
        cause=_("La configuración reportes.enable_scheduled_reports está en no."),
        remedy=_("Actívela, pause la tarea programada, o genere el reporte desde su página."),
    )


def may_not_schedule(person: str) -> OperationError:
    """The refusal of a scheduled report of somebody who may only ask for one by hand."""
    return OperationError(
        _("%(person)s no puede programar reportes.") % {"person": person},
        cause=_("Falta el permiso %(permission)s.") % {"permission": "reports.schedule_report"},
        remedy=_("Pida el permiso a quien administra los usuarios, o pause la tarea programada."),
    )


def no_longer_wanted() -> OperationError:
    """The report's row went away while its file was being written."""
    return OperationError(
        _("El reporte se retiró mientras se generaba."),
        cause=_("La corrida se dio por perdida."),
        remedy=_("Genere el reporte de nuevo."),
    )


def file_is_gone() -> OperationError:
    """The storage has no such file."""
    return OperationError(
        _("El archivo del reporte ya no está."),
        cause=_("Alguien lo quitó del almacenamiento, o el disco cambió."),
        remedy=_("Genere otro igual."),
    )


def not_ready_yet() -> OperationError:
    """There is no file yet."""
    return OperationError(
        _("El reporte todavía se está generando."),
        remedy=_("Espere a que termine su corrida."),
    )
