"""The table of a report on a page."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.utils import simpleSplit

from ..document import Document, as_words
from ..domain.table import Row
from .paper import BOLD, HEADING_SIZE, MARGIN, WIDTH, Paper

ROW_HEIGHT, HEADING_HEIGHT, HEADING_LINE = 13.0, 34.0, 8.5
NAME_WIDTHS = (54.0, 132.0)  # of a day, of a queue
PADDING = 4.0


class TableDrawing:
    """Columns of fixed widths; numbers to the right."""

    def __init__(self, paper: Paper, document: Document) -> None:
        self.paper = paper
        self.document = document
        self.edges = edges_of(document)

    def draw(self, rows: Sequence[Row], *, top: float) -> None:
        """The headings, then these rows."""
        self._headings(top)
        y = top - HEADING_HEIGHT
        for number, row in enumerate(rows):
            y -= ROW_HEIGHT
            if number % 2:
                self.paper.box(MARGIN, y, WIDTH - 2 * MARGIN, ROW_HEIGHT, is_stripe=True)
            self._row(row, y + PADDING, is_total=row is self.document.total)
        self.paper.line(y)

    def _headings(self, top: float) -> None:
        bottom = top - HEADING_HEIGHT
        self.paper.box(MARGIN, bottom, WIDTH - 2 * MARGIN, HEADING_HEIGHT)
        for number, title in enumerate(self.document.headings):
            left, right = self.edges[number], self.edges[number + 1]
            is_number = self.document.columns[number].is_number
            lines = simpleSplit(title, BOLD, HEADING_SIZE, right - left - PADDING)
            first = bottom + PADDING + 1 + HEADING_LINE * (len(lines) - 1)
            for index, line in enumerate(lines):
                x = right - PADDING if is_number else left + PADDING
                self.paper.heading(x, first - index * HEADING_LINE, line, right=is_number)

    def _row(self, row: Row, y: float, *, is_total: bool) -> None:
        if len(row) == 1:  # the sentence of an empty report
            self.paper.text(MARGIN + PADDING, y, str(row[0]), size=9)
            return
        if is_total:
            self.paper.line(y + ROW_HEIGHT - PADDING)
        for number, (cell, column) in enumerate(zip(row, self.document.columns, strict=True)):
            left, right = self.edges[number], self.edges[number + 1]
            self.paper.text(
                right - PADDING if column.is_number else left + PADDING,
                y,
                as_words(cell, column),
                size=8,
                bold=is_total,
                right=column.is_number,
                room=right - left - 2 * PADDING,
            )


def edges_of(document: Document) -> list[float]:
    """Where each column begins, and where the last one ends."""
    names = [column for column in document.columns if not column.is_number]
    # A single name takes the room of a queue's.
    widths = list(NAME_WIDTHS) if len(names) == 2 else [NAME_WIDTHS[1]]
    figures = len(document.columns) - len(names)
    rest = WIDTH - 2 * MARGIN - sum(widths)
    edges = [float(MARGIN)]
    for width in [*widths, *[rest / figures] * figures]:
        edges.append(edges[-1] + width)
    return edges
