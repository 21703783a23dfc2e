"""Calls as Parquet, a portion at a time: memory holds one, whatever the month."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
from django.db.models import Field, QuerySet
from django.utils.translation import gettext as _

from callcentersite.apps.analytics.models import Call
from callcentersite.data_centralization.archives import unreadable

PORTION = 20_000
KINDS: dict[str, Any] = {
    "BigIntegerField": pl.Int64,
    "IntegerField": pl.Int32,
    "CharField": pl.String,
    "TextField": pl.String,
    "DateTimeField": pl.Datetime("us", "UTC"),
}


def fields() -> list[Field[Any, Any]]:
    """The columns of a call, in the order of the model."""
    return list(Call._meta.concrete_fields)


def schema() -> pl.Schema:
    """Each column's name and kind."""
    return pl.Schema({str(one.column): KINDS[one.get_internal_type()] for one in fields()})


def columns() -> dict[str, str]:
    """The same in words, for the manifest."""
    return {name: str(kind) for name, kind in schema().items()}


def write(calls: QuerySet[Call], path: Path, *, each: Callable[[int], None]) -> int:
    """Write the calls in the order of their numbers; return how many. ``each`` learns of portions.

    The same calls make the same bytes.
    """
    import pyarrow.parquet as pq  # takes a while, and few commands archive anything

    names = [one.attname for one in fields()]
    rows = calls.order_by("pk").values_list(*names).iterator(chunk_size=PORTION)
    layout, done = empty().to_arrow().schema, 0
    with pq.ParquetWriter(path, layout, compression="zstd") as writer:
        for portion in portions(rows):
            frame = pl.DataFrame(portion, schema=schema(), orient="row")
            writer.write_table(frame.to_arrow().cast(layout))
            done += frame.height
            each(done)
    return done


def empty() -> pl.DataFrame:
    """No calls, with every column."""
    return pl.DataFrame(schema=schema())


def portions(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows in lists."""
    rest = iter(rows)
    while portion := list(islice(rest, PORTION)):
        yield portion


def count(file: Any) -> int:
    """How many calls a file holds, by its own account."""
    import pyarrow.parquet as pq

    return int(pq.ParquetFile(file).metadata.num_rows)


def rewrite(before: Path, after: Path, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    """Write a file anew, each portion as ``change`` makes it."""
    import pyarrow.parquet as pq

    source = pq.ParquetFile(before)
    with pq.ParquetWriter(after, source.schema_arrow, compression="zstd") as writer:
        for batch in source.iter_batches(batch_size=PORTION):
            changed = change(pl.DataFrame(batch))
            writer.write_table(changed.to_arrow().cast(source.schema_arrow))


def read(file: BinaryIO) -> Iterator[tuple[Any, ...]]:
    """The calls as tuples, in the order of today's columns; raises where one has no place.

    A column that the table got since then is empty.
    """
    import pyarrow.parquet as pq

    source = pq.ParquetFile(file)
    names = list(schema())
    if not set(source.schema_arrow.names) <= set(names):
        raise unreadable(_("La tabla ya no tiene todas las columnas del archivo."))
    for batch in source.iter_batches(batch_size=PORTION):
        frame = pl.DataFrame(batch)
        for one in fields():
            if one.column not in frame.columns:
                frame = frame.with_columns(pl.lit(one.get_default()).alias(str(one.column)))
        yield from frame.select(names).cast(schema()).iter_rows()
