"""CSV: comma separated UTF-8 with its mark, which spreadsheets need for accents."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import IO

from callcentersite.apps.common.interchange.escaping import escape

from ..document import Document
from ..domain.table import Cell, Row


def write_csv(document: Document, rows: Iterable[Row], target: IO[bytes]) -> None:
    """Headings, rows, total."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(document.headings)
    for row in document.every_row(rows):
        writer.writerow([as_text(cell) for cell in row])
    text.flush()
    text.detach()  # the file is the caller's


def as_text(cell: Cell) -> str | int | float:
    """Dates in ISO, numbers with a point, nothing as nothing; no text that could be a formula."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return escape(cell) if isinstance(cell, str) else cell
