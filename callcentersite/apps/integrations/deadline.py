"""``integraciones.api_timeout``: a request may work so long, then its statement is broken off.

PostgreSQL is told before each statement how much time is left; SQLite asks while it works. Between
two statements we look ourselves. What writes is not broken off halfway: see ``lifted``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import Error, connections
from django.utils.translation import gettext as _

from opsconsole import OperationError

ALIASES = ("default", "ops")
SQLITE_STEPS = 2_000  # about a tenth of a millisecond of work
# A database that counts by itself may be done a little early.
TOLERANCE = 0.05
clock = time.monotonic


class TimeUp(OperationError):
    """The request has worked for as long as it may."""


@dataclass(slots=True)
class Deadline:
    """The moment after which nothing more is begun, unless it is lifted for now."""

    at: float
    seconds: int
    is_lifted: bool = False

    @property
    def left(self) -> float:
        """Seconds until then."""
        return self.at - clock()

    @property
    def has_passed(self) -> bool:
        """Whether it is time to stop."""
        return not self.is_lifted and self.left <= 0

    def error(self) -> TimeUp:
        """The refusal, in three parts."""
        return TimeUp(
            _("La solicitud tardó más de lo permitido."),
            cause=_("El plazo configurado es de %(seconds)s segundos.") % {"seconds": self.seconds},
            remedy=_("Pida menos de una vez, o inténtelo de nuevo más tarde."),
        )


_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def deadline(seconds: int) -> Iterator[Deadline]:
    """Within the block no statement works past the moment; raises TimeUp instead."""
    limit = Deadline(at=clock() + seconds, seconds=seconds)
    token = _current.set(limit)
    try:
        with ExitStack() as stack:
            for alias in ALIASES:
                stack.enter_context(bounded(alias, limit))
            yield limit
    finally:
        _current.reset(token)


@contextmanager
def lifted() -> Iterator[None]:
    """Within the block there is no deadline: what has begun to be written is finished."""
    limit = _current.get()
    if limit is None or limit.is_lifted:
        yield
        return
    if limit.has_passed:
        raise limit.error()
    limit.is_lifted = True
    try:
        yield
    finally:
        limit.is_lifted = False


@contextmanager
def bounded(alias: str, limit: Deadline) -> Iterator[None]:
    """The deadline on one connection, undone at the end."""
    connection = connections[alias]
    bound = OnPostgreSQL(connection) if connection.vendor == "postgresql" else OnSQLite(connection)

    def execute(call: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if limit.is_lifted:
            bound.undo()
            return call(sql, params, many, context)
        if limit.has_passed:
            raise limit.error()
        bound.apply(limit)
        try:
            return call(sql, params, many, context)
        except Error as error:
            if limit.left <= TOLERANCE:
                raise limit.error() from error
            raise

    try:
        with connection.execute_wrapper(execute):
            yield
    finally:
        bound.undo()


class OnPostgreSQL:
    """``statement_timeout``, which counts waiting for locks as well."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.applied = False

    def apply(self, limit: Deadline) -> None:
        """Allow what is left."""
        self.applied = True
        self._set(max(1, round(limit.left * 1_000)))

    def undo(self) -> None:
        """As it was."""
        if self.applied and self.connection.connection is not None:
            self.applied = False
            self._set(None)

    def _set(self, milliseconds: int | None) -> None:
        raw = self.connection.connection
        if raw.closed:
            return
        if raw.info.transaction_status == raw.info.transaction_status.INERROR:
            return  # the statement to come fails anyhow; the rollback undoes a SET as well
        value = "DEFAULT" if milliseconds is None else str(milliseconds)
        raw.execute(f"SET statement_timeout TO {value}")


class OnSQLite:
    """A progress handler that breaks off, and less patience for a locked file."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.usual_ms: int | None = None

    def apply(self, limit: Deadline) -> None:
        """Look at the clock now and then while SQLite works."""
        raw = self.connection.connection
        if self.usual_ms is None:
            self.usual_ms = raw.execute("PRAGMA busy_timeout").fetchone()[0]
        raw.set_progress_handler(lambda: limit.has_passed, SQLITE_STEPS)
        left_ms = max(1, round(limit.left * 1_000))
        raw.execute(f"PRAGMA busy_timeout = {min(left_ms, self.usual_ms or left_ms)}")

    def undo(self) -> None:
        """As it was."""
        raw = self.connection.connection
        if self.usual_ms is None or raw is None:
            return
        raw.set_progress_handler(None, 0)
        raw.execute(f"PRAGMA busy_timeout = {self.usual_ms}")
        self.usual_ms = None
