"""Writes the test data into the legacy database: the only code of ours that ever writes there.

Demo calls live in an id range of their own (``FIRST_CALL_ID`` and up): other rows of the same
database are left alone. Writing the same sample again gives the same rows; another sample replaces
the one before it.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple
from datetime import date
from typing import Any

import polars as pl
from django.db import transaction

from .domain.test_data import AGENTS, COLUMNS, FIRST_CALL_ID, MOST_CALLS, QUEUES, CallSample
from .legacy_schema import create_tables

# The columns are those of the IVR's own DDL, in its order.
QUEUES_SQL = "REPLACE INTO ivr_queues (queue_code, name, segment, sla_seconds, active) VALUES "
AGENTS_SQL = "REPLACE INTO ivr_agents (agent_code, name, team, active) VALUES "
CALLS_SQL = "REPLACE INTO ivr_calls VALUES "
STATEMENT_ROWS = 2_000  # about 500 kB, far under MariaDB's default limit of 16 MB


def prepare(connection: Any) -> None:
    """Create what is missing: the tables, the queues and the agents."""
    create_tables(connection)
    replace(connection, QUEUES_SQL, QUEUES)
    replace(connection, AGENTS_SQL, AGENTS)


def write_block(connection: Any, block: pl.DataFrame) -> None:
    """Write rows of ``ivr_calls`` in one transaction; a row with the same call_id is replaced."""
    with writing(connection) as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(CALLS_SQL + marks(len(COLUMNS), "?"), block.iter_rows())
        else:
            for statement in statements(block):
                cursor.execute(statement)


def remove_other_calls(connection: Any, sample: CallSample) -> int:
    """Remove the demo calls that an earlier, larger sample left; return how many."""
    return delete_between(connection, sample.end_call_id, FIRST_CALL_ID + MOST_CALLS)


def delete_between(connection: Any, first: int, after: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ivr_calls WHERE call_id >= %s AND call_id < %s", [first, after])
        return int(cursor.rowcount)


def count_calls(connection: Any) -> int:
    """How many demo calls there are; 0 when the tables are missing too."""
    if "ivr_calls" not in connection.introspection.table_names():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM ivr_calls WHERE call_id >= %s AND call_id < %s",
            [FIRST_CALL_ID, FIRST_CALL_ID + MOST_CALLS],
        )
        return int(cursor.fetchone()[0])


def starts(connection: Any, *, first: int) -> dict[int, str]:
    """When a hundred demo calls from that id on start, as text; those without a start left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT call_id, SUBSTR(started_at, 1, 19) FROM ivr_calls "
            "WHERE call_id >= %s AND call_id < %s AND started_at IS NOT NULL",
            [first, first + 100],
        )
        return dict(cursor.fetchall())


def last_days(connection: Any) -> list[date]:
    """The last days on which demo calls start, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT SUBSTR(started_at, 1, 10) AS day FROM ivr_calls "
            "WHERE call_id >= %s AND call_id < %s AND SUBSTR(started_at, 1, 4) > '1000' "
            "ORDER BY day DESC LIMIT 5",
            [FIRST_CALL_ID, FIRST_CALL_ID + MOST_CALLS],
        )
        return [date.fromisoformat(day) for (day,) in cursor.fetchall()]


@contextmanager
def writing(connection: Any) -> Iterator[Any]:
    """A driver cursor in one transaction that writes as the IVR does.

    Not Django's cursor: with DEBUG it would keep every statement, half a megabyte each.
    """
    with (
        transaction.atomic(using=connection.alias),
        ivr_mode(connection),
        closing(connection.connection.cursor()) as cursor,
    ):
        yield cursor


@contextmanager
def ivr_mode(connection: Any) -> Iterator[None]:
    """Let zero dates in while the block runs (``sql_mode=''``), as the IVR's own sessions do."""
    if connection.vendor != "mysql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT @@SESSION.sql_mode")
        (before,) = cursor.fetchone()
        cursor.execute("SET SESSION sql_mode = ''")
        yield
        # Not after an error: the connection may be gone, and Django replaces one that failed.
        cursor.execute("SET SESSION sql_mode = %s", [before])


def replace(connection: Any, sql: str, rows: Iterable[Any]) -> None:
    """Write queues or agents; those with the same code are replaced."""
    values = [astuple(row) for row in rows]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.executemany(sql + marks(len(values[0]), "%s"), values)


def marks(count: int, mark: str) -> str:
    return f"({', '.join([mark] * count)})"


def statements(block: pl.DataFrame) -> Iterator[str]:
    """The rows as multi-row statements; Polars writes the text, a column at a time."""
    literals = [literal(name, kind) for name, kind in block.schema.items()]
    values = block.select(row=pl.format("({})", pl.concat_str(literals, separator=",")))["row"]
    for offset in range(0, len(values), STATEMENT_ROWS):
        rows = ",".join(values[offset : offset + STATEMENT_ROWS])
        yield CALLS_SQL + rows


def literal(name: str, kind: pl.DataType) -> pl.Expr:
    """A column as MariaDB literals."""
    column = pl.col(name)
    if kind == pl.String:
        for character, escaped in (("\\", "\\\\"), ("'", "\\'"), ("\x00", "\\0")):
            column = column.str.replace_all(character, escaped, literal=True)
        column = pl.format("'{}'", column)
    return column.cast(pl.String).fill_null("NULL")
