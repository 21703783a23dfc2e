"""Calls as a file that grows chunk by chunk: CSV, XLSX, Parquet, each read back as it was.

Headings are the columns' names; times carry their offset; texts that a spreadsheet would take for
formulas are escaped in the two that spreadsheets open.
"""

from __future__ import annotations

import csv
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from callcentersite.apps.common.interchange.escaping import escape
from callcentersite.apps.common.interchange.formats import encoded
from callcentersite.apps.common.interchange.limits import UnreadableFile
from opsconsole import OperationError

from .cells import Row

SHEET_ROWS = 1_048_575  # below the headings


class CallWriter(ABC):
    """An open file; ``close`` ends it whole, ``abandon`` lets it go."""

    content_type: str
    most_rows: int | None = None

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        self.columns = columns

    @abstractmethod
    def write(self, rows: list[Row]) -> None:
        """Some more rows, in the order of the columns."""

    @abstractmethod
    def close(self) -> None:
        """No more will come."""

    def abandon(self) -> None:
        """Nobody wants it any more."""
        self.close()


class CsvWriter(CallWriter):
    """UTF-8 with its mark, which spreadsheets need for accents."""

    content_type = "text/csv; charset=utf-8"

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        super().__init__(path, columns)
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(columns)

    def write(self, rows: list[Row]) -> None:
        self._writer.writerows([text_of(value) for value in row] for row in rows)

    def close(self) -> None:
        self._file.close()


class XlsxWriter(CallWriter):
    """One sheet; lengths are numbers, whatever else is text."""

    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    most_rows = SHEET_ROWS

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        super().__init__(path, columns)
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(_("Llamadas"))
        self._sheet.append(list(columns))
        self._numbers = [name.endswith("_s") for name in columns]

    def write(self, rows: list[Row]) -> None:
        try:
            for row in rows:
                self._sheet.append([*map(self._cell, row, self._numbers)])
        except UnreadableFile as error:
            raise OperationError(
                _("Hay textos que XLSX no puede guardar sin perder algo."),
                cause=_("Son más largos que una celda, o tienen caracteres de control."),
                remedy=_("Exporte en CSV o en Parquet, o sin la columna de notas."),
            ) from error

    def _cell(self, value: Any, is_number: bool) -> Any:
        if is_number or value is None:
            return value
        return encoded(plain(value))

    def close(self) -> None:
        self._book.save(self.path)

    def abandon(self) -> None:
        """The library removes its own temporary file only on saving."""
        sheet: Any = self._sheet
        sheet.close()
        sheet._writer.cleanup()


class ParquetWriter(CallWriter):
    """Typed columns, times in UTC, compressed; a group of rows per chunk."""

    content_type = "application/vnd.apache.parquet"

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        super().__init__(path, columns)
        import pyarrow as pa  # takes a while, and most exports are others
        import pyarrow.parquet as pq

        self._schema = pa.schema([(name, self._type(name)) for name in columns])
        self._file = pq.ParquetWriter(path, self._schema, compression="zstd")

    @staticmethod
    def _type(column: str) -> Any:
        import pyarrow as pa

        if column.endswith("_at"):
            return pa.timestamp("us", tz="UTC")
        if column.endswith("_s"):
            return pa.int32()
        return pa.int64() if column.endswith("_id") else pa.string()

    def write(self, rows: list[Row]) -> None:
        import pyarrow as pa

        kinds = zip(zip(*rows, strict=True), self._schema, strict=True)
        arrays = [pa.array(values, type=field.type) for values, field in kinds]
        self._file.write_batch(pa.record_batch(arrays, schema=self._schema))

    def close(self) -> None:
        self._file.close()


WRITERS: Mapping[str, type[CallWriter]] = {
    "csv": CsvWriter,
    "xlsx": XlsxWriter,
    "parquet": ParquetWriter,
}


def text_of(value: Any) -> str:
    """A cell of a CSV."""
    return "" if value is None else escape(plain(value))


def plain(value: Any) -> str:
    """A value as text: times local, with their offset."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    return str(value)
