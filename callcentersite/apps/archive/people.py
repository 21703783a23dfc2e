"""People in archived calls: where somebody is, and forgetting her there too."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import polars as pl
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from callcentersite.apps.analytics.retention_targets import PERSONAL
from callcentersite.data_centralization.archives import discard, save, save_manifest, unreadable
from callcentersite.data_centralization.elsewhere import Reach

from . import keeping, parquet
from .models import CallArchive
from .naming import STAMP, is_named


def find(customer_id: int | None, phone: str) -> dict[str, int]:
    """How many of somebody's calls each file holds, by the number of the archive."""
    hers = is_hers(customer_id, phone)
    counts = ((one.pk, calls_in(one, hers)) for one in CallArchive.objects.all())
    return {str(pk): count for pk, count in counts if count}


def older(cutoff: datetime) -> Reach:
    """How many calls from before the cut-off still tell who called, by the same number."""
    rows, damaged = {}, []
    for one in CallArchive.objects.filter(first_at__lt=cutoff).order_by("pk"):
        if not one.manifest.get("named", one.rows):
            continue  # known without reading it
        if keeping.damage(one):
            damaged.append(one.path)
        elif count := calls_in(one, is_named(before=cutoff)):
            rows[str(one.pk)] = count
    return Reach(rows=rows, damaged=tuple(damaged))


def calls_in(archive: CallArchive, which: pl.Expr) -> int:
    """Of one file; one that is gone holds nobody, one that is damaged might, so it raises."""
    if not default_storage.exists(archive.path):
        return 0
    if problem := keeping.damage(archive):
        raise unreadable(f"{archive.path}: {problem}")
    with local_copy(archive) as path:
        return count(path, which)


def count(path: Path, which: pl.Expr) -> int:
    """The calls of a file that are such."""
    return int(pl.scan_parquet(path).filter(which).select(pl.len()).collect().item())


def is_hers(customer_id: int | None, phone: str) -> pl.Expr:
    """The calls of a customer, or from a number."""
    hers = pl.lit(False)
    if customer_id is not None:
        hers = hers | (pl.col("customer_id") == customer_id)
    if phone:
        hers = hers | (pl.col("ani") == phone)
    return hers.fill_null(False)


def erase(number: str, customer_id: int | None, phone: str, now: datetime) -> int:
    """Write the file anew without saying who she was."""
    return forget(number, is_hers(customer_id, phone), now=now)


def blank(number: str, cutoff: datetime, now: datetime) -> int:
    """Write the file anew without saying who called before the cut-off."""
    keeping.forget_left_over()
    return forget(number, is_named(before=cutoff), now=now)


def forget(number: str, which: pl.Expr, *, now: datetime) -> int:
    """Make these calls of a file anonymous; the old one goes when that is committed."""
    with transaction.atomic():
        # Held, so that nobody brings the calls back meanwhile as they were.
        archive = CallArchive.objects.select_for_update().get(pk=int(number))
        before, rows = archive.path, calls_in(archive, which)
        with local_copy(archive) as path:
            rewrite(archive, path, which, now=now)
        archive.save()
        transaction.on_commit(lambda: discard(before))
    return rows


def rewrite(archive: CallArchive, path: Path, hers: pl.Expr, *, now: datetime) -> None:
    """Put the changed file into the storage; the row says the new checksum."""
    changed = path.with_name("changed.parquet")
    parquet.rewrite(path, changed, lambda frame: blanked(frame, hers, now=now))
    archive.sha256, archive.size_bytes = keeping.digest_of(changed), changed.stat().st_size
    archive.verified_at = now
    with changed.open("rb") as file:
        archive.path = save(archive.path, File(file))
    named = count(changed, is_named())
    same = {"columns": archive.manifest["columns"]}
    archive.manifest = keeping.manifest_of(archive, named=named) | same
    save_manifest(archive.path, archive.manifest)


def blanked(frame: pl.DataFrame, hers: pl.Expr, *, now: datetime) -> pl.DataFrame:
    """Her calls without what tells who called."""
    kinds = frame.schema
    personal = [pl.when(hers).then(None).otherwise(pl.col(name)).alias(name) for name in PERSONAL]
    stamp = pl.when(hers).then(pl.lit(now).cast(kinds[STAMP])).otherwise(pl.col(STAMP))
    return frame.with_columns(*personal, stamp.alias(STAMP))


@contextmanager
def local_copy(archive: CallArchive) -> Iterator[Path]:
    """The file in a folder of its own: a storage elsewhere has no path."""
    with tempfile.TemporaryDirectory(prefix="calls-") as folder:
        path = Path(folder) / "calls.parquet"
        with default_storage.open(archive.path, "rb") as file, path.open("wb") as local:
            shutil.copyfileobj(file, local)
        yield path
