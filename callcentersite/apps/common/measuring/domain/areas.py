"""Parts of the libraries that are one line of the report each: database, templates, JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .frames import Folder, Frame, Owner

# A wrapper around the statements calls the inner ones again: that is no other statement.
STATEMENTS = frozenset({"execute", "executemany", "callproc"})
EXECUTES = STATEMENTS | {"_execute", "_executemany", "_execute_with_wrappers"}
SERIALIZERS = ("json/", "django/core/serializers/", "rest_framework/renderers.py")


@dataclass(frozen=True, slots=True)
class Area:
    """A name, and which functions belong to it; ``doors``: those through which one enters."""

    name: str
    holds: Callable[[str, str], bool]  # of a short path and a function
    doors: frozenset[str] = frozenset()  # none: any of them


def executes(path: str, function: str) -> bool:
    """Statements on their way to the database."""
    return path == "django/db/backends/utils.py" and function in EXECUTES


def serializes(path: str, function: str) -> bool:
    """Objects becoming JSON or XML."""
    return path.startswith(SERIALIZERS)


def renders(path: str, function: str) -> bool:
    """Templates."""
    return path.startswith("django/template/")


DATABASE = Area("django.db.backends.execute", executes, doors=STATEMENTS)
SERIALIZATION = Area("django.core.serializers", serializes)
TEMPLATES = Area("django.template.render", renders)
AREAS = (DATABASE, SERIALIZATION, TEMPLATES)


def area_of(frame: Frame, folder: Folder) -> Area | None:
    """The area that the function belongs to, if any."""
    if folder.owner(frame.file) is Owner.PROJECT:
        return None
    path = folder.short(frame.file)
    return next((area for area in AREAS if area.holds(path, frame.function)), None)
