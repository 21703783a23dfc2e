"""Columns that are a model's text fields, checked in its own words; fast where they are fine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models
from django.utils.translation import gettext as _

SIMPLE = (MaxLengthValidator, ProhibitNullCharactersValidator)


def told(column: str, error: ValidationError) -> list[str]:
    """The model's sentences about a column."""
    return [_("%(column)s: %(text)s") % {"column": column, "text": one} for one in error.messages]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextCheck:
    """What a text field asks; ``is_simple``: its length and its choices are all of it."""

    column: str
    field: models.Field[Any, Any]
    longest: int
    choices: frozenset[str]
    is_simple: bool

    @classmethod
    def of(cls, model: type[models.Model], column: str) -> TextCheck:
        """Read the field once."""
        field: Any = model._meta.get_field(column)
        return cls(
            column=column,
            field=field,
            longest=field.max_length or 2**31,
            choices=frozenset(str(value) for value, _title in field.flatchoices),
            is_simple=all(isinstance(one, SIMPLE) for one in field.validators),
        )

    def problems(self, text: str) -> list[str]:
        """What is wrong with the text."""
        if self.is_simple and self.looks_fine(text):
            return []
        try:
            self.field.clean(text, None)
        except ValidationError as error:
            return told(self.column, error)
        return [_("%(column)s: contiene bytes nulos.") % {"column": self.column}] * ("\0" in text)

    def looks_fine(self, text: str) -> bool:
        """Whether the field's own, slower check can be spared."""
        if "\0" in text or len(text) > self.longest or not (text or self.field.blank):
            return False
        return not self.choices or text in self.choices


def problems_of(checks: Sequence[TextCheck], values: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a row's texts."""
    for check in checks:
        yield from check.problems(values[check.column])
