"""PostgreSQL: Arrow batches become the bytes of a binary COPY without a Python object a row."""

from datetime import date
from typing import Any

import polars as pl
from django.db import connections

from callcentersite.apps.analytics.daily import loading

from ..domain.chunk import Chunk
from . import sql
from .target import Target

SCATTERED = 10


class PostgresTarget(Target):
    """Loads by COPY, straight into the table or into a temporary one."""

    def dialect(self) -> sql.Dialect:
        return sql.Dialect(
            distinct="IS DISTINCT FROM",
            json="to_jsonb(calls)",
            day=f"({{}} AT TIME ZONE '{self.zone}')::date",
            among="= ANY(%(ids)s)",
            temporary="ON COMMIT DELETE ROWS",
        )

    def warm_up(self) -> None:
        from . import binary_copy  # noqa: F401

    def begin(self, cursor: Any) -> None:
        # A crash may take the last chunks, each with its checkpoint: they are read again. What
        # ends the run is committed and waited for, and with it all that came before.
        cursor.execute("SET LOCAL synchronous_commit = off")
        # Compiling a chunk's statements takes longer than running them.
        cursor.execute("SET LOCAL jit = off")
        loading(using=self.alias)

    def prepare(self, cursor: Any, chunk: Chunk) -> None:
        # Nothing is known of a fresh staging table, and ANALYZE would cost more than it helps:
        # few rows scattered over the table are to be looked up one by one.
        if chunk.highest - chunk.lowest > SCATTERED * chunk.rows:
            cursor.execute("SET LOCAL enable_hashjoin = off")
            cursor.execute("SET LOCAL enable_mergejoin = off")

    def insert(self, cursor: Any, table: str, frame: pl.DataFrame) -> None:
        columns = ", ".join(frame.columns)
        statement = f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT BINARY)"
        # Here, because Arrow takes a while to import: the first page is being read meanwhile.
        from .binary_copy import write_binary

        with connections[self.alias].wrap_database_errors, cursor.copy(statement) as copy:
            write_binary(copy, frame)

    def days(self, values: list[Any]) -> set[date]:
        return set(values)

    def ids(self, call_ids: list[int]) -> list[int]:
        return call_ids
