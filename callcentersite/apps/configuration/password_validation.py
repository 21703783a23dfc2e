"""``seguridad.password_*`` as one of Django's password validators."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .domain.passwords import PasswordPolicy
from .services import get_int, is_on


def policy() -> PasswordPolicy:
    """What holds now."""
    return PasswordPolicy(
        min_length=get_int("seguridad.password_min_length"),
        uppercase=is_on("seguridad.password_require_uppercase"),
        numbers=is_on("seguridad.password_require_numbers"),
        special=is_on("seguridad.password_require_special"),
    )


class ConfiguredPasswordValidator:
    """Asks of a new password what the settings ask at that moment."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError with a sentence for each thing that is missing."""
        asked = policy()
        errors = [
            ValidationError(sentence(name, asked), code=f"password_{name}")
            for name in asked.missing(password)
        ]
        if errors:
            raise ValidationError(errors)

    def get_help_text(self) -> str:
        """Everything that is asked, for beneath the box."""
        asked = policy()
        return " ".join(sentence(name, asked) for name in asked.required())


def sentence(name: str, asked: PasswordPolicy) -> str:
    """One requirement."""
    if name == "uppercase":
        return _("La contraseña debe tener al menos una mayúscula.")
    if name == "numbers":
        return _("La contraseña debe tener al menos un dígito.")
    if name == "special":
        return _("La contraseña debe tener al menos un carácter especial, como ! o #.")
    text = ngettext(
        "La contraseña debe tener al menos %(count)s carácter.",
        "La contraseña debe tener al menos %(count)s caracteres.",
        asked.min_length,
    )
    return text % {"count": asked.min_length}
