"""What an import would do, or did: counted, with the first of it to show, and sealed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from .importing import Change

SHOWN_ROWS = 200
SHOWN_ERRORS = 100


@dataclass(frozen=True, slots=True)
class Step:
    """A field that changes: what it says now, what it would say."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """A row that would be created or changed; ``number`` is its place in the file."""

    number: int
    name: str
    is_new: bool
    steps: tuple[Step, ...]
    waits: str = ""


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row is refused."""

    number: int
    text: str

    def __str__(self) -> str:
        return _("Fila %(number)s: %(text)s") % {"number": self.number, "text": self.text}


@dataclass(slots=True)
class Outcome:
    """The rows of a file, told apart; ``on_error`` hears of every refusal, the page of some."""

    on_error: Callable[[RowError], None] = lambda error: None

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    waiting: int = 0
    error_count: int = 0
    read: int = 0
    rows: list[ChangedRow] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    seal: Any = field(default_factory=hashlib.sha256)

    def add(self, change: Change, *, title: str) -> None:
        """Count a change, keep the first of them, and seal it."""
        old = change.before.values if change.before else None
        if old is None:
            self.created += 1
        else:
            self.updated += 1
        self.waiting += bool(change.waits)
        if len(self.rows) < SHOWN_ROWS:
            self.rows.append(shown(change, title=title))
        self.seal.update(repr((change.number, old, change.values, change.waits)).encode())

    def refuse(self, *errors: RowError) -> None:
        """Count what is wrong with a row, tell it, and keep the first of it to show."""
        self.error_count += len(errors)
        self.errors += errors[: SHOWN_ERRORS - len(self.errors)]
        for error in errors:
            self.on_error(error)

    @property
    def changes(self) -> int:
        """How many rows would be written."""
        return self.created + self.updated

    @property
    def is_good(self) -> bool:
        """Whether it may be confirmed."""
        return self.changes > 0 and not self.error_count

    def digest(self) -> str:
        """64 hexadecimal digits that stand for exactly these changes."""
        return str(self.seal.hexdigest())

    def summary(self) -> str:
        """How many rows of which kind, in words."""
        parts = [said(self.created), updated_words(self.updated)]
        if self.waiting:
            parts.append(waiting_words(self.waiting))
        return ", ".join(parts)


def shown(change: Change, *, title: str) -> ChangedRow:
    """The change as a table shows it: what a new row says, and where another differs."""
    old = change.before.values if change.before else {}
    return ChangedRow(
        number=change.number,
        name=title,
        is_new=change.before is None,
        steps=tuple(
            Step(name, old.get(name, ""), new)
            for name, new in change.values.items()
            if old.get(name, "") != new
        ),
        waits=change.waits,
    )


def said(count: int) -> str:
    """New rows."""
    return ngettext("%(count)s fila nueva", "%(count)s filas nuevas", count) % {"count": count}


def updated_words(count: int) -> str:
    """Changed rows."""
    return ngettext("%(count)s fila cambiada", "%(count)s filas cambiadas", count) % {
        "count": count
    }


def waiting_words(count: int) -> str:
    """Rows that a second person decides."""
    return ngettext(
        "%(count)s espera a una segunda persona",
        "%(count)s esperan a una segunda persona",
        count,
    ) % {"count": count}


def unchanged_words(count: int) -> str:
    """Rows that say what there is."""
    return ngettext("%(count)s fila sin cambio", "%(count)s filas sin cambio", count) % {
        "count": count
    }
