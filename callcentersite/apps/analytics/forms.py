"""Fields of forms that ask about calls."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .domain.periods import InvalidPeriod
from .selectors import queue_choices
from .services import known_queue


class QueueField(forms.ChoiceField):
    """A queue by its code, in any case."""

    def to_python(self, value: Any) -> str:
        code: str = super().to_python(value)
        return code.strip().upper()

    def validate(self, value: str) -> None:
        """The queues of now, in one query; the list is only to choose from."""
        try:
            known_queue(value or None)
        except InvalidPeriod as error:
            raise ValidationError(str(error)) from None


def every_queue() -> list[tuple[str, Any]]:
    """All of them together, then each."""
    return [("", _("Todas")), *queue_choices()]
