"""PDF: a title page with the sums, the table with its headings on every page, page n of m."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO

from django.utils.translation import gettext as _
from reportlab.pdfgen.canvas import Canvas

from ..document import Document
from ..domain.table import Row
from .paper import HEIGHT, MARGIN, SIZE, WIDTH, Paper
from .table_drawing import HEADING_HEIGHT, ROW_HEIGHT, TableDrawing

# About a kilobyte of memory a row, and pages that nobody turns.
MOST_ROWS = 100_000
ABOUT_SHARES = (0.25, 0.18, 0.1, 0.28, 0.19)  # of the width, for what the report is about
FIRST_TOP, TOP, BOTTOM = HEIGHT - 138, HEIGHT - 58, 44


def room(top: float) -> int:
    """How many rows fit below the headings of a table that begins at this height."""
    return int((top - HEADING_HEIGHT - BOTTOM) // ROW_HEIGHT)


def pages_of(rows: int) -> int:
    """How many pages so many rows take, the last one with the total included."""
    return 1 + max(0, math.ceil((rows + 1 - room(FIRST_TOP)) / room(TOP)))


def write_pdf(document: Document, rows: Iterable[Row], target: IO[bytes]) -> None:
    """Draw it page by page."""
    canvas = Canvas(target, pagesize=SIZE, pageCompression=1, lang="es")
    canvas.setTitle(document.title)
    canvas.setAuthor(document.author)
    canvas.setCreator(_("Consola de operaciones · IACT"))
    paper = Paper(canvas)
    table = TableDrawing(paper, document)
    pages = pages_of(document.rows)
    for number, page in enumerate(cut(document.every_row(rows), pages), 1):
        draw_head(paper, document, is_first=number == 1)
        table.draw(page, top=FIRST_TOP if number == 1 else TOP)
        draw_foot(paper, document, number=number, pages=pages)
        canvas.showPage()
    canvas.save()


def cut(rows: Iterable[Row], pages: int) -> Iterator[list[Row]]:
    """The rows of each page."""
    left = iter(rows)
    for number in range(pages):
        yield list(islice(left, room(TOP if number else FIRST_TOP)))


def draw_head(paper: Paper, document: Document, *, is_first: bool) -> None:
    """Title and what the report is about; on later pages the title alone."""
    if not is_first:
        paper.text(MARGIN, HEIGHT - 44, document.title, size=9, bold=True, room=WIDTH - 2 * MARGIN)
        return
    paper.band(HEIGHT - 8, 8)
    paper.text(MARGIN, HEIGHT - 48, document.title, size=17, bold=True, room=WIDTH - 2 * MARGIN)
    left = float(MARGIN)
    for (name, value), share in zip(document.about, ABOUT_SHARES, strict=True):
        room = (WIDTH - 2 * MARGIN) * share
        paper.text(left, HEIGHT - 72, name, size=7.5, pale=True)
        paper.text(left, HEIGHT - 85, value, size=9, room=room - 10)
        left += room
    if document.total is not None:
        draw_sums(paper, document)


def draw_sums(paper: Paper, document: Document) -> None:
    """The figures that a reader looks for first, in a line above the table."""
    found = document.sums()
    text = "   ·   ".join(f"{name} {value}" for name, value in found)
    paper.text(MARGIN, HEIGHT - 116, text, size=10, bold=True, room=WIDTH - 2 * MARGIN)


def draw_foot(paper: Paper, document: Document, *, number: int, pages: int) -> None:
    """Where it comes from, when it was made, and the page."""
    source = _("Consola de operaciones · IACT · generado el %(when)s") % {"when": document.made_at}
    page = _("Página %(number)s de %(pages)s") % {"number": number, "pages": pages}
    paper.text(MARGIN, 26, source, size=7.5, pale=True)
    paper.text(WIDTH - MARGIN, 26, page, size=7.5, pale=True, right=True)
