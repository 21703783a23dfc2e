"""SQLite: short transactions with a pause between them, because the file has one writer."""

import json
import time
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import polars as pl
import polars.selectors as cs

from callcentersite.apps.analytics.daily import local_day

from ..domain.rows import CALL_COLUMNS
from . import sql
from .target import Target

PAUSE_SECONDS = 0.02
INSTANT = "%Y-%m-%d %H:%M:%S"  # as Django's SQLite backend writes whole seconds


class SQLiteTarget(Target):
    """Loads by executemany, at most 2,000 rows a transaction, so that a login gets through."""

    batch_limit: ClassVar[int] = 2_000

    def dialect(self) -> sql.Dialect:
        pairs = ", ".join(f"'{name}', {_as_json(name)}" for name in CALL_COLUMNS)
        return sql.Dialect(
            distinct="IS NOT",
            json=f"json_object({pairs})",
            day="{}",
            among="IN (SELECT value FROM json_each(%(ids)s))",
        )

    def insert(self, cursor: Any, table: str, frame: pl.DataFrame) -> None:
        columns = ", ".join(frame.columns)
        places = ", ".join(["%s"] * frame.width)
        rows = frame.with_columns(cs.datetime().dt.strftime(INSTANT)).rows()
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)

    def days(self, values: list[Any]) -> set[date]:
        zone = ZoneInfo(self.zone)
        # Raw SQL gives texts, or instants where Django knows the column's type.
        return {local_day(_instant(value), zone=zone) for value in values}

    def ids(self, call_ids: list[int]) -> str:
        return json.dumps(call_ids)

    def pause(self) -> None:
        time.sleep(PAUSE_SECONDS)


def _instant(value: Any) -> datetime:
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return instant.replace(tzinfo=UTC)


def _as_json(column: str) -> str:
    """A column of ``calls`` as PostgreSQL's to_jsonb would write it."""
    if column.endswith("_at"):
        return f"strftime('%%Y-%%m-%%dT%%H:%%M:%%S+00:00', calls.{column})"
    return f"calls.{column}"
