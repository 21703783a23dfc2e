"""SQLite: everything row by row, which is enough for what SQLite holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, BinaryIO

from ..domain.seals import Word
from ..selection import Where
from .base import FINE_UP_TO, Extent, Sweep, Table

BATCH = 10_000


class SQLiteTable(Table):
    """A row's version is a hash of what it holds, for SQLite keeps no other."""

    archive_format = "sqlite-literals"

    @property
    def literals(self) -> str:
        """Every column as SQL would write it: nothing is lost by reading it."""
        names = map(self.connection.ops.quote_name, self.columns)
        return ", ".join(f"quote({self.name}.{name})" for name in names)

    def words(self, where: Where, *, fine: bool) -> Iterator[Word]:
        """Always fine: there is no server to do the grouping."""
        statement = f"SELECT {self.pk}, {self.literals} FROM {self.name} WHERE {where.sql}"
        with self.connection.cursor() as cursor:
            cursor.execute(f"{statement} ORDER BY {self.pk}", where.params)
            found = ((self._key(row[0]), 1, number_of(row[1:])) for row in cursor)
            yield from found if self.has_number else sorted(found)

    def _key(self, value: Any) -> int:
        return int(value) if self.has_number else number_of(value)

    def is_small(self, where: Where, *, most: int = FINE_UP_TO) -> bool:
        return True

    def extent(self, where: Where, field: str, *, rows: int) -> Extent:
        column = self.column(field)
        oldest, newest, size = self.ask(
            f"SELECT MIN({column}), MAX({column}), "
            f"SUM({' + '.join(f'LENGTH(CAST({name} AS BLOB))' for name in self._or_empty())}) "
            f"FROM {self.name} WHERE {where.sql}",
            where.params,
        )
        return Extent(oldest=instant(oldest), newest=instant(newest), size_bytes=int(size or 0))

    def _or_empty(self) -> Iterator[str]:
        for name in map(self.connection.ops.quote_name, self.columns):
            yield f"COALESCE({self.name}.{name}, '')"

    def total(self) -> int:
        return int(self.ask(f"SELECT COUNT(*) FROM {self.name}")[0])

    def isolate(self, *, one_moment: bool = True, alone: tuple[str, ...] = ()) -> None:
        """A transaction is alone from its beginning: IMMEDIATE."""

    def sweep(self, where: Where, work: Sweep) -> Iterator[int]:
        last = -(2**63)
        while True:
            part = f"{self.name}.rowid > {last} AND {where.sql}"
            (upper,) = self.ask(
                f"SELECT MAX(rowid) FROM (SELECT rowid FROM {self.name} WHERE {part} "
                f"ORDER BY rowid LIMIT {BATCH})",
                where.params,
            )
            if upper is None:
                return
            yield work(Where(sql=f"{self.name}.rowid <= {upper} AND {part}", params=where.params))
            last = upper

    def delete(self, where: Where, *, into: BinaryIO | None = None) -> int:
        if into is not None:
            self.copy(where, into=into)
        with self.connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.name} WHERE {where.sql}", where.params)
            return int(cursor.rowcount)

    def copy(self, where: Where, *, into: BinaryIO) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {self.literals} FROM {self.name} WHERE {where.sql} ORDER BY rowid",
                where.params,
            )
            for row in cursor:
                into.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")

    def end_archive(self, into: BinaryIO) -> None:
        """Lines need no end."""

    def stage(self, source: BinaryIO) -> str:
        """The archive's checksum was verified: its literals are those that SQLite wrote."""
        with self.connection.cursor() as cursor:
            self._stage(cursor)
            for line in source:
                literals = ", ".join(json.loads(line)).replace("%", "%%")
                cursor.execute(f"INSERT INTO temp.restored VALUES ({literals})", ())
        return "temp.restored"

    def stage_rows(self, rows: Iterable[tuple[Any, ...]]) -> str:
        places = ", ".join(["%s"] * len(self.columns))
        adapted = self.connection.ops.adapt_datetimefield_value
        values = (
            [adapted(value) if isinstance(value, datetime) else value for value in row]
            for row in rows
        )
        with self.connection.cursor() as cursor:
            self._stage(cursor)
            while portion := list(islice(values, BATCH)):
                cursor.executemany(f"INSERT INTO temp.restored VALUES ({places})", portion)
        return "temp.restored"

    def _stage(self, cursor: Any) -> None:
        cursor.execute("DROP TABLE IF EXISTS temp.restored")
        cursor.execute(
            f"CREATE TEMPORARY TABLE restored AS SELECT {self.column_list} FROM {self.name} WHERE 0"
        )

    def vacuum(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("ANALYZE")


def instant(value: Any) -> datetime | None:
    """A moment as SQLite keeps it: text, or a datetime without its zone; it is UTC."""
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC)


def number_of(value: Any) -> int:
    """64 bits that stand for a value."""
    digest = hashlib.blake2b(repr(value).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
