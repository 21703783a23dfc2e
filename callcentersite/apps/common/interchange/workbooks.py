"""A workbook is looked through before it is opened: what it unpacks to, and how far it reaches.

Its reader keeps every cell between the first and the last in memory, so that one cell in the last
corner of a sheet, which weighs nothing in the file, would fill it.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from .limits import (
    MEGABYTE,
    MOST_COLUMNS,
    Limits,
    UnreadableFile,
    too_many_columns,
    too_many_rows,
    too_much_unpacked,
)

BLOCK = 1024 * 1024
OVERLAP = 600  # longer than what the pattern finds
# A cell's place, and a row's in its element: themes have an attribute of that name as well. Each
# begins with a plain letter, which is found quickly; what must stand before it is looked at then.
CELL = re.compile(rb"""r(?<!\wr)\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,9})["']""")
ROW = re.compile(rb"""row(?<=[<:]row)\b[^<>]{0,500}?\br\s*=\s*["']([0-9]{1,9})["']""")
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError)


def check_workbook(file: BinaryIO, limits: Limits) -> None:
    """Raise UnreadableFile for a workbook that is none, or more than memory should hold."""
    try:
        with zipfile.ZipFile(file) as archive:
            check_archive(archive, limits)
    except BROKEN as error:
        raise UnreadableFile(_("El archivo no es un libro XLSX.")) from error
    file.seek(0)


def check_archive(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Add up what the parts say, then read them: a part that says too little fails its sum."""
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > limits.unpacked_megabytes * MEGABYTE:
        raise too_much_unpacked()
    columns = rows = 0
    for part in parts:
        for column, row in corners(archive, part):
            columns, rows = max(columns, column), max(rows, row)
    if columns > MOST_COLUMNS:
        raise too_many_columns()
    if rows > limits.rows + 1:
        raise too_many_rows(limits)
    if columns * rows > limits.cells:
        raise too_much_unpacked()


def corners(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[int, int]]:
    """The farthest column and row of each block of the part."""
    tail = b""
    with archive.open(part) as unpacked:
        while block := unpacked.read(BLOCK):
            text = tail + block
            cells = CELL.findall(text)
            letters = {column for column, _row in cells}
            numbers = {row for _column, row in cells}.union(ROW.findall(text))
            yield max(map(column_number, letters), default=0), max(map(int, numbers), default=0)
            tail = block[-OVERLAP:]


def column_number(letters: bytes) -> int:
    """``A`` → 1, ``AA`` → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
