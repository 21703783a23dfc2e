"""Deleted rows in Django's storage: compressed, with their checksum, for some days."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import Error as DatabaseError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from opsconsole import OperationError

from .models import RetentionRemoval
from .tables import Table

FOLDER = "retention"
CODEC = "zstd"
LINES = "lines"
# Longer than any run: a file so old that no row knows is left over from one that died.
LEFT_OVER_AFTER = timedelta(days=1)


class Archive:
    """One table's rows on their way out: a file that is stored before the rows are gone."""

    def __init__(self, table: Table, *, folder: Path) -> None:
        self.table = table
        self.path = folder / "rows.zst"
        import pyarrow as pa  # takes a while, and few commands archive anything

        self._file = pa.CompressedOutputStream(pa.OSFile(str(self.path), "wb"), CODEC)
        self.format = table.archive_format
        self.raw_bytes = 0

    # What a table writes to

    def write(self, data: bytes) -> int:
        self.raw_bytes += len(data)
        self._file.write(data)
        return len(data)

    def tell(self) -> int:
        """How much was written."""
        return self.raw_bytes

    def write_lines(self, lines: Iterable[str]) -> None:
        """The whole archive as text, which its own app reads."""
        self.format = LINES
        for line in lines:
            self.write(f"{line}\n".encode())

    # The end

    def store(self, name: str, *, rows: int, facts: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Close it, put it and its manifest into the storage; return the path and the manifest."""
        if self.format != LINES:
            self.table.end_archive(self)  # type: ignore[arg-type]
        self._file.close()
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            path = save(f"{FOLDER}/{name}.zst", File(file))
        manifest = {
            "format": self.format,
            "compression": CODEC,
            "table": self.table.model._meta.db_table,
            "columns": self.table.columns,
            "rows": rows,
            "raw_bytes": self.raw_bytes,
            "stored_bytes": self.path.stat().st_size,
            "sha256": digest,
            **facts,
        }
        save_manifest(path, manifest)
        return path, manifest


def save(name: str, content: File[Any]) -> str:
    """Put it into the storage, and on to the disk: the database is about to forget what it holds.

    A storage elsewhere has no path, and answers when it has it.
    """
    path = default_storage.save(name, content)
    try:
        file, root = Path(default_storage.path(path)), Path(default_storage.path(""))
    except NotImplementedError:  # as Django has it where there are no paths
        return path
    settle(file)
    for folder in file.parents:
        settle(folder)
        if folder == root:
            break
    return path


def save_manifest(path: str, manifest: dict[str, Any]) -> None:
    """All that somebody needs who has the archive at that path and no console."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    save(manifest_path(path), ContentFile(text.encode()))


def settle(path: Path) -> None:
    """Wait until a file or a folder would survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def manifest_path(path: str) -> str:
    """Beside the archive."""
    return f"{path}.json"


@contextmanager
def writing(table: Table) -> Iterator[Archive]:
    """An archive in a folder of its own, which goes with the block."""
    with tempfile.TemporaryDirectory(prefix="retention-") as folder:
        yield Archive(table, folder=Path(folder))


@contextmanager
def reading(removal: RetentionRemoval, table: Table) -> Iterator[BinaryIO]:
    """The rows of an archive, after its checksum and its columns were compared."""
    import pyarrow as pa

    manifest = removal.manifest
    if not default_storage.exists(removal.archive):
        raise unreadable(_("El archivo ya no está en el almacenamiento."))
    with default_storage.open(removal.archive, "rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != manifest["sha256"]:
            raise unreadable(_("Su huella SHA-256 no es la del manifiesto."))
    if manifest["format"] != table.archive_format or manifest["columns"] != table.columns:
        raise unreadable(_("La tabla tiene hoy otras columnas, o está en otra base de datos."))
    # A storage elsewhere may not give what Arrow can read from: a real file.
    with default_storage.open(removal.archive, "rb") as file, tempfile.TemporaryFile() as local:
        shutil.copyfileobj(file, local)
        local.seek(0)
        source = pa.PythonFile(local, mode="r")
        with pa.CompressedInputStream(source, manifest["compression"]) as rows:
            yield Lines(rows)  # type: ignore[misc]


class Lines:
    """Arrow's stream with the two things that a table asks for: blocks, and lines."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        return bytes(self._stream.read(size))

    def __iter__(self) -> Iterator[bytes]:
        rest = b""
        while block := self.read(1 << 20):
            *lines, rest = (rest + block).split(b"\n")
            yield from lines


def unreadable(cause: str) -> OperationError:
    """The refusal of an archive that cannot be trusted."""
    return OperationError(
        _("El archivo no se puede leer: no se cambió nada."),
        cause=cause,
        remedy=_("Recupere los datos de una copia de seguridad."),
    )


def take_back(path: str) -> None:
    """Delete an archive whose rows stayed; where that cannot be known, it is left over."""
    with suppress(DatabaseError):
        if path and not RetentionRemoval.objects.filter(archive=path).exists():
            discard(path)


def forget_left_over(*, now: datetime | None = None) -> int:
    """Delete archives that no row knows: their run died between the file and the commit."""
    names = default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []
    paths = [f"{FOLDER}/{name}" for name in names if name.endswith(".zst")]
    found = left_over(paths, RetentionRemoval.objects.all(), column="archive", now=now)
    for path in found:
        discard(path)
    return len(found)


def left_over(
    paths: Iterable[str], rows: QuerySet[Any], *, column: str, now: datetime | None = None
) -> list[str]:
    """The files that no row knows, and that no run can still be about to name."""
    until = (now or timezone.now()) - LEFT_OVER_AFTER
    late = {path for path in paths if default_storage.get_modified_time(path) < until}
    known = rows.filter(**{f"{column}__in": late}).values_list(column, flat=True)
    return sorted(late.difference(known))


def forget_expired(*, now: datetime | None = None) -> int:
    """Delete the archives whose time is over."""
    late = RetentionRemoval.objects.filter(restorable_until__lt=now or timezone.now())
    return sum(forget(removal) for removal in late.exclude(archive="")[:100])


def forget(removal: RetentionRemoval) -> bool:
    """Delete one archive with its manifest and the files that went with the rows."""
    forget_files([removal.archive, manifest_path(removal.archive), *kept_files(removal)])
    gone = RetentionRemoval.objects.filter(pk=removal.pk, archive=removal.archive)
    return bool(gone.update(archive=""))


def discard(path: str) -> None:
    """Delete an archive that no row knows, with its manifest."""
    forget_files([path, manifest_path(path)])


def forget_files(names: Iterable[str]) -> None:
    """Delete them; one that is not there is no mistake."""
    for name in names:
        default_storage.delete(name)


def kept_files(removal: RetentionRemoval) -> list[str]:
    """Files that wait with the archive, to come back with their rows."""
    return list(removal.manifest.get("files", {}).values())
