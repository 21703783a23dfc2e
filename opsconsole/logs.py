"""The process's own log lines: without noise, and without secrets."""

import logging
import re
from functools import cached_property

from django.conf import settings

from .masking import Masker

# What opsconsole.canary sends; this module is read before there are any models.
CANARY = "opsconsole.tasks.sing"


class NoBells(logging.Filter):
    """Drop «Enqueued [ops] 12»: one line per click, said by whoever clicked, told by its run.

    And the canary that comes through every minute, unless it failed.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        sings = CANARY in text and record.levelno <= logging.INFO
        return not (text.startswith("Enqueued [") or sings)


class PathOnly(logging.Filter):
    """Of an address that was asked for, only the path: people look for calls by their numbers."""

    query = re.compile(r"\?\S*")

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                self.query.sub("", one) if isinstance(one, str) else one for one in record.args
            )
        return True


class MaskedFormatter(logging.Formatter):
    """Formats as usual, then masks secrets and full phone numbers, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return self.masker.mask(super().format(record))

    @cached_property
    def masker(self) -> Masker:
        """Knows by heart what no pattern would recognise."""
        passwords = [database.get("PASSWORD") or None for database in settings.DATABASES.values()]
        return Masker([settings.SECRET_KEY or None, *passwords])
