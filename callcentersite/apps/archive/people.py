"""People in archived calls: where somebody is, and forgetting her there too."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import polars as pl
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from callcentersite.apps.analytics.retention_targets import PERSONAL
from callcentersite.data_centralization.archives import manifest_path, unreadable

from . import keeping, parquet
from .models import CallArchive

STAMP = "anonymized_at"


def find(customer_id: int | None, phone: str) -> dict[str, int]:
    """How many of somebody's calls each file holds, by the number of the archive."""
    counts = ((one.pk, calls_in(one, customer_id, phone)) for one in CallArchive.objects.all())
    return {str(pk): count for pk, count in counts if count}


def calls_in(archive: CallArchive, customer_id: int | None, phone: str) -> int:
    """Of one file; one that is gone holds nobody, one that is damaged might, so it raises."""
    if not default_storage.exists(archive.path):
        return 0
    if problem := keeping.damage(archive):
        raise unreadable(f"{archive.path}: {problem}")
    with local_copy(archive) as path:
        found = pl.scan_parquet(path).filter(is_hers(customer_id, phone)).select(pl.len())
        return int(found.collect().item())


def is_hers(customer_id: int | None, phone: str) -> pl.Expr:
    """The calls of a customer, or from a number."""
    hers = pl.lit(False)
    if customer_id is not None:
        hers = hers | (pl.col("customer_id") == customer_id)
    if phone:
        hers = hers | (pl.col("ani") == phone)
    return hers.fill_null(False)


def erase(number: str, customer_id: int | None, phone: str, now: datetime) -> int:
    """Write the file anew without saying who she was; the old one goes when that is committed."""
    with transaction.atomic():
        # Held, so that nobody brings the calls back meanwhile as they were.
        archive = CallArchive.objects.select_for_update().get(pk=int(number))
        before, count = archive.path, calls_in(archive, customer_id, phone)
        with local_copy(archive) as path:
            rewrite(archive, path, is_hers(customer_id, phone), now=now)
        archive.save()
        transaction.on_commit(lambda: keeping.forget(before))
    return count


def rewrite(archive: CallArchive, path: Path, hers: pl.Expr, *, now: datetime) -> None:
    """Put the changed file into the storage; the row says the new checksum."""
    changed = path.with_name("changed.parquet")
    parquet.rewrite(path, changed, lambda frame: blanked(frame, hers, now=now))
    archive.sha256, archive.size_bytes = keeping.digest_of(changed), changed.stat().st_size
    archive.verified_at = now
    with changed.open("rb") as file:
        archive.path = default_storage.save(archive.path, File(file))
    archive.manifest = keeping.manifest_of(archive) | {"columns": archive.manifest["columns"]}
    text = json.dumps(archive.manifest, indent=2, ensure_ascii=False)
    default_storage.save(manifest_path(archive.path), ContentFile(text.encode()))


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
