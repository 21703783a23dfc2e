"""How much goes through a page, and what is said of a file that cannot be read."""

from django.conf import settings
from django.utils.formats import number_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_COLUMNS = 100
MOST_EXPORTED_ROWS = 50_000  # a file is made in memory
MOST_UNPACKED_BYTES = 50 * 1024 * 1024
MOST_CELL_CHARACTERS = 32_767


class UnreadableFile(Exception):
    """A file that is not what its name says, or is too much; the text is for people."""


def most_exported_rows() -> int:
    """How many rows an export may have: what the site says, as far as a page can."""
    asked: int = import_string(settings.EXPORT_ROW_LIMIT)()
    return min(asked, MOST_EXPORTED_ROWS)


def too_many_to_export(most: int) -> str:
    """The refusal of a long export: never a file that ends in the middle without a word."""
    return _(
        "La lista tiene más de %(most)s filas, que es el máximo de una exportación "
        "(reportes.max_report_rows, y nunca más de %(hard)s). Filtre o busque en la lista, y "
        "exporte por partes."
    ) % {
        "most": number_format(most, force_grouping=True),
        "hard": number_format(MOST_EXPORTED_ROWS, force_grouping=True),
    }


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
