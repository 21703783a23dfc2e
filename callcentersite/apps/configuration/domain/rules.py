"""What a value may be, beyond being of its type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .facilities import is_there

if TYPE_CHECKING:
    from .values import Value

INTEGER_LIMIT = 2**31 - 1
TEXT_LIMIT = 1_000
ANYTHING: dict[str, Rule] = {}


@dataclass(frozen=True, slots=True)
class Rule:
    """What is allowed; the base class allows everything of the type."""

    def admits(self, value: Value) -> bool:
        """Whether the value may be stored."""
        return True

    def canonical(self, value: Value) -> Value:
        """The value as it is stored, where it can be written in more than one way."""
        return value

    @staticmethod
    def of_type(tipo_dato: str) -> Rule:
        """The widest rule of a type."""
        return ANYTHING.get(tipo_dato, Rule())


@dataclass(frozen=True, slots=True)
class Range(Rule):
    """A number from ``least`` to ``most``, both included."""

    least: int
    most: int

    def admits(self, value: Value) -> bool:
        return isinstance(value, (int, float)) and self.least <= value <= self.most


@dataclass(frozen=True, slots=True)
class OneOf(Rule):
    """One of a few words; letter case does not matter when it is typed."""

    choices: tuple[str, ...]

    def admits(self, value: Value) -> bool:
        return value in self.choices

    def canonical(self, value: Value) -> Value:
        wanted = str(value).strip().casefold()
        return next((choice for choice in self.choices if choice.casefold() == wanted), value)


@dataclass(frozen=True, slots=True)
class Flag(Rule):
    """Yes or no."""

    def admits(self, value: Value) -> bool:
        return isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class StaysOff(Flag):
    """No, as long as the console lacks the facility that a yes needs; ``why`` says what that is."""

    why: str
    facility: str

    @property
    def is_free(self) -> bool:
        """Whether the console has what it takes."""
        return is_there(self.facility)

    def admits(self, value: Value) -> bool:
        return value is False or (value is True and self.is_free)


@dataclass(frozen=True, slots=True)
class Text(Rule):
    """A text of bounded length."""

    longest: int = TEXT_LIMIT

    def admits(self, value: Value) -> bool:
        return isinstance(value, str) and len(value) <= self.longest


ANYTHING.update(
    integer=Range(-INTEGER_LIMIT, INTEGER_LIMIT), boolean=Flag(), string=Text(), float=Rule()
)
