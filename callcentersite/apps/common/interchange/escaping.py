"""Text that a spreadsheet must not take for a formula: escaped on the way out, and back."""

QUOTE = "'"
# What spreadsheets begin a formula with, in half and full width, and what some of them skip first.
DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠")


def escape(text: str) -> str:
    """Put an apostrophe before a dangerous beginning, or before one that looks escaped."""
    return QUOTE + text if is_dangerous(text) or looks_escaped(text) else text


def unescape(text: str) -> str:
    """Take the apostrophe off again; text that needs none stays as it is."""
    return text[1:] if text[:1] == QUOTE and looks_escaped(text) else text


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet might calculate it."""
    return text[:1] in DANGEROUS and text != ""


def looks_escaped(text: str) -> bool:
    """Whether it begins as an escaped text does."""
    return text[:1] == QUOTE and text[1:2] in DANGEROUS | {QUOTE} and len(text) > 1
