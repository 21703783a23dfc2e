"""SQLite in the IVR's place, for development and tests: the same joined texts."""

from typing import Any

from django.db import connections

from ..domain.rows import LEGACY_COLUMNS
from ..domain.walks import Walk
from .source import LegacySource

NULL, ROW, FIELD = 29, 30, 31


class SQLiteSource(LegacySource):
    """Django's own connection: it sees what a test has written and not committed."""

    def rows(self, sql: str, args: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with connections["legacy"].cursor() as cursor:
            cursor.execute(sql, [str(arg) if not isinstance(arg, int) else arg for arg in args])
            return list(cursor.fetchall())

    def joined(self, walk: Walk, *, size: int, careful: bool) -> tuple[bytes, int]:
        condition, args = walk.condition()
        sql = (
            f"SELECT CAST(group_concat(line, char({ROW})) AS BLOB), COUNT(*) FROM ("
            f"SELECT {row_expression(careful=careful)} AS line FROM ivr_calls "
            f"WHERE {condition} ORDER BY {walk.order} LIMIT {size:d})"
        )
        text, rows = self.rows(sql, args)[0]
        return text or b"", int(rows)

    def table_rows(self) -> int:
        return int(self.rows("SELECT COUNT(*) FROM ivr_calls")[0][0])

    def close(self) -> None:
        """The connection is Django's to close."""


def row_expression(*, careful: bool) -> str:
    """One text a row."""
    columns = [column_expression(column, careful=careful) for column in LEGACY_COLUMNS]
    return f" || char({FIELD}) || ".join(columns)


def column_expression(column: str, *, careful: bool) -> str:
    """A column as text, NULL as its marker, without the separators if they may be inside."""
    text = column
    if careful:
        for separator in (NULL, ROW, FIELD):
            text = f"replace({text}, char({separator}), '')"
    return f"ifnull({text}, char({NULL}))"
