"""What the settings ask of a password. Pure: no Django, no database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPolicy:
    """The four settings ``seguridad.password_*`` that a new password has to meet."""

    min_length: int
    uppercase: bool
    numbers: bool
    special: bool

    def missing(self, password: str) -> Iterator[str]:
        """The names of what the password lacks."""
        if len(password) < self.min_length:
            yield "min_length"
        if self.uppercase and not any(character.isupper() for character in password):
            yield "uppercase"
        if self.numbers and not any(character.isdigit() for character in password):
            yield "numbers"
        if self.special and all(is_plain(character) for character in password):
            yield "special"

    def required(self) -> Iterator[str]:
        """The names of everything that is asked."""
        yield "min_length"
        for name in ("uppercase", "numbers", "special"):
            if getattr(self, name):
                yield name


def is_plain(character: str) -> bool:
    """Whether the character is a letter, a digit or a space: nothing special."""
    return character.isalnum() or character.isspace()
