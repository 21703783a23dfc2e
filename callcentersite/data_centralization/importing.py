"""Policies that come in a file: checked as the form checks them, row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from callcentersite.apps.common.interchange.flags import bring_to_form
from callcentersite.apps.common.interchange.importing import Key, Known, Values
from callcentersite.apps.common.interchange.rows import RowImporter
from callcentersite.apps.common.interchange.texts import told

from .models import RetentionPolicy

NUMBERS = ("days", "floor_days", "archive_days", "max_rows", "order")


class RetentionPolicyImporter(RowImporter):
    """A few dozen of them at most: the model's own checks may take their time."""

    model = RetentionPolicy
    columns = (
        "name", "target", "action", "days", "config_key", "condition", "floor_days", "archive",
        "archive_days", "max_rows", "needs_approval", "order", "active",
    )  # fmt: skip
    keys = ("name",)
    flags = ("archive", "needs_approval", "active")
    defaults = {"archive": "false", "needs_approval": "false", "active": "true"} | {
        name: str(getattr(RetentionPolicy(), name))
        for name in ("action", "floor_days", "archive_days", "order")
    }

    def known(self, keys: Collection[Key]) -> Mapping[Key, Known]:
        """A number that is not there is an empty cell."""
        found = super().known(keys)
        for one in found.values():
            one.values.update({name: "" for name in NUMBERS if one.values[name] == "None"})
        return found

    def problems(self, values: Values, before: Known | None) -> Iterator[str]:
        """As ``full_clean`` says it; the numbers come to the form in which they are stored."""
        wrong = [*bring_to_form(values, self.flags), *numbers_to_form(values)]
        yield from wrong
        if wrong:
            return
        row = RetentionPolicy(**dict(zip(self.fields, self.stored(values), strict=True)))
        try:
            row.full_clean(validate_unique=False)  # the name is what the row is found by
        except ValidationError as error:
            for column, errors in error.error_dict.items():
                yield from told_of(column, errors)

    def stored(self, values: Values) -> Iterator[Any]:
        for name, value in zip(self.fields, super().stored(values), strict=True):
            yield (int(value) if value else None) if name in NUMBERS else value


def numbers_to_form(values: Values) -> Iterator[str]:
    """Write each without blanks and zeros before it; yield what is wrong with the others."""
    for name in NUMBERS:
        text = values[name].strip()
        if not text:
            values[name] = ""
        elif text.isascii() and text.isdigit() and len(text) < 20:
            values[name] = str(int(text))
        else:
            yield _("%(column)s: «%(value)s» no es un número entero.") % {
                "column": name,
                "value": text,
            }


def told_of(column: str, errors: list[ValidationError]) -> list[str]:
    """The sentences, with the column where they are of one."""
    error = ValidationError(errors)
    return list(error.messages) if column == NON_FIELD_ERRORS else told(column, error)
