"""The statements of one request, on every alias of its thread: what, when, from which line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections
from django.utils import timezone

from callcentersite.settings.env import BASE_DIR

from ..measuring.isolation.databases import Execute
from ..measuring.project import folder, own_folder
from ..measuring.watching.places import Place, place

OWN = (own_folder(), f"{BASE_DIR}/callcentersite/apps/common/profiling/")
MOST_QUERIES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A statement without the values that were sent with it."""

    sql: str
    began: datetime
    ended: datetime
    where: Place


class Watch:
    """Keeps the first ``MOST_QUERIES``, and the number of all."""

    def __init__(self) -> None:
        self.queries: list[Query] = []
        self.count = 0
        self._folder = folder()

    @contextmanager
    def look(self) -> Iterator[None]:
        """Around the request. Only its own thread's connections are watched."""
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(self._execute))
            yield

    def _execute(self, execute: Execute, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        if self.count > MOST_QUERIES:
            return execute(sql, params, many, context)
        began = timezone.now()
        try:
            return execute(sql, params, many, context)
        finally:
            ended = timezone.now()
            where = place(self._folder, OWN)
            self.queries.append(Query(sql=str(sql), began=began, ended=ended, where=where))
