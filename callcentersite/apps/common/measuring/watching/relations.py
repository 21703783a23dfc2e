"""Which relation a statement follows, and so what would have fetched it with the rest."""

from __future__ import annotations

from collections.abc import Iterable
from types import FrameType
from typing import Any

from django.db.models import QuerySet

DESCRIPTORS = "django/db/models/fields/related_descriptors.py"
QUERIES = "django/db/models/query.py"


def followed(frames: Iterable[FrameType]) -> tuple[str, str]:
    """The relation's name and ``select_related`` or ``prefetch_related``; two empty texts."""
    for frame in frames:
        file, function = frame.f_code.co_filename, frame.f_code.co_name
        if function == "__get__" and file.endswith(DESCRIPTORS):
            return single(frame.f_locals.get("self"))
        if function == "_fetch_all" and file.endswith(QUERIES):
            found = several(frame.f_locals.get("self"))
            if found:
                return found, "prefetch_related"
    return "", ""


def single(descriptor: Any) -> tuple[str, str]:
    """A foreign key, or the one object at its other end."""
    if hasattr(descriptor, "field"):
        return descriptor.field.name, "select_related"
    if hasattr(descriptor, "related"):
        return descriptor.related.get_accessor_name(), "select_related"
    return "", ""


def several(queryset: Any) -> str:
    """The accessor of a set of related objects; empty for a set of its own."""
    if not isinstance(queryset, QuerySet):
        return ""
    for field in queryset._known_related_objects:  # type: ignore[attr-defined]
        return str(field.remote_field.get_accessor_name() or "")
    instance = queryset._hints.get("instance")  # type: ignore[attr-defined]
    return to_many(type(instance), queryset.model) if instance is not None else ""


def to_many(model: Any, target: Any) -> str:
    """The one many-to-many relation between the two, from the first's side."""
    meta = getattr(model, "_meta", None)
    if meta is None:
        return ""
    names = [one.name for one in meta.many_to_many if one.related_model is target]
    names += [
        one.get_accessor_name()
        for one in meta.related_objects
        if one.many_to_many and one.related_model is target
    ]
    return names[0] if len(names) == 1 else ""
