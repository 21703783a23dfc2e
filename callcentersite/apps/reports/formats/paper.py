"""A sheet of landscape letter paper, in the console's colours and a font that has every accent."""

from __future__ import annotations

from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import LETTER, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path(__file__).resolve().parent.parent / "fonts"
PLAIN, BOLD = "DejaVuSansCondensed", "DejaVuSansCondensed-Bold"
SIZE = landscape(LETTER)
WIDTH, HEIGHT = SIZE
MARGIN = 36
INK, PALE, LINE = HexColor("#1f2933"), HexColor("#57606a"), HexColor("#d0d7de")
ACCENT, STRIPE, WHITE = HexColor("#1f3a5f"), HexColor("#f4f6f9"), HexColor("#ffffff")
HEADING_SIZE, SMALLEST = 6.8, 4.0


class Paper:
    """What can be drawn on a page."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        register_fonts()

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        bold: bool = False,
        pale: bool = False,
        right: bool = False,
        room: float = 0,
    ) -> None:
        """A line of text; smaller where it would not fit its room: nothing is cut off."""
        font = BOLD if bold else PLAIN
        self.canvas.setFillColor(PALE if pale else INK)
        self.canvas.setFont(font, fitted(text, font, size, room) if room else size)
        (self.canvas.drawRightString if right else self.canvas.drawString)(x, y, text)

    def heading(self, x: float, y: float, text: str, *, right: bool) -> None:
        """A line of a column's title, on the band."""
        self.canvas.setFillColor(WHITE)
        self.canvas.setFont(BOLD, HEADING_SIZE)
        (self.canvas.drawRightString if right else self.canvas.drawString)(x, y, text)

    def band(self, y: float, height: float) -> None:
        """A band of colour across the whole sheet."""
        self.box(0, y, WIDTH, height)

    def box(
        self, x: float, y: float, width: float, height: float, *, is_stripe: bool = False
    ) -> None:
        """A coloured rectangle without a border."""
        self.canvas.setFillColor(STRIPE if is_stripe else ACCENT)
        self.canvas.rect(x, y, width, height, stroke=0, fill=1)

    def line(self, y: float) -> None:
        """A thin line between the margins."""
        self.canvas.setStrokeColor(LINE)
        self.canvas.line(MARGIN, y, WIDTH - MARGIN, y)


def register_fonts() -> None:
    """Let the library know the two fonts; it keeps them for the life of the process."""
    for name in (PLAIN, BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))


def fitted(text: str, font: str, size: float, room: float) -> float:
    """The size at which the text fits its room."""
    width = pdfmetrics.stringWidth(text, font, size)
    return size if width <= room else max(SMALLEST, size * room / width)
