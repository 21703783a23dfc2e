"""What an import changed, row by row: an entry of the audit each, or one that seals a list.

The chain takes an entry at a time. Above a thousand changes they go into a file, a line of JSON
each, and the entry of the import holds its checksum: it cannot be altered unnoticed either.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.core.files.storage import default_storage

from callcentersite.apps.audit.services import discreet, record_many

from .deeds import Deed

if TYPE_CHECKING:
    from .importing import Change, Importer

MOST_ENTRIES = 1_000
FOLDER = "auditoria/importaciones"
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Trail:
    """Hears of each chunk that was written; ``keep`` writes it down, in the same transaction."""

    def __init__(self, importer: Importer) -> None:
        self.importer = importer
        self.count = 0
        self._few: list[Deed] = []
        self._digest = hashlib.sha256()

    def __enter__(self) -> Trail:
        self._file: Any = tempfile.TemporaryFile()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._file.close()

    def add(self, changes: Sequence[Change]) -> None:
        """The rows of a chunk."""
        for change in changes:
            for deed in self.importer.deeds(change):
                self.count += 1
                if self.count <= MOST_ENTRIES:
                    self._few.append(deed)
                self._write(line_of(change.number, deed))

    def _write(self, line: bytes) -> None:
        self._file.write(line)
        self._digest.update(line)

    def keep(self) -> dict[str, Any]:
        """Write the entries, or the file; return what the import's own entry says of it."""
        if self.count <= MOST_ENTRIES:
            record_many(self._few)
            return {}
        sha256 = self._digest.hexdigest()
        self._file.seek(0)
        name = default_storage.save(f"{FOLDER}/{sha256}.jsonl", File(self._file))
        return {"changes": {"archive": name, "sha256": sha256, "count": self.count}}


def line_of(number: int, deed: Deed) -> bytes:
    """A change as a line: which row of the file, what, and its detail without secrets."""
    said = {
        "row": number,
        "action": str(deed.action),
        "kind": deed.target.kind,
        "number": deed.target.number,
        "target": deed.target.name,
        "detail": discreet(deed.detail),
    }
    return ENCODER.encode(said).encode() + b"\n"


def steps_of(change: Change) -> Iterator[tuple[str, list[str | None]]]:
    """Column → what it was and what it is."""
    old = change.before.values if change.before else {}
    for name, new in change.values.items():
        if old.get(name) != new:
            yield name, [old.get(name), new]
