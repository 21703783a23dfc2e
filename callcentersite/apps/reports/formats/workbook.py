"""XLSX: numbers and dates that a spreadsheet reckons with, written row by row."""

from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from callcentersite.apps.common.interchange.escaping import escape

from ..document import Document
from ..domain.table import Cell, Column, Row

NUMBERS = {0: "#,##0", 1: "#,##0.0"}
DAY = "dd/mm/yyyy"
HEADING = {
    "font": Font(bold=True, color="FFFFFF"),
    "fill": PatternFill("solid", fgColor="1F3A5F"),
    "alignment": Alignment(wrap_text=True, vertical="center"),
}
TOTAL = {"font": Font(bold=True)}
NARROW, WIDE = 14, 26


def write_xlsx(document: Document, rows: Iterable[Row], target: IO[bytes]) -> None:
    """A sheet with the rows, and one that says what they are."""
    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = document.title, document.author
    sheet = book.create_sheet(_("Reporte"))
    arrange(sheet, document)
    try:
        fill(sheet, document, rows)
    except BaseException:
        forget(sheet)
        raise
    describe(book.create_sheet(_("Acerca de")), document)
    book.save(target)


def fill(sheet: Any, document: Document, rows: Iterable[Row]) -> None:
    """Headings, rows, total."""
    sheet.append([styled(sheet, title, **HEADING) for title in document.headings])
    for row in rows:
        sheet.append(list(cells_of(sheet, row, document.columns)))
    append_ending(sheet, document)


def forget(sheet: Any) -> None:
    """Remove the library's temporary file of a sheet, which it does by itself only on saving."""
    sheet.close()
    sheet._writer.cleanup()


def arrange(sheet: Any, document: Document) -> None:
    """What a sheet must know before its first row: widths, and the headings that stay."""
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.print_title_rows = "1:1"
    for number, column in enumerate(document.columns, 1):
        width = NARROW if column.is_number or number == 1 else WIDE
        sheet.column_dimensions[get_column_letter(number)].width = width


def append_ending(sheet: Any, document: Document) -> None:
    """The total, or the sentence that there is nothing to add up."""
    if document.total is None:
        sheet.append([document.empty])
    else:
        sheet.append(list(cells_of(sheet, document.total, document.columns, **TOTAL)))


def describe(sheet: Any, document: Document) -> None:
    """Title, days, queue, when and for whom."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = NARROW, 60
    sheet.append([styled(sheet, document.title, font=Font(bold=True, size=14))])
    for name, value in document.about:
        sheet.append([styled(sheet, name, **TOTAL), escape(value)])


def cells_of(sheet: Any, row: Row, columns: tuple[Column, ...], **style: Any) -> Iterator[Any]:
    """The row's cells, each in the look of its column."""
    for cell, column in zip(row, columns, strict=True):
        look = DAY if column.decimals is None else NUMBERS[column.decimals]
        is_plain = cell is None or isinstance(cell, str)
        yield styled(sheet, cell, **style) if is_plain else styled(sheet, cell, look, **style)


def styled(sheet: Any, value: Cell, number_format: str = "", **style: Any) -> Any:
    """One cell; no text that could be a formula."""
    cell = WriteOnlyCell(sheet, value=escape(value) if isinstance(value, str) else value)
    if number_format:
        cell.number_format = number_format
    for name, look in style.items():
        setattr(cell, name, look)
    return cell
