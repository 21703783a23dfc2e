"""Files that belong to deleted rows: removed after the commit, or set aside with the archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.files.storage import default_storage
from django.db import transaction

from .archives import FOLDER, forget_files
from .models import RetentionRemoval
from .selection import Selection


def names_of(selection: Selection) -> list[str]:
    """The files of the rows, while the rows are there."""
    column = selection.target.files
    if not column:
        return []
    found = selection.queryset.exclude(**{column: ""}).exclude(**{f"{column}__isnull": True})
    return [str(name) for name in found.values_list(column, flat=True)]


def size_of(names: Iterable[str]) -> int:
    """What they weigh together; those that are gone weigh nothing."""
    return sum(default_storage.size(name) for name in names if default_storage.exists(name))


def finish(removal: RetentionRemoval) -> int:
    """Remove what is still to be removed; again and again, until nothing is left.

    Where the copies are is committed before the first original goes: a process that dies on the
    way loses no file, and whoever undoes the run meanwhile keeps those that are there.
    """
    if removal.archive:
        keep_aside(removal.pk)
    return remove(removal.pk)


@contextmanager
def held(pk: int) -> Iterator[RetentionRemoval | None]:
    """The row, while nobody else restores it or goes on with its files; None: it was restored."""
    with transaction.atomic():
        rows = RetentionRemoval.objects.select_for_update()
        yield rows.filter(pk=pk, restored_at=None).first()


def keep_aside(pk: int) -> None:
    """Copy beside the archive what is not there yet."""
    with held(pk) as removal:
        if removal is None:
            return
        aside = dict(removal.manifest.get("files", {}))
        for name in removal.files:
            if name not in aside and default_storage.exists(name):
                aside[name] = set_aside(name, removal)
        if aside:
            removal.manifest = {**removal.manifest, "files": aside}
            removal.save(update_fields=["manifest"])


def remove(pk: int) -> int:
    """Delete the originals; return how many there were to go."""
    with held(pk) as removal:
        if removal is None:
            return 0
        forget_files(removal.files)
        count, removal.files = len(removal.files), []
        removal.save(update_fields=["files"])
        return count


def set_aside(name: str, removal: RetentionRemoval) -> str:
    """Copy it beside the archive, in place of half a copy; return where."""
    path = f"{FOLDER}/files/{removal.pk}/{name}"
    default_storage.delete(path)
    with default_storage.open(name, "rb") as file:
        return default_storage.save(path, file)


def bring_back(removal: RetentionRemoval) -> int:
    """Put the files where they were, unless something is there now."""
    back = 0
    for name, aside in removal.manifest.get("files", {}).items():
        if not default_storage.exists(name) and default_storage.exists(aside):
            with default_storage.open(aside, "rb") as file:
                default_storage.save(name, file)
            back += 1
    return back


def finish_all() -> int:
    """What a process that died between its commit and its files left undone."""
    return sum(finish(removal) for removal in RetentionRemoval.objects.exclude(files=[])[:100])
