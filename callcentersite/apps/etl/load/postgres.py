"""PostgreSQL: Arrow batches become the bytes of a binary COPY without a Python object a row."""

from datetime import date
from typing import Any

import polars as pl
import polars.selectors as cs
from django.db import connections
from pgpq import ArrowToPostgresBinaryEncoder
from pgpq.encoders import LargeStringEncoderBuilder
from pgpq.schema import Jsonb

from ..domain.chunk import Chunk
from . import sql
from .target import Target

SCATTERED = 10
JSON_COLUMNS = frozenset({"reasons", "raw"})


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

    def begin(self, cursor: Any) -> None:
        # A crash may take the last chunks, each with its checkpoint: they are read again. What
        # ends the run is committed and waited for, and with it all that came before.
        cursor.execute("SET LOCAL synchronous_commit = off")
        # Compiling a chunk's statements takes longer than running them.
        cursor.execute("SET LOCAL jit = off")

    def prepare(self, cursor: Any, chunk: Chunk) -> None:
        # Nothing is known of a fresh staging table, and ANALYZE would cost more than it helps:
        # few rows scattered over the table are to be looked up one by one.
        if chunk.highest - chunk.lowest > SCATTERED * chunk.rows:
            cursor.execute("SET LOCAL enable_hashjoin = off")
            cursor.execute("SET LOCAL enable_mergejoin = off")

    def insert(self, cursor: Any, table: str, frame: pl.DataFrame) -> None:
        columns = ", ".join(frame.columns)
        statement = f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT BINARY)"
        with connections[self.alias].wrap_database_errors, cursor.copy(statement) as copy:
            write_binary(copy, frame)

    def days(self, values: list[Any]) -> set[date]:
        return set(values)

    def ids(self, call_ids: list[int]) -> list[int]:
        return call_ids


def write_binary(copy: Any, frame: pl.DataFrame) -> None:
    """Send a frame as PostgreSQL's binary COPY format."""
    json = frame.select(cs.by_name(*JSON_COLUMNS, require_all=False)).columns
    # The encoder writes jsonb from the older string layout only; the newer one is a view, no copy.
    level = pl.CompatLevel.oldest() if json else pl.CompatLevel.newest()
    table = frame.to_arrow(compat_level=level)
    encoder = ArrowToPostgresBinaryEncoder.new_with_encoders(
        table.schema,
        {field.name: _encoder(field, is_json=field.name in json) for field in table.schema},
    )
    copy.write(encoder.write_header())
    for batch in table.to_batches():
        copy.write(encoder.write_batch(batch))
    copy.write(encoder.finish())


def _encoder(field: Any, *, is_json: bool) -> Any:
    if is_json:
        return LargeStringEncoderBuilder.new_with_output(field, Jsonb())
    return ArrowToPostgresBinaryEncoder.infer_encoder(field)
