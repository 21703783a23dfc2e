"""What both databases can do with rows of a table, said once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db import connections
from django.db.models import ForeignKey, Model

from ..domain.seals import Word
from ..selection import Where

# Up to so many rows a seal knows every row by itself.
FINE_UP_TO = 100_000
Sweep = Callable[[Where], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """The oldest and the newest of some rows, and what they weigh."""

    oldest: Any
    newest: Any
    size_bytes: int


class Table(ABC):
    """One table through one alias. Everything but ``sweep`` and ``restore`` only reads."""

    archive_format: str

    def __init__(self, model: type[Model], *, alias: str) -> None:
        self.model = model
        self.alias = alias
        self.connection = connections[alias]
        self.name = self.connection.ops.quote_name(model._meta.db_table)
        self.pk = self.connection.ops.quote_name(str(model._meta.pk.column))
        self.has_number = "int" in str(model._meta.pk.rel_db_type(self.connection)).lower()
        self.columns = [str(field.column) for field in model._meta.concrete_fields]

    def primary_keys(self, where: Where) -> list[Any]:
        """Of a part of the rows, which is never many."""
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT {self.pk} FROM {self.name} WHERE {where.sql}", where.params)
            return [key for (key,) in cursor.fetchall()]

    def column(self, name: str) -> str:
        """A field's column, with the table before it."""
        return f"{self.name}.{self.connection.ops.quote_name(self.column_name(name))}"

    def column_name(self, name: str) -> str:
        """A field's column."""
        return str(self.model._meta.get_field(name).column)  # type: ignore[union-attr]

    @property
    def column_list(self) -> str:
        """All columns, in the model's order."""
        return ", ".join(self.connection.ops.quote_name(name) for name in self.columns)

    def ask(self, statement: str, params: tuple[Any, ...] = ()) -> tuple[Any, ...]:
        """The one row of a query."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, params)
            return tuple(cursor.fetchone())

    def index_on(self, field: str) -> str:
        """The name of an index that begins with the field's column; empty: there is none."""
        column = self.column_name(field)
        with self.connection.cursor() as cursor:
            found = self.connection.introspection.get_constraints(cursor, self.model._meta.db_table)
        for name, facts in sorted(found.items()):
            if facts["index"] and facts["columns"][:1] == [column]:
                return str(name)
        return ""

    @abstractmethod
    def words(self, where: Where, *, fine: bool) -> Iterator[Word]:
        """The rows' seal, in the order of its groups; holds one word at a time."""

    @abstractmethod
    def is_small(self, where: Where, *, most: int = FINE_UP_TO) -> bool:
        """Whether there are so few rows that each can be sealed by itself."""

    @abstractmethod
    def extent(self, where: Where, field: str, *, rows: int) -> Extent:
        """Oldest, newest and bytes; the bytes of many rows are those of a sample."""

    def estimates(self, rows: int) -> bool:
        """Whether the bytes of so many rows are those of a sample."""
        return False

    @abstractmethod
    def total(self) -> int:
        """How many rows there are; of a large table the database's own estimate."""

    @abstractmethod
    def isolate(self, *, one_moment: bool = True, alone: tuple[str, ...] = ()) -> None:
        """First in a transaction: it sees one moment, and waits for nobody for long.

        To ``alone`` nobody else writes from before that moment until the commit.
        """

    @abstractmethod
    def copy(self, where: Where, *, into: BinaryIO) -> None:
        """Write the rows as they are, and leave them."""

    @abstractmethod
    def sweep(self, where: Where, work: Sweep) -> Iterator[int]:
        """Do the work on one narrow part of the rows after the other; yield its counts."""

    @abstractmethod
    def delete(self, where: Where, *, into: BinaryIO | None = None) -> int:
        """Delete; with ``into`` write the rows there as they are."""

    def blank(self, where: Where, columns: tuple[str, ...], *, stamp: str, now: Any) -> int:
        """Set the columns to NULL and the stamp to now."""
        quoted = [self.connection.ops.quote_name(name) for name in (*columns, stamp)]
        changes = ", ".join([*(f"{name} = NULL" for name in quoted[:-1]), f"{quoted[-1]} = %s"])
        with self.connection.cursor() as cursor:
            moment = self.connection.ops.adapt_datetimefield_value(now)
            cursor.execute(
                f"UPDATE {self.name} SET {changes} WHERE {where.sql}", (moment, *where.params)
            )
            return int(cursor.rowcount)

    @abstractmethod
    def end_archive(self, into: BinaryIO) -> None:
        """What an archive ends with."""

    @abstractmethod
    def stage(self, source: BinaryIO) -> str:
        """Read an archive into a temporary table; return the table's name."""

    @abstractmethod
    def stage_rows(self, rows: Iterable[tuple[Any, ...]]) -> str:
        """The same from values of Python, in the order of the columns."""

    def restore(self, stage: str) -> int:
        """Put back what is not there; what clashes with a row of now stays staged only.

        So does what belonged to a row that is gone: it would break a foreign key.
        """
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {self.name} ({self.column_list}) SELECT {self.column_list} "
                f"FROM {stage} WHERE {' AND '.join(['1 = 1', *self._belongs(stage)])} "
                f"ON CONFLICT DO NOTHING"
            )
            return int(cursor.rowcount)

    def _belongs(self, stage: str) -> Iterator[str]:
        """For each foreign key: empty, or its row is there."""
        quote = self.connection.ops.quote_name
        for field in self.model._meta.concrete_fields:
            # Where the other table is elsewhere the column only looks like a key.
            if isinstance(field, ForeignKey) and getattr(field, "db_constraint", False):
                column = f"{stage}.{quote(str(field.column))}"
                parent = quote(field.related_model._meta.db_table)
                key = f"{parent}.{quote(str(field.target_field.column))}"
                found = f"SELECT 1 FROM {parent} WHERE {key} = {column}"
                yield f"({column} IS NULL OR EXISTS ({found}))"

    def present(self, stage: str, *, limit: int) -> list[Any]:
        """Keys of the staged rows that are here already."""
        return self._staged(stage, "EXISTS", limit=limit)

    def absent(self, stage: str, *, limit: int) -> list[Any]:
        """Keys of the staged rows that are not here: what ``restore`` could not put back."""
        return self._staged(stage, "NOT EXISTS", limit=limit)

    def _staged(self, stage: str, which: str, *, limit: int) -> list[Any]:
        """Keys of the staged rows whose like ``EXISTS``, or does not, in the table; ascending."""
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {self.pk} FROM {stage} WHERE {which} (SELECT 1 FROM {self.name} "
                f"WHERE {self.name}.{self.pk} = {stage}.{self.pk}) ORDER BY 1 LIMIT %s",
                (limit,),
            )
            return [key for (key,) in cursor.fetchall()]

    def keys(self, stage: str) -> Iterator[Any]:
        """The staged rows' keys, ascending."""
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT {self.pk} FROM {stage} ORDER BY 1")
            while rows := cursor.fetchmany(10_000):
                yield from (key for (key,) in rows)

    @abstractmethod
    def vacuum(self) -> None:
        """Make the space of deleted rows reusable, and know the table's shape again."""
