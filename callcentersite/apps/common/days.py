"""Days in forms that stand for moments: from its beginning, or to its end."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UntilField(forms.DateField):
    """A day that counts to its end; empty: for ever."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> Any:
        """The last moment of that day, here."""
        day = super().clean(value)
        if day is None:
            return None
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
        if day < timezone.localdate():
            raise forms.ValidationError(_("Elija hoy o un día futuro."))
        return timezone.make_aware(datetime.combine(day, time.min))
