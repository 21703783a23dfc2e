"""CSV, XLSX and JSON, each read and written so that what comes back is what went out.

Cells are text; formulae are escaped in the two that spreadsheets open.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

import tablib
from django.utils.translation import gettext as _
from import_export.formats.base_formats import Format
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from .escaping import escape, unescape
from .limits import (
    MOST_CELL_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_UNPACKED_BYTES,
    UnreadableFile,
    too_many_columns,
    too_many_rows,
    wrong_width,
)

Row = Sequence[Any]
CARRIAGE_RETURN, ENCODED_RETURN = "\r", "_x000D_"


class TextFormat(Format, ABC):  # type: ignore[misc]
    """What the three share: rows of text under headings, with limits."""

    title: str
    extension: str
    content_type: str

    def get_title(self) -> str:
        return self.title

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return self.content_type

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """The rows of a file; UnreadableFile where it is none of this kind."""
        rows = self.rows(in_stream)
        headers = [as_text(cell).strip() for cell in next(rows, ())]
        while headers and not headers[-1]:
            headers.pop()  # what spreadsheets leave behind the last column
        check_headers(headers)
        dataset = tablib.Dataset(headers=headers)
        for number, row in enumerate(rows, 2):
            if number > MOST_ROWS + 1:
                raise too_many_rows()
            cells = fitted([as_text(cell) for cell in row], len(headers), number)
            if any(cells):
                dataset.append(cells)
        return dataset

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """The rows as a file."""
        return self.write([as_text(cell) for cell in dataset.headers], map(as_texts, dataset))

    @abstractmethod
    def rows(self, content: bytes) -> Iterator[Row]:
        """Headings, then rows."""

    @abstractmethod
    def write(self, headers: list[str], rows: Iterable[list[str]]) -> bytes:
        """The file."""


def as_texts(row: Row) -> list[str]:
    """Every cell as text."""
    return [as_text(cell) for cell in row]


def as_text(cell: Any) -> str:
    """A cell as text: numbers without an invented ``.0``, dates in ISO, nothing as nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    if isinstance(cell, (dict, list)):
        return json.dumps(cell, ensure_ascii=False)
    return str(cell)


def check_headers(headers: list[str]) -> None:
    """Refuse what cannot be matched to fields."""
    if not any(headers):
        raise UnreadableFile(_("El archivo está vacío: la primera fila debe ser de encabezados."))
    if len(headers) > MOST_COLUMNS:
        raise too_many_columns()
    twice = sorted({name for name in headers if headers.count(name) > 1})
    if twice:
        raise UnreadableFile(
            _("Encabezados repetidos o vacíos: %(names)s.") % {"names": ", ".join(twice) or "–"}
        )


def fitted(cells: list[str], width: int, number: int) -> list[str]:
    """The cells at the headings' width; empty ones beyond it do not matter."""
    if any(cells[width:]):
        raise wrong_width(number, found=len(cells), wanted=width)
    return [*cells[:width], *[""] * (width - len(cells))]


class SafeCSV(TextFormat):
    """Comma separated UTF-8 with its mark, which spreadsheets need for accents."""

    title, extension, content_type = "CSV", "csv", "text/csv; charset=utf-8"

    def rows(self, content: bytes) -> Iterator[Row]:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UnreadableFile(
                _("El archivo no está en UTF-8. Guárdelo como «CSV UTF-8» y vuelva a subirlo.")
            ) from None
        if "\x00" in text:
            raise UnreadableFile(_("El archivo no es CSV: contiene bytes nulos."))
        first = text.partition("\n")[0]
        # Where the comma is for decimals, spreadsheets write semicolons.
        separator = ";" if first.count(";") > first.count(",") else ","
        try:
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
                yield [unescape(cell) for cell in row]
        except csv.Error as error:
            raise UnreadableFile(_("El archivo no es CSV: %(error)s.") % {"error": error}) from None

    def write(self, headers: list[str], rows: Iterable[list[str]]) -> bytes:
        target = io.StringIO(newline="")
        writer = csv.writer(target)
        for row in (headers, *rows):
            writer.writerow([escape(cell) for cell in row])
        return target.getvalue().encode("utf-8-sig")


class SafeXLSX(TextFormat):
    """The first sheet of a workbook; every cell is written as text."""

    title, extension = "XLSX", "xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def rows(self, content: bytes) -> Iterator[Row]:
        check_archive(content)
        try:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            read = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
            for row in islice(read, MOST_ROWS + 2):
                yield [decoded(cell) for cell in row]
        except UnreadableFile:
            raise
        except Exception as error:  # openpyxl raises whatever its parsers do
            raise UnreadableFile(_("El archivo no es un libro XLSX que se pueda leer.")) from error

    def write(self, headers: list[str], rows: Iterable[list[str]]) -> bytes:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Datos")
        for row in (headers, *rows):
            sheet.append([encoded(cell) for cell in row])
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()


def check_archive(content: bytes) -> None:
    """Refuse an archive that would unpack to more than memory should hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableFile(_("El archivo no es un libro XLSX.")) from error
    if unpacked > MOST_UNPACKED_BYTES:
        raise UnreadableFile(_("El libro XLSX es demasiado grande una vez descomprimido."))


def encoded(cell: str) -> str:
    """A text that XML carries: its own spelling for what it would turn into a new line."""
    cell = escape(cell)
    if len(cell) > MOST_CELL_CHARACTERS or ILLEGAL_CHARACTERS_RE.search(cell):
        raise UnreadableFile(
            _("Hay textos que XLSX no puede guardar sin perder algo: exporte en CSV o JSON.")
        )
    return cell.replace(CARRIAGE_RETURN, ENCODED_RETURN)


def decoded(cell: Any) -> Any:
    """The cell as it was before ``encoded``."""
    if not isinstance(cell, str):
        return cell
    return unescape(cell.replace(ENCODED_RETURN, CARRIAGE_RETURN))


class PlainJSON(TextFormat):
    """A list of objects, one per row."""

    title, extension, content_type = "JSON", "json", "application/json"

    def rows(self, content: bytes) -> Iterator[Row]:
        objects = parsed(content)
        headers = list(dict.fromkeys(name for one in objects for name in one))
        yield headers
        for one in objects:
            yield [one.get(name) for name in headers]

    def write(self, headers: list[str], rows: Iterable[list[str]]) -> bytes:
        objects = [dict(zip(headers, row, strict=True)) for row in rows]
        return json.dumps(objects, ensure_ascii=False, indent=1).encode()


def parsed(content: bytes) -> list[dict[str, Any]]:
    """The objects of a JSON file."""
    try:
        objects = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(_("El archivo no es JSON válido en UTF-8.")) from error
    if not isinstance(objects, list) or not all(isinstance(one, dict) for one in objects):
        raise UnreadableFile(_("El JSON debe ser una lista de objetos, uno por fila."))
    return objects


FORMATS: tuple[type[TextFormat], ...] = (SafeCSV, SafeXLSX, PlainJSON)


def format_of(file_name: str) -> TextFormat:
    """The format that the name's ending says; UnreadableFile for any other."""
    ending = file_name.rpartition(".")[2].lower()
    for one in FORMATS:
        if one.extension == ending:
            return one()
    raise UnreadableFile(_("El nombre del archivo debe terminar en .csv, .xlsx o .json."))
