"""The settings in this process's memory: one query every two seconds at most, for all of them."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, Error, transaction

from .domain.catalog import catalog
from .domain.values import Value, typed

logger = logging.getLogger(__name__)
FRESH_SECONDS = 2.0
clock = time.monotonic
Values = dict[str, Value]


@dataclass(slots=True)
class Memory:
    """What was read, and when; ``number`` tells a reading from before a change from one after."""

    values: Values = field(default_factory=dict)
    read_at: float | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """When rows were last written, read together with the values ``of``."""

    of: Values = field(default_factory=dict)
    at: dict[str, datetime | None] = field(default_factory=dict)


class _Own(threading.local):
    """Whether this thread has changed settings in a transaction that is still open."""

    changing = False


_memory, _own, _lock = Memory(), _Own(), threading.Lock()
_written = Written()


def values() -> Values:
    """Key → value of every active setting of the catalogue."""
    if _own.changing:
        if transaction.get_connection(DEFAULT_DB_ALIAS).in_atomic_block:
            return read()  # its own change, which nobody else may see yet
        _own.changing = False
        forget()
    read_at = _memory.read_at
    if read_at is None or clock() - read_at > FRESH_SECONDS:
        refresh()
    return _memory.values


def written_at(clave: str) -> datetime | None:
    """When the setting's row was last saved; asked again whenever the values are."""
    global _written
    current, known_times = values(), _written
    if known_times.of is not current:
        _written = known_times = Written(current)
    if clave not in known_times.at:
        known_times.at[clave] = read_written(clave)
    return known_times.at[clave]


def known() -> Values:
    """What was read last, without asking the database."""
    return _memory.values


def refresh() -> None:
    """Read again; keep what is known where the database is away."""
    number = _memory.number
    try:
        fresh = read()
    except Error:
        if transaction.get_connection(DEFAULT_DB_ALIAS).in_atomic_block:
            raise  # the transaction is broken: its owner has to know
        logger.warning("the settings could not be read; those known stay", exc_info=True)
        fresh = _memory.values
    with _lock:
        if number == _memory.number:
            _memory.values, _memory.read_at = fresh, clock()


def read() -> Values:
    """What the table says of the catalogue's keys, however many others an import brought."""
    return typed_values(list(catalog()))


def read_one(clave: str) -> Value | None:
    """A key that the catalogue does not have: asked for by few, so remembered by nobody."""
    return typed_values([clave]).get(clave)


def typed_values(claves: list[str]) -> Values:
    """Active rows; a value that something wrote past every check counts as absent."""
    from .models import Configuracion

    wanted = Configuracion.objects.filter(activa=True, clave__in=claves)
    found: Values = {}
    for clave, valor, tipo_dato in wanted.values_list("clave", "valor", "tipo_dato"):
        try:
            found[clave] = typed(valor, tipo_dato)
        except ValueError:
            logger.error("%s: the stored value is not a %s; its default is used", clave, tipo_dato)
    return found


def read_written(clave: str) -> datetime | None:
    """What the table says; None where there is no row, or the database is away."""
    from .models import Configuracion

    rows = Configuracion.objects.filter(clave=clave)
    try:
        row = rows.only("updated_at").first()
        return row.updated_at if row else None
    except Error:
        if transaction.get_connection(DEFAULT_DB_ALIAS).in_atomic_block:
            raise
        logger.warning("%s: it could not be read when it was saved", clave, exc_info=True)
        return None


def changed(using: str) -> None:
    """A setting was written: forget, now or when the transaction is over."""
    if using != DEFAULT_DB_ALIAS:
        return
    if transaction.get_connection(using).in_atomic_block:
        _own.changing = True
        transaction.on_commit(forget, using=using)
    else:
        forget()


def forget() -> None:
    """Let the next question be answered by the database."""
    with _lock:
        _memory.number += 1
        _memory.read_at = None
