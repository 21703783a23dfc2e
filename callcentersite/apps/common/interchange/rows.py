"""An importer for the ordinary case: a row of the file is a row of one table, texts and flags."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.db import models

from callcentersite.apps.common import bulk

from .flags import bring_to_form, flag_text
from .importing import Change, Importer, Key, Known, Values
from .texts import TextCheck, problems_of


class RowImporter(Importer):
    """``columns`` are fields of the model, found by the first of ``keys``; ``flags`` say yes or no.

    A subclass adds what its rows mean beyond that: ``linked`` columns, checks, what is written
    along. ``stamps`` are columns that every write fills in.
    """

    model: ClassVar[type[models.Model]]
    flags: ClassVar[tuple[str, ...]] = ()
    linked: ClassVar[tuple[str, ...]] = ()
    stamps: ClassVar[tuple[str, ...]] = ()
    fields: ClassVar[tuple[str, ...]]
    checks: ClassVar[tuple[TextCheck, ...]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.kind = cls.model._meta.label_lower
        cls.fields = tuple(name for name in cls.columns if name not in cls.linked)
        texts = [name for name in cls.fields if name not in cls.flags]
        cls.checks = tuple(TextCheck.of(cls.model, name) for name in texts)

    def known(self, keys: Collection[Key]) -> Mapping[Key, Known]:
        rows = self.found([key for (key,) in keys])
        if self.writing:
            rows = rows.select_for_update()
        flags = [self.fields.index(name) for name in self.flags]
        found: dict[Key, Known] = {}
        for pk, *cells in rows.order_by().values_list("pk", *self.fields):
            for place in flags:
                cells[place] = flag_text(cells[place])
            values = dict(zip(self.fields, map(str, cells), strict=True))
            found[(values[self.keys[0]],)] = Known(pk, values)
        return found

    def found(self, keys: list[str]) -> models.QuerySet[Any]:
        """The rows that have these keys."""
        rows: models.QuerySet[Any] = self.model._default_manager.all()
        return rows.filter(**{f"{self.keys[0]}__in": bulk.values(keys)})

    def problems(self, values: Values, before: Known | None) -> Iterator[str]:
        yield from bring_to_form(values, self.flags)
        yield from problems_of(self.checks, values)

    def write(self, changes: Sequence[Change]) -> None:
        names, stamped = (*self.fields, *self.stamps), self.stamped()
        new = [one for one in changes if one.before is None]
        changed = [(one.before.pk, one) for one in changes if one.before is not None]
        if new:
            bulk.insert(self.model, names, ((*self.stored(one.values), *stamped) for one in new))
        if changed:
            bulk.update(
                self.model,
                names,
                ((pk, *self.stored(one.values), *stamped) for pk, one in changed),
            )

    def stored(self, values: Values) -> Iterator[Any]:
        """The row's fields as the table has them."""
        for name in self.fields:
            yield values[name] == "true" if name in self.flags else values[name]

    def stamped(self) -> tuple[Any, ...]:
        """What every write puts into ``stamps``."""
        return ()
