"""Files that belong to deleted rows: removed after the commit, or set aside with the archive."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.storage import default_storage

from .archives import FOLDER
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
    """Remove what is still to be removed; again and again, until nothing is left."""
    aside = dict(removal.manifest.get("files", {}))
    for name in removal.files:
        if default_storage.exists(name):
            if removal.archive:
                aside[name] = set_aside(name, removal)
            default_storage.delete(name)
    removal.manifest = {**removal.manifest, **({"files": aside} if aside else {})}
    count, removal.files = len(removal.files), []
    removal.save(update_fields=["files", "manifest"])
    return count


def set_aside(name: str, removal: RetentionRemoval) -> str:
    """Copy it beside the archive; return where."""
    with default_storage.open(name, "rb") as file:
        return default_storage.save(f"{FOLDER}/files/{removal.pk}/{name}", file)


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
