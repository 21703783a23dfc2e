"""The quickest way of each database to append a batch of log lines."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connections
from django.db.models import Max

from .context import LogLine
from .models import JobLog

COLUMNS = ("run_id", "seq", "level", "message", "at")


def append(run_id: int, lines: Sequence[LogLine], *, using: str) -> None:
    """Write the lines in the caller's transaction: COPY on PostgreSQL, else one bulk INSERT."""
    if not lines:
        return
    connection = connections[using]
    if connection.vendor == "postgresql":
        _copy(run_id, lines, using=using)
    else:
        _executemany(run_id, lines, using=using)


def stored(run_id: int, *, using: str) -> int:
    """The number of the last line that is there."""
    last = JobLog.objects.using(using).filter(run_id=run_id).aggregate(last=Max("seq"))["last"]
    return last or 0


def _copy(run_id: int, lines: Sequence[LogLine], *, using: str) -> None:
    table, names = JobLog._meta.db_table, ", ".join(COLUMNS)
    # Django wraps what execute() raises, not what a COPY does.
    connection = connections[using]
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy,
    ):
        for line in lines:
            copy.write_row((run_id, line.seq, line.level, line.message, line.at))


def _executemany(run_id: int, lines: Sequence[LogLine], *, using: str) -> None:
    adapt = connections[using].ops.adapt_datetimefield_value
    marks = ", ".join(["%s"] * len(COLUMNS))
    rows = [(run_id, n.seq, n.level, n.message, adapt(n.at)) for n in lines]
    with connections[using].cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{JobLog._meta.db_table}" ({", ".join(COLUMNS)}) VALUES ({marks})', rows
        )
