"""Statements with their places: how often each was issued, and with how many different values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

from ..domain.evidence import SeenQuery
from ..domain.sql import fingerprint, reads_batches
from ..isolation.databases import Execute
from ..project import folder, own_folder
from .places import Place, here, place
from .relations import followed

Key = tuple[str, str, Place]
MOST_PLACES = 3


@dataclass(slots=True)
class Issued:
    """What one place issued; the first statement is kept to be explained, and never written."""

    sql: str
    params: Any
    relation: str
    fix: str
    count: int = 0
    values: Counter[str] = field(default_factory=Counter)


class QueryWatch:
    """Watches every alias."""

    def __init__(self) -> None:
        self.folder, self.own = folder(), own_folder()
        self.issued: dict[Key, Issued] = {}

    @contextmanager
    def look(self) -> Iterator[None]:
        """Around the iteration."""
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(self.execute))
            yield

    def execute(self, execute: Execute, sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Around one statement."""
        text = str(sql)
        where = place(self.folder, self.own)
        key = context["connection"].alias, fingerprint(text), where
        if key not in self.issued:
            relation, fix = followed(here(self.folder, self.own))
            self.issued[key] = Issued(sql=text, params=params, relation=relation, fix=fix)
        one = self.issued[key]
        one.count += 1
        # The text belongs to the values: some of them may be written into it.
        one.values[f"{text}{params!r}"] += 1
        return execute(sql, params, many, context)

    def seen(self) -> tuple[SeenQuery, ...]:
        """What was issued, without its values."""
        return tuple(
            SeenQuery(
                alias=alias,
                sql=sql,
                place=where.code,
                template=where.template,
                count=one.count,
                distinct=len(one.values),
                relation=one.relation,
                fix=one.fix,
                batches=reads_batches(one.sql),
            )
            for (alias, sql, where), one in self.issued.items()
        )

    def repeated(self) -> tuple[SeenQuery, ...]:
        """What was asked with the very same values more than once, from wherever."""
        asked: defaultdict[tuple[str, str], dict[str, list[Place]]] = defaultdict(dict)
        for (alias, sql, where), one in self.issued.items():
            for value, count in one.values.items():
                asked[alias, sql].setdefault(value, []).extend([where] * count)
        return tuple(
            repetition(alias, sql, [places for places in values.values() if len(places) > 1])
            for (alias, sql), values in asked.items()
            if any(len(places) > 1 for places in values.values())
        )


def repetition(alias: str, sql: str, values: list[list[Place]]) -> SeenQuery:
    """A statement with the values that were repeated, each with the places that did."""
    places = list(dict.fromkeys(one for found in values for one in found))
    return SeenQuery(
        alias=alias,
        sql=sql,
        place=", ".join(one.code for one in places[:MOST_PLACES]),
        template=next((one.template for one in places if one.template), ""),
        count=sum(map(len, values)),
        distinct=len(values),
    )
