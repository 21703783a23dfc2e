"""What the ETL asks of the legacy database, whichever kind it is."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..domain.rows import GarbledPage, Page, parse
from ..domain.walks import Walk
from ..errors import legacy_connection, reading

QUEUE_COLUMNS = ("queue_code", "name", "segment", "sla_seconds", "active")
AGENT_COLUMNS = ("agent_code", "name", "team", "active")


class LegacySource(ABC):
    """An open reader; ``seconds`` is what reading has cost so far."""

    def __init__(self) -> None:
        self.seconds = 0.0

    @abstractmethod
    def rows(self, sql: str, args: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """The rows of a small query."""

    @abstractmethod
    def joined(self, walk: Walk, *, size: int, careful: bool) -> tuple[bytes, int]:
        """The next ``size`` rows of a walk as one text (see ``domain.rows``), and their number.

        ``careful`` leaves the separators out of the texts, at the server's expense.
        """

    @abstractmethod
    def table_rows(self) -> int:
        """About how many calls there are; cheap, so not exact on a server."""

    @abstractmethod
    def close(self) -> None:
        """Let go, also in the middle of a result."""

    def pages(self, walk: Walk, *, size: int) -> Iterator[Page]:
        """Every page of a walk, each one read when it is asked for."""
        while True:
            page = self.page(walk, size=size)
            if page.rows:
                yield page
            if page.rows < size:
                return
            walk = walk.after(page)

    def page(self, walk: Walk, *, size: int) -> Page:
        """The next page of a walk."""
        with self._reading():
            try:
                return parsed(self.joined(walk, size=size, careful=False))
            except GarbledPage:
                return parsed(self.joined(walk, size=size, careful=True))

    def latest_update(self) -> str | None:
        """The greatest ``updated_at`` there is."""
        with self._reading():
            (stamp,) = self.rows("SELECT MAX(updated_at) FROM ivr_calls")[0]
        return None if stamp is None else text_of(stamp)

    def expected_rows(self) -> int:
        """About how many calls there are, to show progress against."""
        with self._reading():
            return self.table_rows()

    def count(self, walk: Walk) -> int:
        """Exactly how many rows a walk will meet; for walks that an index counts."""
        condition, args = walk.condition()
        with self._reading():
            return int(self.rows(f"SELECT COUNT(*) FROM ivr_calls WHERE {condition}", args)[0][0])

    def key_at(self, walk: Walk, *, row: int) -> int | None:
        """The key of the row that a walk meets as its ``row``-th; None: it ends before that.

        The server counts along its index, and sends one number.
        """
        condition, args = walk.condition()
        sql = (
            f"SELECT call_id FROM ivr_calls WHERE {condition} "
            f"ORDER BY {walk.order} LIMIT 1 OFFSET {row - 1:d}"
        )
        with self._reading():
            found = self.rows(sql, args)
        return int(found[0][0]) if found else None

    def queues(self) -> list[tuple[Any, ...]]:
        """``ivr_queues``, in the order of QUEUE_COLUMNS, all values as text or None."""
        return self._texts("ivr_queues", QUEUE_COLUMNS)

    def agents(self) -> list[tuple[Any, ...]]:
        """``ivr_agents``, in the order of AGENT_COLUMNS, all values as text or None."""
        return self._texts("ivr_agents", AGENT_COLUMNS)

    def _texts(self, table: str, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
        with self._reading():
            rows = self.rows(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {columns[0]}")
        return [tuple(None if value is None else text_of(value) for value in row) for row in rows]

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Time it, and tell its errors."""
        began = time.perf_counter()
        try:
            with reading():
                yield
        finally:
            self.seconds += time.perf_counter() - began


def parsed(joined: tuple[bytes, int]) -> Page:
    """The page of a joined text."""
    text, rows = joined
    return parse(text, rows=rows)


def text_of(value: object) -> str:
    """A value as the drivers give it, as text."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


@contextmanager
def open_source() -> Iterator[LegacySource]:
    """The legacy database, read as its kind is read fastest; errors become OperationError."""
    with reading():
        source = _opener()()
    try:
        yield source
    finally:
        source.close()


def _opener() -> Callable[[], LegacySource]:
    """The reader for the kind of database that DATABASES['legacy'] names."""
    vendor = legacy_connection().vendor
    if vendor == "mysql":
        from .mariadb import MariaDBSource

        return MariaDBSource
    from .sqlite import SQLiteSource

    return SQLiteSource
