"""``sistema.max_log_file_size``: the log file is rotated where it reaches that size.

Web, workers and commands write to one file, so the rotation is locked between processes; that is
the library's work. Ours is the limit, asked at every line and never at the expense of whoever
writes it. Loaded with the settings, so nothing here may import models.
"""

from __future__ import annotations

import logging
import threading

from concurrent_log_handler import ConcurrentRotatingFileHandler
from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections

from . import settings_cache
from .domain.catalog import catalog

KEY = "sistema.max_log_file_size"
MEGABYTE = 1024 * 1024


class _Asking(threading.local):
    """Whether this thread is reading the settings just now: their queries may be logged too."""

    now = False


_asking = _Asking()


class SizedLogFile(ConcurrentRotatingFileHandler):
    """A rotating file whose limit is the setting's, as it is now."""

    def handle(self, record: logging.LogRecord) -> bool:
        # Before any lock is taken: the answer may come from the database.
        self.maxBytes = limit_bytes()
        return bool(super().handle(record))


def limit_bytes() -> int:
    """Up to what size the file grows."""
    megabytes = known_values().get(KEY, catalog()[KEY].default_typed)
    return int(str(megabytes)) * MEGABYTE


def known_values() -> settings_cache.Values:
    """The settings; without asking the database where that could hurt whoever writes a line."""
    if _asking.now or not may_ask():
        return settings_cache.known()
    _asking.now = True
    try:
        return settings_cache.values()
    except Exception:  # a line is written whatever ails the database
        return settings_cache.known()
    finally:
        _asking.now = False


def may_ask() -> bool:
    """Whether this thread has a connection that is open, and in nobody's transaction.

    A query that fails there would break the transaction of whoever only wanted to say something.
    """
    if not apps.ready:
        return False
    connection = connections[DEFAULT_DB_ALIAS]
    return connection.connection is not None and not connection.in_atomic_block
