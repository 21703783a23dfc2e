"""Files of archived calls in Django's storage, each with its manifest beside it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Max, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from callcentersite.apps.analytics.models import Call
from callcentersite.data_centralization import archives
from opsconsole import OperationError

from . import parquet
from .domain.months import Month
from .models import CallArchive
from .naming import NAMED

FOLDER = "calls"


def keep(
    calls: QuerySet[Call], month: Month, *, run: int, each: Callable[[int], None]
) -> CallArchive:
    """Put the calls into the storage, read them there again, and return the unsaved row."""
    with tempfile.TemporaryDirectory(prefix="calls-") as folder:
        local = Path(folder) / "calls.parquet"
        rows = parquet.write(calls, local, each=each)
        digest, size = digest_of(local), local.stat().st_size
        with local.open("rb") as file:
            path = archives.save(f"{FOLDER}/{month.year}/{month}-{run}.parquet", File(file))
    archive = CallArchive(
        month=month.first, path=path, rows=rows, size_bytes=size, sha256=digest, run=run,
        archived_at=timezone.now(), **extent(calls),
    )  # fmt: skip
    archive.manifest = manifest_of(archive, named=calls.filter(NAMED).count())
    archives.save_manifest(path, archive.manifest)
    if problem := damage(archive):
        raise not_kept(problem)
    archive.verified_at = timezone.now()
    return archive


def extent(calls: QuerySet[Call]) -> dict[str, datetime]:
    """The first and the last of them."""
    return dict(calls.order_by().aggregate(first_at=Min("started_at"), last_at=Max("started_at")))


def manifest_of(archive: CallArchive, *, named: int) -> dict[str, Any]:
    """All that somebody needs who has the file and no console; ``named`` calls tell who called."""
    return {
        "format": "parquet",
        "compression": "zstd",
        "table": Call._meta.db_table,
        "columns": parquet.columns(),
        "month": str(Month.of(archive.month)),
        "zone": settings.TIME_ZONE,
        "rows": archive.rows,
        "named": named,
        "first_at": archive.first_at.isoformat(),
        "last_at": archive.last_at.isoformat(),
        "stored_bytes": archive.size_bytes,
        "sha256": archive.sha256,
        "run": archive.run,
        "archived_at": archive.archived_at.isoformat(),
    }


def digest_of(path: Path) -> str:
    """The SHA-256 of a file here."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damage(archive: CallArchive) -> str:
    """What is wrong with the stored file, in a sentence; empty: it is as it was written."""
    if not default_storage.exists(archive.path):
        return _("El archivo ya no está en el almacenamiento.")
    with default_storage.open(archive.path, "rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != archive.sha256:
            return _("Su huella SHA-256 no es la del manifiesto.")
        file.seek(0)
        rows = parquet.count(file)
    if rows != archive.rows:
        return _("Las llamadas que tiene son %(rows)s; debían ser %(expected)s.") % {
            "rows": rows,
            "expected": archive.rows,
        }
    return ""


def not_kept(cause: str) -> OperationError:
    """The refusal to delete what is not safe in the storage."""
    return OperationError(
        _("El archivo no quedó bien guardado: no se eliminó nada."),
        cause=cause,
        remedy=_("Revise el almacenamiento y repita la operación."),
    )


def forget_left_over(*, now: datetime | None = None) -> int:
    """Remove files of runs that died between the file and the commit."""
    paths = left_over(now=now)
    for path in paths:
        archives.discard(path)
    return len(paths)


def left_over(*, now: datetime | None = None) -> list[str]:
    """The files that no row knows."""
    return archives.left_over(stored(), CallArchive.objects.all(), column="path", now=now)


def stored() -> Iterator[str]:
    """Every file of calls in the storage."""
    if not default_storage.exists(FOLDER):
        return
    for year in default_storage.listdir(FOLDER)[0]:
        for name in default_storage.listdir(f"{FOLDER}/{year}")[1]:
            if name.endswith(".parquet"):
                yield f"{FOLDER}/{year}/{name}"
