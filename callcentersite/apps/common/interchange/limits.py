"""How much goes through a page and how much through a run; what is said of an unreadable file."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.formats import number_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
MOST_COLUMNS = 100
MOST_EXPORTED_ROWS = 50_000  # a file is made in memory
MOST_CELL_CHARACTERS = 32_767


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a file may be; a JSON one is in memory as a whole, a workbook once unpacked."""

    rows: int
    megabytes: int
    json_megabytes: int
    unpacked_megabytes: int
    cells: int

    @property
    def bytes(self) -> int:
        """The weight in bytes."""
        return self.megabytes * MEGABYTE


PAGE = Limits(rows=5_000, megabytes=5, json_megabytes=5, unpacked_megabytes=50, cells=500_100)
RUN = Limits(
    rows=settings.IMPORT_MAX_ROWS,
    megabytes=settings.IMPORT_MAX_MEGABYTES,
    json_megabytes=64,
    unpacked_megabytes=800,
    cells=5_000_100,  # about 500 MB in the memory of whoever looks at it
)


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


class TooMuch(UnreadableFile):
    """A file past the limits: a run may still take what a page does not."""


def grouped(number: int) -> str:
    """A number with its separators, whatever the settings say of them."""
    return number_format(number, force_grouping=True)


def too_many_rows(limits: Limits) -> TooMuch:
    """The refusal of a long file."""
    return TooMuch(
        _("El archivo tiene más de %(most)s filas, que es el máximo. Divídalo.")
        % {"most": grouped(limits.rows)}
    )


def too_many_bytes(megabytes: int) -> TooMuch:
    """The refusal of a heavy file."""
    return TooMuch(
        _("El archivo pesa más de %(most)s MB, que es el máximo. Divídalo.") % {"most": megabytes}
    )


def too_heavy_json(limits: Limits) -> TooMuch:
    """The refusal of a JSON file that would fill the memory."""
    return TooMuch(
        _("El JSON pesa más de %(most)s MB, que es el máximo. Use CSV, o divídalo.")
        % {"most": limits.json_megabytes}
    )


def too_much_unpacked() -> TooMuch:
    """The refusal of a workbook that unpacks to more than memory should hold."""
    return TooMuch(
        _("El libro XLSX es demasiado grande una vez descomprimido. Guárdelo como CSV, o divídalo.")
    )


def too_many_columns() -> UnreadableFile:
    """The refusal of a wide file."""
    return UnreadableFile(_("El archivo tiene más de %(most)s columnas.") % {"most": MOST_COLUMNS})


def wrong_width(number: int, *, found: int, wanted: int) -> UnreadableFile:
    """The refusal of a row that does not fit its headings."""
    return UnreadableFile(
        _("Fila %(number)s: tiene %(found)s celdas y los encabezados son %(wanted)s.")
        % {"number": number, "found": found, "wanted": wanted}
    )
