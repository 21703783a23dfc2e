"""What is asked of a report: rows, days, queue, format."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.analytics.forms import QueueField, every_queue
from callcentersite.apps.configuration import services as settings

from .domain.dates import InvalidDates
from .domain.kinds import Kind
from .domain.request import ReportRequest, request_of
from .models import FORMATS, KINDS

PERIODS = [
    ("", _("Entre las dos fechas; sin ellas, ayer")),
    ("yesterday", _("Ayer")),
    ("last_7_days", _("Los últimos 7 días, sin hoy")),
    ("this_month", _("Este mes, hasta hoy")),
    ("last_month", _("El mes pasado")),
]


class ReportForm(forms.Form):
    """A period by its name, or two days; all of it may be left as it is."""

    kind = forms.ChoiceField(
        label=_("Tipo"),
        choices=KINDS,
        initial=Kind.DAY_QUEUE.value,
        help_text=_("De qué es cada fila."),
    )
    period = forms.ChoiceField(
        label=_("Periodo"),
        choices=PERIODS,
        required=False,
        help_text=_("Se cuenta desde el día en que se genera: sirve para programar el reporte."),
    )
    since = forms.DateField(
        label=_("Desde"),
        required=False,
        help_text=_("Primer día, AAAA-MM-DD; solo entre dos fechas."),
    )
    until = forms.DateField(
        label=_("Hasta"),
        required=False,
        help_text=_("Último día, incluido; AAAA-MM-DD."),
    )
    queue = QueueField(
        label=_("Cola"),
        choices=every_queue,
        required=False,
        help_text=_("Solo esta cola; vacío, todas."),
    )
    format = forms.ChoiceField(
        label=_("Formato"),
        choices=[("", _("El de la configuración")), *FORMATS],
        required=False,
        help_text=_("Vacío, el que dice reportes.default_format."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse days that make no report, at the field that is to blame."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                as_request(cleaned)
            except InvalidDates as error:
                self.add_error(error.field, gettext(error.sentence))
        return cleaned


def as_request(cleaned: dict[str, Any]) -> ReportRequest:
    """What the form asks for, as of today and as it is configured."""
    return request_of(
        cleaned,
        today=timezone.localdate(),
        default_format=settings.get_text("reportes.default_format"),
    )
