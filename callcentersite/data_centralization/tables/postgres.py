"""PostgreSQL: seals by one aggregate, removal by ranges of pages, archives by binary COPY."""

from __future__ import annotations

import shutil
import struct
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable, QueryCanceled

from opsconsole import OperationError

from ..domain.seals import MASK, Word
from ..selection import Where
from .base import FINE_UP_TO, Extent, Sweep, Table

# Of binary COPY: a signature of 19 bytes, then rows, then -1.
HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
WORD = struct.Struct(">qqq")
PACKED_BITS = 10  # so many numbers that differ only in these share a row

FIRST_PAGES, MOST_PAGES = 1_000, 16_000
QUICK_SECONDS, SLOW_SECONDS = 0.3, 1.0
LOCK_SECONDS = 5
# What only reads holds nobody up, and may take longer.
READ_SECONDS = 300
SAMPLE_PERCENT = 1
BLOCK = 1_000


class PostgresTable(Table):
    """A row's version is its xmin: whoever touches the row gives it another."""

    archive_format = "postgresql-binary"

    @property
    def key(self) -> str:
        return self.pk if self.has_number else f"hashtextextended({self.pk}::text, 0)"

    def words(self, where: Where, *, fine: bool) -> Iterator[Word]:
        """By COPY, which streams.

        ``age(xmin)`` is the cheap way to a number: what it is counted from stays the same within a
        transaction. Of the same rows the sum of their xmins only ever grows, so it tells of every
        change.
        """
        found = f"FROM {self.name} WHERE {where.sql}"
        if fine:
            words = f"SELECT {self.key}::bigint, 1::bigint, age(xmin)::bigint {found}"
        else:
            bit = f"1::bigint << ({self.key} & 63)::int"
            words = (
                f"SELECT {self.key}::bigint >> 6, bit_or({bit}), sum(age(xmin)) {found} GROUP BY 1"
            )
        with transaction.atomic(using=self.alias), self.connection.cursor() as cursor:
            if not fine:
                self._hurry(cursor)
            cursor.execute("SELECT age('3'::xid)")
            (now,) = cursor.fetchone()
            for group, bits, ages in self._packed(cursor, words, where.params):
                yield group, bits, (bits & MASK).bit_count() * now - ages

    def _hurry(self, cursor: Any) -> None:
        """The planner takes every key for a group of its own, and would sort millions."""
        for setting in ("enable_sort = off", "jit = off", "work_mem = '64MB'"):
            cursor.execute(f"SET LOCAL {setting}")

    def _packed(
        self, cursor: Any, words: str, params: tuple[Any, ...]
    ) -> Iterator[tuple[int, int, int]]:
        """Many words a row: each row costs this process more than it costs the server.

        The words apart, so that they are grouped by hashing, and only the few groups are sorted.
        """
        word = "int8send(number) || int8send(bits) || int8send(ages)"
        statement = (
            f"COPY (WITH words(number, bits, ages) AS MATERIALIZED ({words}) "
            f"SELECT string_agg({word}, '' ORDER BY number, ages) FROM words "
            f"GROUP BY number >> {PACKED_BITS} ORDER BY number >> {PACKED_BITS}) "
            "TO STDOUT (FORMAT BINARY)"
        )
        with self.connection.wrap_database_errors, cursor.copy(statement, params) as copy:
            copy.set_types(["bytea"])
            for (block,) in copy.rows():
                yield from WORD.iter_unpack(block)

    def is_small(self, where: Where, *, most: int = FINE_UP_TO) -> bool:
        found = f"SELECT 1 FROM {self.name} WHERE {where.sql} LIMIT {most + 1}"
        (count,) = self.ask(f"SELECT COUNT(*) FROM ({found}) AS found", where.params)
        return bool(count <= most)

    def extent(self, where: Where, field: str, *, rows: int) -> Extent:
        column = self.column(field)
        condition = f"FROM {self.name} WHERE {where.sql}"
        oldest, newest = self.ask(
            f"SELECT (SELECT MIN({column}) {condition}), (SELECT MAX({column}) {condition})",
            where.params * 2,
        )
        return Extent(oldest=oldest, newest=newest, size_bytes=self._bytes(where, rows=rows))

    def estimates(self, rows: int) -> bool:
        return rows > FINE_UP_TO

    def _bytes(self, where: Where, *, rows: int) -> int:
        """Of many rows as many times the mean of a sample of pages."""
        if not self.estimates(rows):
            return self._weigh(self.name, where)[0]
        part = f"{self.name} TABLESAMPLE SYSTEM ({SAMPLE_PERCENT})"
        size, count = self._weigh(part, where)
        return round(size * rows / count) if count else self._weigh(self.name, where)[0]

    def _weigh(self, source: str, where: Where) -> tuple[int, int]:
        size, count = self.ask(
            f"SELECT COALESCE(SUM(pg_column_size({self.name}.*)), 0), COUNT(*) "
            f"FROM {source} WHERE {where.sql}",
            where.params,
        )
        return int(size), int(count)

    def total(self) -> int:
        (estimate,) = self.ask(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", (self.name,)
        )
        if estimate > FINE_UP_TO:
            return int(estimate)
        return int(self.ask(f"SELECT COUNT(*) FROM {self.name}")[0])

    def isolate(self, *, one_moment: bool = True, alone: tuple[str, ...] = ()) -> None:
        with self.connection.cursor() as cursor:
            if one_moment:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            if alone:  # a lock takes no snapshot: the moment is what the next statement sees
                cursor.execute(f"LOCK TABLE {', '.join(alone)} IN SHARE ROW EXCLUSIVE MODE")
        self._allow(READ_SECONDS)

    def _allow(self, seconds: float) -> None:
        """How long a statement may take from now on in this transaction."""
        with self.connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {round(1000 * seconds)}")

    def sweep(self, where: Where, work: Sweep) -> Iterator[int]:
        """Range of pages by range of pages: each row is met once, and no index is walked.

        A part that takes longer than it may is undone and tried again on fewer pages; raises
        OperationError where even one page takes too long.
        """
        (pages,) = self.ask("SELECT pg_relation_size(%s::regclass) / 8192", (self.name,))
        first, step = 0, FIRST_PAGES
        self._allow(LOCK_SECONDS)
        while first <= pages:
            began = time.perf_counter()
            part = f"{self.name}.ctid >= '({first},0)' AND {self.name}.ctid < '({first + step},0)'"
            done = self._in_time(work, Where(sql=f"{part} AND {where.sql}", params=where.params))
            if done is None:
                step = self._fewer(step)
                continue
            yield done
            first += step
            step = self._next_step(step, seconds=time.perf_counter() - began)
        self._allow(READ_SECONDS)

    def _in_time(self, work: Sweep, part: Where) -> int | None:
        """The work's count; None: it took too long, and nothing of it is left."""
        try:
            with transaction.atomic(using=self.alias):
                return work(part)
        except OperationalError as error:
            if isinstance(error.__cause__, (LockNotAvailable, QueryCanceled)):
                return None
            raise

    def _fewer(self, step: int) -> int:
        """By quarters, so that a row that somebody keeps locked is found out soon."""
        if step == 1:
            raise OperationError(
                _("No se cambió nada en %(table)s: la base de datos está demasiado ocupada.")
                % {"table": self.model._meta.db_table},
                cause=_("Una sola página tardó más de %(seconds)s segundos, o alguien la bloquea.")
                % {"seconds": LOCK_SECONDS},
                remedy=_("Repita en horario de bajo tráfico."),
            )
        return max(step // 4, 1)

    def _next_step(self, step: int, *, seconds: float) -> int:
        """Pages for about a second: locks are asked for in small portions."""
        if seconds > SLOW_SECONDS:
            return max(step // 2, min(step, 50))
        return min(step * 2, MOST_PAGES) if seconds < QUICK_SECONDS else step

    def delete(self, where: Where, *, into: BinaryIO | None = None) -> int:
        statement = f"DELETE FROM {self.name} WHERE {where.sql}"
        with self.connection.cursor() as cursor:
            if into is None:
                cursor.execute(statement, where.params)
                return int(cursor.rowcount)
            returning = f"{statement} RETURNING {self.column_list}"
            # Aside first: of a statement that is cut short nothing may be in the archive.
            with tempfile.TemporaryFile() as portion:
                self._copy_out(cursor, returning, where.params, portion)
                rows = int(cursor.rowcount)
                portion.seek(0)
                self._begin_archive(into)
                shutil.copyfileobj(portion, into, 1 << 20)
            return rows

    def copy(self, where: Where, *, into: BinaryIO) -> None:
        with self.connection.cursor() as cursor:
            statement = f"SELECT {self.column_list} FROM {self.name} WHERE {where.sql}"
            self._begin_archive(into)
            self._copy_out(cursor, statement, where.params, into)

    def _copy_out(
        self, cursor: Any, statement: str, params: tuple[Any, ...], into: BinaryIO
    ) -> None:
        """The rows alone, without header and trailer."""
        copying = f"COPY ({statement}) TO STDOUT (FORMAT BINARY)"
        block: list[bytes] = []
        with self.connection.wrap_database_errors, cursor.copy(copying, params) as copy:
            for data in copy:
                block.append(data)
                if len(block) == BLOCK:
                    self._write(block, into)
            self._write(block, into)

    def _write(self, block: list[bytes], into: BinaryIO) -> None:
        if block:
            self._bare(block)
        into.write(b"".join(block))
        block.clear()

    def _bare(self, block: list[bytes]) -> None:
        """Without the header, which comes with the first row, and the trailer, after the last."""
        block[0] = bytes(block[0]).removeprefix(HEADER)
        if block[-1] == TRAILER:
            block.pop()

    def _begin_archive(self, into: BinaryIO) -> None:
        """One header stands at its beginning, one trailer at its end."""
        if not into.tell():
            into.write(HEADER)

    def end_archive(self, into: BinaryIO) -> None:
        into.write(TRAILER)

    def stage(self, source: BinaryIO) -> str:
        with self._stage(" WITH (FORMAT BINARY)") as copy:
            while block := source.read(1 << 20):
                copy.write(block)
        return "restored"

    def stage_rows(self, rows: Iterable[tuple[Any, ...]]) -> str:
        with self._stage("") as copy:
            for row in rows:
                copy.write_row(row)
        return "restored"

    @contextmanager
    def _stage(self, how: str) -> Iterator[Any]:
        """A COPY into a fresh temporary table, which the block fills."""
        with self.connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.restored")
            cursor.execute(
                f"CREATE TEMPORARY TABLE restored ON COMMIT DROP AS "
                f"SELECT {self.column_list} FROM {self.name} WHERE FALSE"
            )
            statement = f"COPY restored ({self.column_list}) FROM STDIN{how}"
            with self.connection.wrap_database_errors, cursor.copy(statement) as copy:
                yield copy
            cursor.execute("ANALYZE restored")

    def vacuum(self) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(f"VACUUM (ANALYZE) {self.name}")
