"""Entries as lines of JSON that can be verified without the database, long after they are gone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from opsconsole import OperationError

from . import selectors
from .domain.chain import Link, canonical
from .domain.verification import Entry, Finding, Verifier
from .keys import keyring
from .models import CHAINED, SAID

COLUMNS = (*CHAINED, *SAID)


def archive_lines(*, after: int, up_to: int) -> Iterator[str]:
    """One line per entry, in their order, a batch in memory at a time."""
    for entry in selectors.entries(after=after, up_to=up_to):
        values = (entry.position, entry.key_id, entry.previous, entry.hash, *entry.said)
        yield canonical(dict(zip(COLUMNS, values, strict=True)))


def verify_archive(lines: Iterable[str]) -> tuple[Link | None, Finding | None]:
    """The last entry that is good, and the first thing that is wrong.

    An archive is a part of the chain: that it begins where another ended is for the caller to see.
    """
    verifier: Verifier | None = None
    for entry in map(entry_of_line, lines):
        if verifier is None:
            before = Link(position=entry.position - 1, hash=entry.previous)
            verifier = Verifier(before, keyring())
        finding = verifier.check(entry)
        if finding is not None:
            return verifier.last, finding
    return (verifier.last if verifier is not None else None), None


def entry_of_line(line: str) -> Entry:
    """A line as it was written."""
    row = json.loads(line)
    position, key_id, previous, hash = (row[name] for name in CHAINED)
    return Entry(position, key_id, previous, hash, tuple(str(row[name]) for name in SAID))


def lines_of_file(path: Path) -> Iterator[str]:
    """A stored archive: compressed (``.zst``), or as plain lines; raises OperationError."""
    import pyarrow as pa  # takes a while, and few commands read an archive

    try:
        with pa.input_stream(str(path), compression="detect") as stream:
            yield from (line.decode() for line in io.BufferedReader(stream))
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path) from error


def verify_file(path: Path) -> tuple[Link | None, Finding | None]:
    """The same for a file; raises OperationError where it is no archive of the audit."""
    try:
        return verify_archive(lines_of_file(path))
    except (ValueError, KeyError, TypeError) as error:
        raise unreadable(path) from error


def unreadable(path: Path) -> OperationError:
    """Not a file, or another kind of file."""
    return OperationError(
        _("No se puede leer el archivo %(path)s.") % {"path": path},
        cause=_("No existe, o no es un archivo de la auditoría."),
        remedy=_("Indique un archivo de los que guarda la retención, tal como está almacenado."),
    )
