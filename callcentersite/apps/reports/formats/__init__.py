"""A report as a file: PDF, CSV, XLSX, all with the same rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import IO

from ..document import Document
from ..domain.kinds import Format
from ..domain.table import Row
from .comma_separated import write_csv
from .page_by_page import MOST_ROWS as MOST_PDF_ROWS
from .page_by_page import write_pdf
from .workbook import write_xlsx

Write = Callable[[Document, Iterable[Row], IO[bytes]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """How a format is written, streaming; ``most_rows`` None: it takes any number."""

    content_type: str
    write: Write
    most_rows: int | None = None


WRITERS: Mapping[Format, Writer] = {
    Format.PDF: Writer(content_type="application/pdf", write=write_pdf, most_rows=MOST_PDF_ROWS),
    Format.CSV: Writer(content_type="text/csv; charset=utf-8", write=write_csv),
    Format.XLSX: Writer(
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        write=write_xlsx,
    ),
}
