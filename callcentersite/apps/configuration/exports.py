"""``reportes.max_report_rows``: what exports ask before they write a row."""

from .services import get_int


def most_rows() -> int:
    """How many rows a file may have: settings.EXPORT_ROW_LIMIT."""
    return get_int("reportes.max_report_rows")
