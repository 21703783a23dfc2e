"""How much goes through a page, and what is said of a file that cannot be read."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 100
MOST_EXPORTED_ROWS = 50_000
MOST_UNPACKED_BYTES = 50 * 1024 * 1024
MOST_CELL_CHARACTERS = 32_767


class UnreadableFile(Exception):
    """A file that is not what its name says, or is too much; the text is for people."""


def too_many_rows() -> UnreadableFile:
    """The refusal of a long file."""
    return UnreadableFile(
        _("El archivo tiene más de %(most)s filas: en la página es el máximo. Divídalo.")
        % {"most": number_format(MOST_ROWS, force_grouping=True)}
    )


def too_many_columns() -> UnreadableFile:
    """The refusal of a wide file."""
    return UnreadableFile(_("El archivo tiene más de %(most)s columnas.") % {"most": MOST_COLUMNS})


def too_many_bytes() -> UnreadableFile:
    """The refusal of a heavy file."""
    return UnreadableFile(
        _("El archivo pesa más de %(most)s MB: en la página es el máximo. Divídalo.")
        % {"most": MOST_BYTES // 1024**2}
    )


def wrong_width(number: int, *, found: int, wanted: int) -> UnreadableFile:
    """The refusal of a row that does not fit its headings."""
    return UnreadableFile(
        _("Fila %(number)s: tiene %(found)s celdas y los encabezados son %(wanted)s.")
        % {"number": number, "found": found, "wanted": wanted}
    )
