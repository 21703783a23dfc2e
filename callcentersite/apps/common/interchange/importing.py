"""A file against the table: what is new, what changes, what is wrong; and, if asked, its writing.

The same for a page and for a run. Chunk by chunk: the rows are read, what the table says of them
comes by one query, they are compared as text, and what differs is checked and written together.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from callcentersite.apps.audit.services import Action, Target

from .deeds import Deed
from .formats import Sheet
from .limits import UnreadableFile
from .outcome import Outcome, RowError
from .trail import steps_of

CHUNK = 5_000
Key = tuple[str, ...]
Values = dict[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """A row of the table: its primary key, and its columns as an export writes them."""

    pk: Any
    values: Values


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the file that differs; ``before`` None: it is new. ``waits`` says for whom."""

    number: int
    before: Known | None
    values: Values
    waits: str = ""


class Importer(ABC):
    """One import of one file: what its kind of rows knows of itself.

    ``by`` is the account in whose name it happens, None the trusted terminal; ``name`` the file's.
    While ``writing`` what is read is locked, so that it still holds when it is written.
    """

    columns: ClassVar[tuple[str, ...]]
    keys: ClassVar[tuple[str, ...]]
    defaults: ClassVar[Mapping[str, str]] = {}
    kind: ClassVar[str] = ""  # what the audit calls such a row

    def __init__(self, *, by: Any = None, name: str = "", writing: bool = False) -> None:
        self.by = by
        self.name = name
        self.writing = writing
        self.now = timezone.now()

    @abstractmethod
    def known(self, keys: Collection[Key]) -> Mapping[Key, Known]:
        """What the table says of these keys; one query, or a few."""

    @abstractmethod
    def problems(self, values: Values, before: Known | None) -> Iterable[str]:
        """What is wrong with a row that differs; brings its values to their one form."""

    @abstractmethod
    def write(self, changes: Sequence[Change]) -> None:
        """Write them together, in the caller's transaction."""

    def waits(self, values: Values, before: Known | None) -> str:
        """What of the row a second person has to approve first, in words; empty: nothing."""
        return ""

    def deeds(self, change: Change) -> Iterable[Deed]:
        """What the audit is told of a row that was written."""
        target = Target(kind=self.kind, name=self.title(change.values))
        yield Deed(Action.IMPORTED, target, {"changed": dict(steps_of(change))})

    def title(self, values: Values) -> str:
        """What people call the row."""
        return " · ".join(values[name] for name in self.keys)


def go_through(
    sheet: Sheet,
    importer: Importer,
    *,
    watch: Callable[[Outcome], None] = lambda outcome: None,
    on_error: Callable[[RowError], None] = lambda error: None,
    on_write: Callable[[Sequence[Change]], None] = lambda changes: None,
) -> Outcome:
    """Judge every row; write those that differ where the importer is writing.

    The caller holds the transaction, and keeps it only for an outcome without errors. ``watch``
    sees the outcome after each chunk, ``on_error`` every refusal, ``on_write`` what was written.
    """
    check_columns(sheet.headers, importer)
    outcome, judge = Outcome(on_error=on_error), Judge(sheet.headers, importer)
    for rows in batches(sheet.rows, CHUNK):
        changes = list(judge.changes(rows, outcome))
        if importer.writing and not outcome.error_count:
            importer.write(changes)
            on_write(changes)
        outcome.read = rows[-1][0] - 1
        watch(outcome)
    return outcome


class Judge:
    """Tells the rows of one file apart, and adds them up."""

    def __init__(self, headers: list[str], importer: Importer) -> None:
        self.headers = headers
        self.importer = importer
        self.places = [headers.index(name) for name in importer.keys]
        self.seen: set[Key] = set()

    def changes(self, rows: list[tuple[int, list[str]]], outcome: Outcome) -> Iterator[Change]:
        """Those that differ and may."""
        keyed = [(number, self.key_of(cells), cells) for number, cells in rows]
        known = self.importer.known({key for _number, key, _cells in keyed})
        for number, key, cells in keyed:
            problem = self.key_problem(key)
            if problem:
                outcome.refuse(RowError(number, problem))
                continue
            change = self.change(number, cells, known.get(key), outcome)
            if change is not None:
                outcome.add(change, title=self.importer.title(change.values))
                yield change

    def key_of(self, cells: list[str]) -> Key:
        """What the row is known by."""
        return tuple(cells[place] for place in self.places)

    def key_problem(self, key: Key) -> str:
        """A key that is missing, or has come before."""
        if not all(key):
            return _("Falta %(names)s.") % {"names": ", ".join(self.importer.keys)}
        if key in self.seen:
            return _("%(key)s ya está en otra fila del archivo.") % {"key": " · ".join(key)}
        self.seen.add(key)
        return ""

    def change(
        self, number: int, cells: list[str], before: Known | None, outcome: Outcome
    ) -> Change | None:
        """What the row changes; None: nothing, or it is refused."""
        said = dict(zip(self.headers, cells, strict=True))
        old = before.values if before else None
        if old is not None and said.items() <= old.items():
            outcome.unchanged += 1
            return None
        values = {**(old or self.blank()), **said}
        found = [RowError(number, text) for text in self.importer.problems(values, before)]
        if found:
            outcome.refuse(*found)
        elif values == old:
            outcome.unchanged += 1
        else:
            return Change(number, before, values, self.importer.waits(values, before))
        return None

    def blank(self) -> Values:
        """A new row, before the file has said anything of it."""
        return dict.fromkeys(self.importer.columns, "") | dict(self.importer.defaults)


def check_columns(headers: list[str], importer: Importer) -> None:
    """Refuse headings that mean nothing here, and rows that cannot be found without theirs."""
    missing = [name for name in importer.keys if name not in headers]
    if missing:
        raise UnreadableFile(_("Falta la columna %(names)s.") % {"names": ", ".join(missing)})
    unknown = [name for name in headers if name not in importer.columns]
    if unknown:
        raise UnreadableFile(
            _("Columnas desconocidas: %(names)s. Las que hay: %(known)s.")
            % {"names": ", ".join(unknown), "known": ", ".join(importer.columns)}
        )


def batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    """Lists of at most so many."""
    while batch := list(islice(items, size)):
        yield batch
