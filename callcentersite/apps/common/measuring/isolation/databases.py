"""A transaction on every alias that is rolled back whatever happens in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from .. import refusals
from ..domain.sql import leaves_transaction

Execute = Callable[..., Any]
# An alias that did not answer is not asked again for so long: each time would cost its time-out.
SILENT_SECONDS = 60.0
_silent_until: dict[str, float] = {}


@contextmanager
def rolled_back() -> Iterator[None]:
    """On all aliases; one that does not answer is shut instead."""
    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(rolled_back_on(connections[alias]))
        yield


@contextmanager
def rolled_back_on(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """The same for one alias."""
    if not answers(connection):
        with connection.execute_wrapper(refuse_all):
            yield
        return
    with waiting_for_no_write(connection), atomic_block(connection):
        try:
            with connection.execute_wrapper(stay_inside):
                yield
        finally:
            connection.set_rollback(True)


def answers(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database is there; one that was not a moment ago is not asked."""
    if time.monotonic() < _silent_until.get(connection.alias, 0.0):
        return False
    try:
        connection.ensure_connection()
    except OperationalError:
        _silent_until[connection.alias] = time.monotonic() + SILENT_SECONDS
        return False
    return True


@contextmanager
def atomic_block(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """A transaction in which code may open a durable one of its own, as it does outside."""
    block = transaction.atomic(using=connection.alias)
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield


@contextmanager
def waiting_for_no_write(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """On SQLite a transaction that only reads takes no lock from those who write."""
    if connection.vendor != "sqlite":
        yield
        return
    mode = connection.transaction_mode  # type: ignore[attr-defined]
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.transaction_mode = mode  # type: ignore[attr-defined]


def stay_inside(execute: Execute, sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Refuse what would end the transaction before it is rolled back."""
    if leaves_transaction(str(sql), vendor=context["connection"].vendor):
        raise refusals.side_effect(_("Una sentencia SQL que termina la transacción."))
    return execute(sql, params, many, context)


def refuse_all(execute: Execute, sql: Any, params: Any, many: bool, context: Any) -> Any:
    """A database that came back meanwhile has no transaction around it."""
    alias = context["connection"].alias
    raise OperationalError(_("La base «%(alias)s» no respondió al empezar.") % {"alias": alias})
