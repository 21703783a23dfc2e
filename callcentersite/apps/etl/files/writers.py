"""Calls as a file that grows chunk by chunk: CSV, XLSX, Parquet, each read back as it was.

Headings are the columns' names; times carry their offset; texts that a spreadsheet would take for
formulas are escaped in the two that spreadsheets open.
"""

from __future__ import annotations

import csv
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from callcentersite.apps.common.interchange.escaping import escape
from callcentersite.apps.common.interchange.limits import MOST_CELL_CHARACTERS
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
        self.zone = timezone.get_current_timezone()

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
        self._writer.writerows([text_of(value, self.zone) for value in row] for row in rows)

    def close(self) -> None:
        self._file.close()


class XlsxWriter(CallWriter):
    """One sheet; lengths are numbers, whatever else is text."""

    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    most_rows = SHEET_ROWS

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        super().__init__(path, columns)
        self._folder = tempfile.TemporaryDirectory(prefix="calls-")
        options = {"constant_memory": True, "tmpdir": self._folder.name}
        self._book = Workbook(str(path), options)
        self._plain = self._book.add_format()
        self._sheet = self._book.add_worksheet(_("Llamadas"))
        self._sheet.write_row(0, 0, columns)
        self._numbers = [name.endswith("_s") for name in columns]
        self._row = 0

    def write(self, rows: list[Row]) -> None:
        for row in rows:
            self._row += 1
            for column, (value, is_number) in enumerate(zip(row, self._numbers, strict=True)):
                if value is None or value == "":
                    continue
                if is_number:
                    self._sheet.write_number(self._row, column, value)
                else:
                    self._write_text(column, text_of(value, self.zone))

    def _write_text(self, column: int, text: str) -> None:
        if len(text) > MOST_CELL_CHARACTERS:
            raise too_long()
        if text.startswith("<r>") and text.endswith("</r>"):
            # The library would take it for its own markup; in two pieces it is text.
            self._sheet.write_rich_string(self._row, column, text[:1], self._plain, text[1:])
        else:
            self._sheet.write_string(self._row, column, text)

    def close(self) -> None:
        self._book.close()
        self._folder.cleanup()

    def abandon(self) -> None:
        """Without putting the workbook together, which takes a while."""
        sheet: Any = self._sheet
        sheet._opt_close()
        self._folder.cleanup()


def too_long() -> OperationError:
    """The refusal of a text that a cell would lose the end of."""
    return OperationError(
        _("Hay textos que XLSX no puede guardar sin perder algo."),
        cause=_("Son más largos que una celda: %(most)s caracteres.")
        % {"most": MOST_CELL_CHARACTERS},
        remedy=_("Exporte en CSV o en Parquet, o sin la columna de notas."),
    )


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


def text_of(value: Any, zone: tzinfo) -> str:
    """A cell as text, harmless in a spreadsheet; times local, with their offset."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    return escape(str(value))
