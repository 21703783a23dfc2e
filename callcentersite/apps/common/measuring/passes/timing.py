"""How long it takes, and how long each statement takes: no profiler, only two clocks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

from ..domain.report import QueryRow
from ..domain.sql import fingerprint
from ..isolation.databases import Execute

TRANSACTIONS = frozenset({"SAVEPOINT", "RELEASE", "ROLLBACK", ""})


@dataclass(slots=True)
class Spent:
    """What statements of one shape have taken."""

    calls: int = 0
    seconds: float = 0.0
    slowest: float = 0.0

    def add(self, seconds: float) -> None:
        """One more."""
        self.calls += 1
        self.seconds += seconds
        self.slowest = max(self.slowest, seconds)


@dataclass(slots=True)
class Timing:
    """The durations of the iterations, and the statements of all of them."""

    durations: list[float] = field(default_factory=list)
    statements: dict[tuple[str, str], Spent] = field(default_factory=dict)

    @contextmanager
    def look(self) -> Iterator[None]:
        """Around one iteration."""
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(self.execute))
            began = time.perf_counter()
            yield
            self.durations.append(time.perf_counter() - began)

    def execute(self, execute: Execute, sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Around one statement."""
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            seconds = time.perf_counter() - began
            key = context["connection"].alias, fingerprint(str(sql))
            self.statements.setdefault(key, Spent()).add(seconds)

    def query_rows(self) -> tuple[QueryRow, ...]:
        """The statements, what took longest first."""
        found = [
            QueryRow(
                alias=alias,
                sql=sql,
                calls=spent.calls,
                total_ms=1000 * spent.seconds,
                slowest_ms=1000 * spent.slowest,
            )
            for (alias, sql), spent in self.statements.items()
            if sql not in TRANSACTIONS
        ]
        return tuple(sorted(found, key=lambda row: -row.total_ms))
