"""Parquet as rows of text: a batch at a time, and never more of it than it says it holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from callcentersite.apps.common.interchange.formats import Sheet, as_text, check_headers
from callcentersite.apps.common.interchange.limits import (
    MEGABYTE,
    Limits,
    TooMuch,
    UnreadableFile,
    too_many_rows,
)

BATCH_ROWS = 2_000
LONGEST_TEXT = 70_000  # bytes; above it no cell of a call can be
WIDEST = 60


class ParquetCalls:
    """Flat columns of texts, numbers, flags and times."""

    def read(self, file: BinaryIO, limits: Limits) -> Sheet:
        """Headings and rows; UnreadableFile for what is no Parquet, or is too much."""
        import pyarrow.parquet as pq  # takes a while, and most files are others
        from pyarrow import ArrowException

        try:
            about = pq.read_metadata(file)
            check_size(about, limits)
            names = [field.name for field in about.schema.to_arrow_schema()]
            check_headers(names)
            # Repeated texts stay one text each: a small file cannot become a huge batch.
            opened = pq.ParquetFile(file, read_dictionary=text_columns(about))
        except (ArrowException, OSError, ValueError) as error:
            raise not_parquet() from error
        return Sheet(names, rows_of(opened))


def check_size(about: Any, limits: Limits) -> None:
    """What the file says of itself, before anything is unpacked."""
    if about.num_rows > limits.rows:
        raise too_many_rows(limits)
    if about.num_columns > WIDEST:
        raise TooMuch(_("El archivo tiene más de %(most)s columnas.") % {"most": WIDEST})
    groups = (about.row_group(number) for number in range(about.num_row_groups))
    if sum(group.total_byte_size for group in groups) > limits.unpacked_megabytes * MEGABYTE:
        raise TooMuch(_("El Parquet es demasiado grande una vez descomprimido."))


def text_columns(about: Any) -> list[str]:
    """The columns of texts."""
    import pyarrow as pa

    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    fields = about.schema.to_arrow_schema()
    return [field.name for field in fields if any(is_kind(field.type) for is_kind in kinds)]


def rows_of(opened: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows that say something, numbered as in a sheet whose headings are row 1."""
    from pyarrow import ArrowException

    number = 1
    try:
        for batch in opened.iter_batches(batch_size=BATCH_ROWS):
            for cells in zip(*(cells_of(column) for column in batch.columns), strict=True):
                number += 1
                if any(cells):
                    yield number, list(cells)
    except (ArrowException, OSError) as error:
        raise not_parquet() from error


def cells_of(column: Any) -> list[str]:
    """A column's cells as texts."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        return texts_of(column)
    types = pa.types
    unread = (types.is_nested, types.is_binary, types.is_large_binary, types.is_binary_view,
              types.is_fixed_size_binary)  # fmt: skip
    if any(is_kind(column.type) for is_kind in unread):
        raise UnreadableFile(_("El Parquet tiene columnas que no son texto, número ni hora."))
    if pa.types.is_timestamp(column.type):
        # Whole seconds: Python knows no nanoseconds.
        column = column.cast(pa.timestamp("s", tz=column.type.tz), safe=False)
    return [moment(value) if isinstance(value, datetime) else as_text(value)
            for value in column.to_pylist()]  # fmt: skip


def texts_of(column: Any) -> list[str]:
    """The texts of a batch, each unpacked once; NULs, which no database keeps, left out.

    Only those that the batch uses: the dictionary may be that of a million rows.
    """
    import pyarrow.compute as pc

    used = column.indices.drop_null().unique()
    texts = column.dictionary.take(used)
    if (pc.max(pc.binary_length(texts)).as_py() or 0) > LONGEST_TEXT:
        raise TooMuch(_("El Parquet tiene textos de más de %(most)s bytes.")
                      % {"most": LONGEST_TEXT})  # fmt: skip
    plain = (text.replace("\x00", "") for text in texts.to_pylist())
    text_at = dict(zip(used.to_pylist(), plain, strict=True))
    return ["" if place is None else text_at[place] for place in column.indices.to_pylist()]


def moment(value: datetime) -> str:
    """A time as the rules read it."""
    return value.isoformat(sep=" ")


def not_parquet() -> UnreadableFile:
    """The refusal of what only has the name."""
    return UnreadableFile(_("El archivo no es un Parquet que se pueda leer."))
