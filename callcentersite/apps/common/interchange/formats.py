"""CSV, XLSX and JSON, each read and written so that what comes back is what went out.

Cells are text; formulae are escaped in the two that spreadsheets open.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, BinaryIO

import tablib
from django.utils.translation import gettext as _
from import_export.formats.base_formats import Format
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from python_calamine import CalamineError, CalamineWorkbook

from .escaping import escape, unescape
from .limits import (
    MEGABYTE,
    MOST_CELL_CHARACTERS,
    MOST_COLUMNS,
    PAGE,
    Limits,
    UnreadableFile,
    too_heavy_json,
    too_many_columns,
    too_many_rows,
    wrong_width,
)
from .workbooks import check_workbook

Row = Sequence[Any]
CARRIAGE_RETURN, ENCODED_RETURN = "\r", "_x000D_"
ENCODED_SPACE = "_x0020_"
# What a workbook's reader takes for an encoded character; ``_x005F_`` is the underscore itself.
LOOKS_ENCODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
ENCODED_UNDERSCORE = "_x005F_"
BLOCK = 64 * 1024
SEPARATORS = ",;\t"  # the earlier one where they are even
LONGEST_LINE = MEGABYTE  # characters


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that is being read: its headings, and its rows one after the other.

    A row is its place in the file and its cells, as many as there are headings; empty ones are
    left out. Whatever is wrong further down raises UnreadableFile when it is reached.
    """

    headers: list[str]
    rows: Iterator[tuple[int, list[str]]]


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
        """All the rows of a small file; UnreadableFile where it is none of this kind."""
        sheet = self.read(io.BytesIO(in_stream))
        dataset = tablib.Dataset(headers=sheet.headers)
        for _number, cells in sheet.rows:
            dataset.append(cells)
        return dataset

    def read(self, file: BinaryIO, limits: Limits = PAGE) -> Sheet:
        """The rows of a file, as they come; UnreadableFile where it is none of this kind."""
        rows = self.rows(file, limits)
        headers = [as_text(cell).strip() for cell in next(rows, ())]
        while headers and not headers[-1]:
            headers.pop()  # what spreadsheets leave behind the last column
        check_headers(headers)
        return Sheet(headers, numbered(rows, len(headers), limits))

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        """The rows as a file."""
        return self.write([as_text(cell) for cell in dataset.headers], map(as_texts, dataset))

    @abstractmethod
    def rows(self, file: BinaryIO, limits: Limits) -> Iterator[Row]:
        """Headings, then rows."""

    @abstractmethod
    def write(self, headers: list[str], rows: Iterable[list[str]]) -> bytes:
        """The file."""


def numbered(rows: Iterator[Row], width: int, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """The rows that say something, with their places; the headings stood in the first."""
    for number, row in enumerate(rows, 2):
        if number > limits.rows + 1:
            raise too_many_rows(limits)
        cells = fitted([as_text(cell) for cell in row], width, number)
        if any(cells):
            yield number, cells


def as_texts(row: Row) -> list[str]:
    """Every cell as text."""
    return [as_text(cell) for cell in row]


def as_text(cell: Any) -> str:
    """A cell as text: numbers without an invented ``.0``, dates in ISO, nothing as nothing."""
    if isinstance(cell, str):
        return cell
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
    if len(cells) == width:
        return cells
    if any(cells[width:]):
        raise wrong_width(number, found=len(cells), wanted=width)
    return [*cells[:width], *[""] * (width - len(cells))]


class SafeCSV(TextFormat):
    """Comma separated UTF-8 with its mark, which spreadsheets need for accents."""

    title, extension, content_type = "CSV", "csv", "text/csv; charset=utf-8"

    def rows(self, file: BinaryIO, limits: Limits) -> Iterator[Row]:
        # Read on by the reader, never held as a whole.
        text, begins = io.TextIOWrapper(file, "utf-8-sig", newline=""), 1
        try:
            # Where the comma is for decimals, spreadsheets write semicolons; some programs, tabs.
            separator = max(SEPARATORS, key=text.readline(LONGEST_LINE).count)
            text.seek(0)
            reader = csv.reader(lines_of(text), delimiter=separator, strict=True)
            for row in reader:
                begins = reader.line_num + 1
                yield [unescape(cell) for cell in row]
        except UnicodeDecodeError:
            raise not_utf8(file) from None
        except csv.Error:
            raise unquoted(begins) from None
        finally:
            if not file.closed:
                text.detach()  # the file is its opener's

    def write(self, headers: list[str], rows: Iterable[list[str]]) -> bytes:
        target = io.StringIO(newline="")
        writer = csv.writer(target)
        for row in (headers, *rows):
            writer.writerow([escape(cell) for cell in row])
        return target.getvalue().encode("utf-8-sig")


def lines_of(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines, as long as they are text; one that never ends would fill the memory."""
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise UnreadableFile(_("El archivo no es CSV: tiene una línea que no termina."))
        if "\x00" in line:
            raise UnreadableFile(_("El archivo no es CSV: contiene bytes nulos."))
        yield line


def unquoted(line: int) -> UnreadableFile:
    """The refusal of a row whose cells cannot be told apart."""
    return UnreadableFile(
        _(
            "El archivo no es CSV: en la fila que empieza en la línea %(line)s las comillas no "
            "cuadran, o una celda no termina."
        )
        % {"line": line}
    )


def not_utf8(file: BinaryIO) -> UnreadableFile:
    """The refusal of another encoding, with the place of the first byte that gives it away."""
    line, byte = first_bad_byte(file)
    return UnreadableFile(
        _(
            "El archivo no está en UTF-8 (línea %(line)s, byte %(byte)s). Guárdelo como "
            "«CSV UTF-8» y vuelva a subirlo."
        )
        % {"line": line, "byte": byte}
    )


def first_bad_byte(file: BinaryIO) -> tuple[int, int]:
    """Its line and its place in the file, both counted from one."""
    file.seek(0)
    decoder, line, passed = codecs.getincrementaldecoder("utf-8")(), 1, 0
    while True:
        block = file.read(BLOCK)
        waiting = len(decoder.getstate()[0])  # the beginning of a character, from the block before
        try:
            decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            good = error.object[: error.start]
            return line + good.count(b"\n"), passed - waiting + error.start + 1
        if not block:
            return line, passed
        line, passed = line + block.count(b"\n"), passed + len(block)


class SafeXLSX(TextFormat):
    """The first sheet of a workbook; every cell is written as text."""

    title, extension = "XLSX", "xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def rows(self, file: BinaryIO, limits: Limits) -> Iterator[Row]:
        check_workbook(file, limits)
        try:
            sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
            for row in sheet.iter_rows():
                yield [decoded(cell) for cell in row]
        except (CalamineError, OSError, ValueError) as error:
            raise UnreadableFile(_("El archivo no es un libro XLSX que se pueda leer.")) from error

    def write(self, headers: list[str], rows: Iterable[list[str]]) -> bytes:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Datos")
        for row in (headers, *rows):
            sheet.append([encoded(cell) for cell in row])
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()


def encoded(cell: str) -> str:
    """A text that XML carries: its own spelling for what it would turn into something else."""
    cell = escape(cell)
    if len(cell) > MOST_CELL_CHARACTERS or ILLEGAL_CHARACTERS_RE.search(cell):
        raise UnreadableFile(
            _("Hay textos que XLSX no puede guardar sin perder algo: exporte en CSV o JSON.")
        )
    cell = LOOKS_ENCODED.sub(ENCODED_UNDERSCORE, cell).replace(CARRIAGE_RETURN, ENCODED_RETURN)
    # The library asks the reader to keep spaces beside a text, not a text of spaces.
    return cell if cell.strip() else cell.replace(" ", ENCODED_SPACE)


def decoded(cell: Any) -> Any:
    """The cell as it was before ``encoded``; its characters the reader has decoded already."""
    return unescape(cell) if isinstance(cell, str) else cell


class PlainJSON(TextFormat):
    """A list of objects, one per row."""

    title, extension, content_type = "JSON", "json", "application/json"

    def rows(self, file: BinaryIO, limits: Limits) -> Iterator[Row]:
        content = file.read(limits.json_megabytes * MEGABYTE + 1)
        if len(content) > limits.json_megabytes * MEGABYTE:
            raise too_heavy_json(limits)
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
    except UnicodeDecodeError:
        raise not_utf8(io.BytesIO(content)) from None
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            _("El archivo no es JSON válido: línea %(line)s, columna %(column)s.")
            % {"line": error.lineno, "column": error.colno}
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(_("El archivo no es JSON válido.")) from error
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
