"""Files below ``runs/`` in the storage that no row of a run's files names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice

from django.core.files.storage import default_storage
from django.utils import timezone

from opsconsole.models import JobArtifact

FOLDER = "runs"
FOLDERS_AT_ONCE = 500
# A file is stored before its row is written.
SETTLED = timedelta(hours=1)


def orphans() -> Iterator[str]:
    """Their names; some hundred folders are compared with the rows at a time."""
    folders = iter(sorted(subfolders()))
    while batch := list(islice(folders, FOLDERS_AT_ONCE)):
        runs = [int(folder) for folder in batch if folder.isdecimal()]
        known = set(JobArtifact.objects.filter(run_id__in=runs).values_list("file", flat=True))
        yield from settled(name for name in names_in(batch) if name not in known)


def subfolders() -> list[str]:
    """One for each run that left files."""
    try:
        folders, _files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    return folders


def names_in(folders: Iterable[str]) -> Iterator[str]:
    """The files in them."""
    for folder in folders:
        _folders, files = default_storage.listdir(f"{FOLDER}/{folder}")
        yield from (f"{FOLDER}/{folder}/{file}" for file in sorted(files))


def settled(names: Iterable[str]) -> Iterator[str]:
    """Those that have been there for a while."""
    before = timezone.now() - SETTLED
    return (name for name in names if default_storage.get_modified_time(name) < before)


def delete(name: str) -> bool:
    """Delete it, unless it has got a row meanwhile."""
    if JobArtifact.objects.filter(file=name).exists():
        return False
    default_storage.delete(name)
    return True
