"""Objects that come out of the database, and which of them anybody looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db.models import Model

from ..domain.evidence import SeenRows
from ..project import folder, own_folder
from .places import place

MOST_OBJECTS = 50_000


class RowWatch:
    """Watches every model: objects are counted as they are made, and again when first read."""

    def __init__(self) -> None:
        self.folder, self.own = folder(), own_folder()
        self.fetched: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
        self.used: set[int] = set()
        self.count = 0

    @contextmanager
    def look(self) -> Iterator[None]:
        """Around the iteration."""
        original = Model.__dict__["from_db"]
        watch = self

        def from_db(cls: Any, db: Any, field_names: Any, values: Any) -> Any:
            instance = original.__func__(cls, db, field_names, values)
            watch.came(instance)
            return instance

        def read(instance: Model, name: str) -> Any:
            if name in columns(type(instance)):
                watch.used.add(id(instance))
            return object.__getattribute__(instance, name)

        replaced: Any = classmethod(from_db)
        Model.from_db = replaced  # type: ignore[method-assign]
        Model.__getattribute__ = read  # type: ignore[assignment,method-assign]
        try:
            yield
        finally:
            Model.from_db = original  # type: ignore[method-assign]
            del Model.__getattribute__

    def came(self, instance: Any) -> None:
        """One more; kept alive, so that no other object gets its identity."""
        self.count += 1
        if self.count <= MOST_OBJECTS:
            where = place(self.folder, self.own)
            self.fetched[type(instance)._meta.label, where.template or where.code].append(instance)

    def seen(self) -> tuple[SeenRows, ...]:
        """Per model and place."""
        return tuple(
            SeenRows(
                table=label,
                place=where,
                rows=len(objects),
                used=sum(id(one) in self.used for one in objects),
            )
            for (label, where), objects in self.fetched.items()
        )


@lru_cache(maxsize=256)
def columns(model: type[Model]) -> frozenset[str]:
    """The attributes that hold what a row holds."""
    return frozenset(field.attname for field in model._meta.concrete_fields)
