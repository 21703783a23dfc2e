"""With which arguments the functions that take the time are called."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from types import FrameType
from typing import Any

from django.db.models import Model

from ..domain.calls import Key
from ..domain.evidence import SeenArguments

PLAIN = (str, bytes, int, float, bool, type(None), date, Decimal)
MOST_ITEMS = 50
MOST_CALLS = 10_000


class ArgumentWatch:
    """Watches some functions; ``names`` says what each is called in the report."""

    def __init__(self, names: dict[Key, tuple[str, str]]) -> None:
        self.names = names
        self.calls: defaultdict[Key, int] = defaultdict(int)
        self.values: defaultdict[Key, set[Any]] = defaultdict(set)
        self.kept: list[Any] = []  # so that no other object gets the identity of one that is gone

    @contextmanager
    def look(self) -> Iterator[None]:
        """Around the iteration; nothing at all where nothing is to be watched."""
        if not self.names:
            yield
            return
        before = sys.getprofile()
        sys.setprofile(self.notice)
        try:
            yield
        finally:
            sys.setprofile(before)

    def notice(self, frame: FrameType, event: str, _arg: Any) -> None:
        """The interpreter tells of a call."""
        code = frame.f_code
        key = code.co_filename, code.co_firstlineno, code.co_name
        if event != "call" or key not in self.names or self.calls[key] >= MOST_CALLS:
            return
        self.calls[key] += 1
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        values = frame.f_locals
        self.values[key].add(tuple(self.identity(values.get(name)) for name in names))

    def identity(self, value: Any) -> Any:
        """Equal for equal values, without asking an object anything that it would have to fetch."""
        if isinstance(value, PLAIN):
            return type(value), value
        if isinstance(value, (list, tuple, set, frozenset)) and len(value) <= MOST_ITEMS:
            items: Collection[Any] = value
            return type(value), tuple(self.identity(one) for one in items)
        if isinstance(value, dict) and len(value) <= MOST_ITEMS:
            return dict, tuple((str(key), self.identity(one)) for key, one in value.items())
        if isinstance(value, Model) and value.__dict__.get("id") is not None:
            return type(value), value.__dict__["id"]
        self.kept.append(value)
        return id(value)

    def seen(self) -> tuple[SeenArguments, ...]:
        """What was called."""
        return tuple(
            SeenArguments(
                function=self.names[key][0],
                place=self.names[key][1],
                count=count,
                distinct=len(self.values[key]),
            )
            for key, count in self.calls.items()
        )
