"""Fields of forms that ask about archived calls."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .domain.months import Month


class MonthsField(forms.CharField):
    """``2025-01``, or several with commas between them; its value stays that text."""

    def clean(self, value: Any) -> str:
        """Refuse what is no month."""
        try:
            return text_of(months_of(super().clean(value)))
        except ValueError:
            raise ValidationError(_("Escriba un mes como AAAA-MM.")) from None


def months_of(text: str) -> list[Month]:
    """The months that somebody asked for, each once, in their order; raises ValueError."""
    return sorted({Month.parse(part) for part in text.replace(",", " ").split()})


def text_of(months: list[Month]) -> str:
    """The same as text."""
    return ",".join(map(str, months))
