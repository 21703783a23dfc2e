"""What the two operations ask: which model, and how bad it has to be."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import registry
from .domain.findings import Severity

SEVERITIES = {
    Severity.WARNING: gettext_lazy("advertencia"),
    Severity.ERROR: gettext_lazy("error"),
}


class ModelField(forms.ChoiceField):
    """A model by its name, with its app or without; a wrong one is refused with the right ones."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=offered, required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return registry.model_named(text) or text

    def validate(self, value: Any) -> None:
        if value and value not in registry.models():
            raise ValidationError(
                _("No hay verificaciones del modelo «%(name)s». Modelos: %(names)s.")
                % {"name": value, "names": ", ".join(registry.models())}
            )
        super().validate(value)


def offered() -> list[tuple[str, Any]]:
    """All, or one of them, by what people call its rows."""
    names = [
        (name, f"{name} · {registry.about(name)[0].get_model()._meta.verbose_name_plural}")
        for name in registry.models()
    ]
    return [("", _("Todos")), *names]
