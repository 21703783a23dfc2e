"""Arrow batches as the bytes of PostgreSQL's binary COPY, without a Python object a row."""

from typing import Any

import polars as pl
import polars.selectors as cs
import pyarrow  # noqa: F401  (what Polars would import on first use)
from pgpq import ArrowToPostgresBinaryEncoder
from pgpq.encoders import LargeStringEncoderBuilder
from pgpq.schema import Jsonb

JSON_COLUMNS = frozenset({"reasons", "raw"})


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
