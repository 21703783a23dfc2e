"""Many rows at once: COPY where the database has it, and one statement for what changes.

Knows nothing of checks, signals or history: whoever calls it has seen to them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, router
from django.db.models.expressions import RawSQL

STAGE = "bulk_stage"
ENCODER = json.JSONEncoder(ensure_ascii=False)
Row = Sequence[Any]


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows, their values in the order of the columns (attribute names)."""
    alias = router.db_for_write(model)
    put(alias, model._meta.db_table, columns, adapted(model, columns, rows, alias=alias))


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Give rows new values: each begins with its primary key; in a transaction of the caller's."""
    alias, table, key = router.db_for_write(model), model._meta.db_table, pk_name(model)
    named = [key, *columns]
    with connections[alias].cursor() as cursor:
        quote = connections[alias].ops.quote_name
        cursor.execute(f"CREATE TEMPORARY TABLE {STAGE} AS SELECT {', '.join(map(quote, named))} "
                       f"FROM {table} WHERE 1 = 0")  # fmt: skip
        put(alias, STAGE, named, adapted(model, named, rows, alias=alias))
        news = ", ".join(f"{name} = {STAGE}.{name}" for name in map(quote, columns))
        cursor.execute(
            f"UPDATE {table} SET {news} FROM {STAGE} WHERE {table}.{key} = {STAGE}.{key}"
        )
        cursor.execute(f"DROP TABLE {STAGE}")


def values(items: Sequence[Any], *, using: str = DEFAULT_DB_ALIAS) -> RawSQL:
    """Many texts, or many numbers, as one parameter: ``filter(name__in=values(names))``."""
    if connections[using].vendor == "postgresql":
        kind = "bigint" if items and isinstance(items[0], int) else "text"
        return RawSQL(f"SELECT unnest(%s::{kind}[])", [list(items)])  # noqa: S611  (a parameter)
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(items))])


def put(alias: str, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Rows whose values the database takes as they are."""
    connection = connections[alias]
    names = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", list(rows))
            return
        statement = f"COPY {table} ({names}) FROM STDIN"
        with connection.wrap_database_errors, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def adapted(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Row], *, alias: str
) -> Iterable[Row]:
    """The rows, with what the database spells otherwise than Python does."""
    adapters = {
        place: adapter
        for place, name in enumerate(columns)
        if (adapter := adapter_of(field_of(model, name), alias)) is not None
    }
    for row in rows:
        cells = list(row)
        for place, adapter in adapters.items():
            if cells[place] is not None:
                cells[place] = adapter(cells[place])
        yield cells


def adapter_of(field: Any, alias: str) -> Callable[[Any], Any] | None:
    """How a value of the field is spelt; None: as it is."""
    connection = connections[alias]
    if isinstance(field, models.JSONField):
        return ENCODER.encode
    if isinstance(field, models.DateTimeField):
        return lru_cache(maxsize=64)(connection.ops.adapt_datetimefield_value)
    if isinstance(field, models.UUIDField) and not connection.features.has_native_uuid_field:
        return lambda value: value.hex
    return None


def field_of(model: type[models.Model], name: str) -> Any:
    """The field whose column it is."""
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def pk_name(model: type[models.Model]) -> str:
    """The primary key's column."""
    return str(model._meta.pk.attname)
