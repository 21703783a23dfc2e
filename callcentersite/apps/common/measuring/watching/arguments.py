"""With which arguments the functions that take the time are called."""

from __future__ import annotations

import inspect
import sys
import time
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
from ..domain.numbers import share

PLAIN = (str, bytes, int, float, bool, type(None), date, Decimal)
MOST_ITEMS = 50
MOST_CALLS = 10_000
# They are entered again for each item, with the arguments of their one call.
RESUMED = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class ArgumentWatch:
    """Watches some functions; ``names`` says what each is called in the report."""

    def __init__(self, names: dict[Key, tuple[str, str]]) -> None:
        self.names = names
        self.calls: defaultdict[Key, int] = defaultdict(int)
        self.values: defaultdict[Key, set[Any]] = defaultdict(set)
        self.seconds: defaultdict[Key, float] = defaultdict(float)
        self.again: defaultdict[Key, float] = defaultdict(float)  # of them, with known arguments
        self.open: list[tuple[Key, bool, float]] = []
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
        """The interpreter tells of a call, or of its end."""
        code = frame.f_code
        key = code.co_filename, code.co_firstlineno, code.co_name
        if key not in self.names or code.co_flags & RESUMED:
            return
        if event == "call":
            self.open.append((key, self.is_known(key, frame), time.perf_counter()))
        elif event == "return" and self.open and self.open[-1][0] == key:
            self.close()

    def is_known(self, key: Key, frame: FrameType) -> bool:
        """Count the call; whether there was one with the same arguments before."""
        if self.calls[key] >= MOST_CALLS:
            return False
        self.calls[key] += 1
        code, values = frame.f_code, frame.f_locals
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        arguments = tuple(self.identity(values.get(name)) for name in names)
        known = arguments in self.values[key]
        self.values[key].add(arguments)
        return known

    def close(self) -> None:
        """The innermost call is over."""
        key, known, began = self.open.pop()
        seconds = time.perf_counter() - began
        self.seconds[key] += seconds
        self.again[key] += seconds if known else 0.0

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
                again_share=share(self.again[key], self.seconds[key]),
            )
            for key, count in self.calls.items()
        )
