"""Fields of forms that ask about archived calls."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .domain.months import Month


class MonthField(forms.CharField):
    """``2025-01``; its value stays that text."""

    def clean(self, value: Any) -> str:
        """Refuse what is no month."""
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return str(Month.parse(text))
        except ValueError:
            raise ValidationError(_("Escriba un mes como AAAA-MM.")) from None


def month_of(text: str) -> Month | None:
    """The month that somebody asked for; None: she asked for none."""
    return Month.parse(text) if text else None
