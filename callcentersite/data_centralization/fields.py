"""A registered table, chosen in a form or typed on the command line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import targets


class TableField(forms.ChoiceField):
    """Refuses an unknown one with the list of those there are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=offered, **kwargs)

    def validate(self, value: Any) -> None:
        if value and targets.find(value) is None:
            names = ", ".join(target.name for target in targets.everything())
            raise ValidationError(
                _("No existe la tabla «%(name)s». Tablas registradas: %(names)s.")
                % {"name": value, "names": names}
            )
        super().validate(value)


def offered() -> list[tuple[str, Any]]:
    """All, or one of them."""
    return [("", _("Todas")), *targets.choices()]
