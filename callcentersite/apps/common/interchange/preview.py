"""What an import would do, row by row; and a seal over it, so that nothing else is done."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from import_export.results import Result, RowResult

from .resources import Step

SHOWN_ROWS = 200
SHOWN_ERRORS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """A row that would be created or changed; ``number`` is its place in the file."""

    number: int
    name: str
    is_new: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    """Why a row is refused; ``number`` None: it is about the whole file."""

    number: int | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file would do."""

    rows: tuple[ChangedRow, ...]
    errors: tuple[RowError, ...]
    unchanged: int

    @classmethod
    def of(cls, result: Result) -> Preview:
        """Read the library's result."""
        if result.base_errors:
            whole = [RowError(number=None, text=str(one.error)) for one in result.base_errors]
            return cls(rows=(), errors=tuple(whole), unchanged=0)
        rows: list[ChangedRow] = []
        errors: list[RowError] = []
        unchanged = 0
        for number, row in enumerate(result.rows, 2):
            found = errors_of(row, number)
            errors += found
            if row.import_type == RowResult.IMPORT_TYPE_SKIP:
                unchanged += 1
            elif not found:
                rows.append(changed(row, number))
        return cls(rows=tuple(rows), errors=tuple(errors), unchanged=unchanged)

    @property
    def is_good(self) -> bool:
        """Whether it may be confirmed."""
        return bool(self.rows) and not self.errors

    @property
    def created(self) -> int:
        """How many rows would be new."""
        return sum(row.is_new for row in self.rows)

    @property
    def updated(self) -> int:
        """How many rows would change."""
        return len(self.rows) - self.created

    @property
    def shown_rows(self) -> tuple[ChangedRow, ...]:
        """The first of them, for the page."""
        return self.rows[:SHOWN_ROWS]

    @property
    def shown_errors(self) -> tuple[RowError, ...]:
        """The first of them, for the page."""
        return self.errors[:SHOWN_ERRORS]

    def digest(self) -> str:
        """64 hexadecimal digits that stand for exactly these changes."""
        content = [
            (row.number, row.is_new, [(s.column, s.old, s.new) for s in row.steps])
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def changed(row: RowResult, number: int) -> ChangedRow:
    """A row that is fine."""
    return ChangedRow(
        number=number,
        name=row.object_repr or "",
        is_new=row.import_type == RowResult.IMPORT_TYPE_NEW,
        steps=row.diff or (),
    )


def errors_of(row: RowResult, number: int) -> list[RowError]:
    """What is wrong with a row, in the words of the model."""
    texts = [str(error.error) for error in row.errors]
    if row.validation_error is not None:
        texts += sentences(row.validation_error)
    return [RowError(number=number, text=text) for text in texts]


def sentences(error: ValidationError) -> list[str]:
    """Each field's errors, led by its column."""
    if not hasattr(error, "error_dict"):
        return error.messages
    return [
        text if name == NON_FIELD_ERRORS else _("%(column)s: %(text)s") % {
            "column": name, "text": text
        }
        for name, texts in error.message_dict.items()
        for text in texts
    ]  # fmt: skip
