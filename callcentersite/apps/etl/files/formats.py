"""The formats that calls come in: the two of every import, and Parquet."""

from __future__ import annotations

from typing import BinaryIO, Protocol

from django.utils.translation import gettext as _

from callcentersite.apps.common.interchange.formats import SafeCSV, SafeXLSX, Sheet
from callcentersite.apps.common.interchange.limits import Limits, UnreadableFile

from .parquet import ParquetCalls

ENDINGS = ".csv,.xlsx,.parquet"


class Readable(Protocol):
    """What reads a kind of file row by row."""

    def read(self, file: BinaryIO, limits: Limits) -> Sheet:
        """Its headings and rows; UnreadableFile where it is none of this kind."""
        ...


def format_of(file_name: str) -> Readable:
    """The format that the name's ending says; UnreadableFile for any other."""
    ending = file_name.rpartition(".")[2].lower()
    if ending == "csv":
        return SafeCSV()
    if ending == "xlsx":
        return SafeXLSX()
    if ending == "parquet":
        return ParquetCalls()
    raise UnreadableFile(_("El nombre del archivo debe terminar en .csv, .xlsx o .parquet."))
