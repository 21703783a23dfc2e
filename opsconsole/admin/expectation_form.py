"""The form of what is expected of cron: which operation, when, how late it may begin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import permissions
from ..models import Expectation
from ..programmes import declaring, lengths
from ..programmes.orders import cron_problem
from .programme_times import zone_names

TIMES = ("cron", "zone")


class ExpectationForm(forms.ModelForm):
    """The same as ``console expect``; which operation it is about is said once."""

    user: Any = None  # whoever fills it in; the admin sets it

    operation = forms.ChoiceField(label=_("Operación"))
    cron = forms.CharField(
        label=_("Cron"),
        max_length=100,
        help_text=_(
            "La misma línea que en el crontab: minuto, hora, día, mes y día de la semana. 0 * * * *"
        ),
    )
    zone = forms.ChoiceField(
        label=_("Zona horaria"), help_text=_("La del equipo cuyo cron la lanza.")
    )
    grace = forms.CharField(
        label=_("Margen"),
        initial="10m",
        max_length=8,
        help_text=_("Cuánto puede tardar en empezar: 30s, 10m, 2h."),
    )

    class Meta:
        model = Expectation
        fields = ("operation", "cron", "zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known, here = self.instance.pk is not None, timezone.get_default_timezone_name()
        own = (self.instance.operation, self.instance.operation)
        offered = [(one.name, one.title) for one in permissions.runnable(self.user)]
        titles = {name: (name, title) for name, title in offered}
        field = self.fields["operation"]
        field.choices = [titles.get(own[0], own)] if known else offered  # type: ignore[attr-defined]
        field.disabled = known
        zone = self.instance.zone if known else here
        names = [*zone_names()] if zone in dict(zone_names()) else [(zone, zone), *zone_names()]
        self.fields["zone"].choices = names  # type: ignore[attr-defined]
        self.initial.setdefault("zone", here)
        if known:
            self.initial["grace"] = lengths.typed(self.instance.grace)

    def clean_cron(self) -> str:
        """With single spaces, as it is compared with others."""
        text = " ".join(self.cleaned_data["cron"].split())
        problem = cron_problem(text)
        if problem:
            raise forms.ValidationError(problem)
        return text

    def clean_grace(self) -> str:
        """Kept in seconds."""
        text: str = self.cleaned_data["grace"]
        try:
            length = lengths.parsed(text, most=declaring.MOST_GRACE)
        except ValueError:
            raise forms.ValidationError(declaring.what_grace()) from None
        self.instance.grace_seconds = int(length.total_seconds())
        return text
