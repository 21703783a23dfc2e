"""The disks that the console writes to."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from django.conf import settings

from callcentersite.settings.env import DATA_DIR

from .domain.facts import DiskFacts


def disks() -> tuple[DiskFacts, ...]:
    """Each disk once, under the first thing that it holds; where it lies is not told."""
    found: dict[int, DiskFacts] = {}
    for place, folder in places().items():
        existing = nearest(folder)
        device = existing.stat().st_dev
        if device not in found:
            usage = shutil.disk_usage(existing)
            found[device] = DiskFacts(
                place=place, total_bytes=usage.used + usage.free, free_bytes=usage.free
            )
    return tuple(found.values())


def places() -> dict[str, Path]:
    """What is written, and where."""
    places = {"data": DATA_DIR, "media": Path(settings.MEDIA_ROOT)}
    if settings.LOG_FILE:
        places["logs"] = Path(settings.LOG_FILE).parent
    return places | {"temporary": Path(tempfile.gettempdir())}


def nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(one for one in (folder, *folder.parents) if one.exists())
