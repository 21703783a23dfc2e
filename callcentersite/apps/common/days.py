"""Days in forms that stand for moments: from its beginning, or to its end."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LAST_YEAR = 2100  # beyond it a date is a slip of the fingers, and calendars end


def require_sensible(day: date) -> None:
    """Raise where it is over, or so far off that nobody can mean it."""
    if day < timezone.localdate():
        raise forms.ValidationError(_("Elija hoy o un día futuro."))
    if day.year > LAST_YEAR:
        raise forms.ValidationError(
            _("Elija un día hasta el año %(year)s, o ninguno."), params={"year": str(LAST_YEAR)}
        )


class UntilField(forms.DateField):
    """A day that counts to its end; empty: for ever."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> Any:
        """The last moment of that day, here."""
        day = super().clean(value)
        if day is None:
            return None
        require_sensible(day)
        end = timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
        if end <= timezone.now():
            raise forms.ValidationError(_("Elija hoy o un día futuro."))
        return end


class SinceField(forms.DateField):
    """A day that counts from its beginning; today, or empty: from now on."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> Any:
        """The first moment of that day, here; None: now."""
        day = super().clean(value)
        if day is None or day == timezone.localdate():
            return None
        require_sensible(day)
        return timezone.make_aware(datetime.combine(day, time.min))
