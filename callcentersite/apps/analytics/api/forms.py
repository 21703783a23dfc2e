"""What a client may ask of the figures; the names are those of the guide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from opsconsole.exceptions import BadInput

USUAL_DAYS = 30
MOST_DAYS = 1_100  # three years: more would be no answer but an export


class PeriodForm(forms.Form):
    """A period of whole local days, both ends included. Subclasses name its two fields."""

    first: str
    last: str

    queue = forms.CharField(
        label=_("Cola"), required=False, max_length=64, help_text=_("Solo las de esta cola.")
    )

    def clean(self) -> dict[str, Any]:
        """The last 30 days where nothing is said; refused where it makes no sense."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        cleaned[self.last] = last = cleaned.get(self.last) or timezone.localdate()
        usual = last - timedelta(days=USUAL_DAYS - 1)
        cleaned[self.first] = first = cleaned.get(self.first) or usual
        if first > last:
            self.add_error(self.last, _("Es anterior al comienzo."))
        elif (last - first).days >= MOST_DAYS:
            text = gettext("El periodo tiene más de %(most)s días.") % {"most": MOST_DAYS}
            self.add_error(self.last, text)
        return cleaned

    def period(self) -> dict[str, Any]:
        """Arguments for ``calculate_metrics``, whose end is not included."""
        end: date = self.cleaned_data[self.last]
        return {
            "start": self.cleaned_data[self.first],
            "end": end + timedelta(days=1),
            "queue": self.cleaned_data["queue"] or None,
        }


class ReportForm(PeriodForm):
    """``/api/reports/``."""

    first, last = "start_date", "end_date"
    start_date = forms.DateField(
        label=_("Desde"), required=False, help_text=_("Primer día; por omisión, 30 antes.")
    )
    end_date = forms.DateField(
        label=_("Hasta"), required=False, help_text=_("Último día, incluido; por omisión, hoy.")
    )


class CallAnalyticsForm(PeriodForm):
    """``/api/reports/call-analytics/``, day by day or hour by hour."""

    first, last = "date_from", "date_to"
    date_from = forms.DateField(label=_("Desde"), help_text=_("Primer día."))
    date_to = forms.DateField(label=_("Hasta"), help_text=_("Último día, incluido."))
    interval = forms.ChoiceField(
        label=_("Intervalo"),
        required=False,
        choices=[("day", "day"), ("hour", "hour")],
        initial="day",
        help_text=_("Por día o por hora; por horas, hasta 31 días."),
    )
    most_days_by_hour = 31

    def clean(self) -> dict[str, Any]:
        """Hours are counted from the calls themselves, so there are fewer of them."""
        cleaned = super().clean()
        if self.errors or (cleaned.get("interval") or "day") == "day":
            return cleaned
        if (cleaned["date_to"] - cleaned["date_from"]).days >= self.most_days_by_hour:
            text = gettext("Por horas, el periodo no puede tener más de %(most)s días.")
            self.add_error("date_to", text % {"most": self.most_days_by_hour})
        return cleaned

    def period(self) -> dict[str, Any]:
        """With the interval."""
        return super().period() | {"interval": self.cleaned_data["interval"] or "day"}


def accepted(form_class: type[PeriodForm], values: Mapping[str, Any]) -> PeriodForm:
    """The form, once it is satisfied; raises BadInput with an error for each wrong field."""
    unknown = {
        name: [gettext("No se conoce este campo.")]
        for name in sorted(set(values) - set(form_class.base_fields))
    }
    wrong = {
        name: [gettext("Debe ser un texto.")]
        for name, value in values.items()
        if name not in unknown and value is not None and not isinstance(value, str)
    }
    form = form_class({name: value for name, value in values.items() if name not in wrong})
    form.is_valid()
    errors = {name: [str(one) for one in texts] for name, texts in form.errors.items()}
    if unknown or wrong or errors:
        raise BadInput(errors | unknown | wrong, remedy=gettext("Vea /api/openapi.json."))
    return form
