"""How many rows the tables have, about: the same cost whether they are ten or ten million."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import connections, router

# What PostgreSQL knows by itself, without a lock and without reading the tables.
POSTGRESQL = """
SELECT c.relname,
       GREATEST(c.reltuples::bigint, COALESCE(s.n_live_tup, 0), 0),
       current_setting('block_size')::bigint * (
           SELECT SUM(p.relpages) FROM pg_class p
           WHERE p.oid IN (c.oid, c.reltoastrelid)
              OR p.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = c.oid))
FROM pg_class c LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY(%s)
ORDER BY c.relname
"""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A table's rows, and its bytes where the database knows them."""

    name: str
    rows: int
    size_bytes: int | None = None


def estimates() -> list[Estimate]:
    """Every table of the console: one statement for each database."""
    return [one for alias in our_aliases() for one in estimates_of(alias)]


def our_aliases() -> tuple[str, ...]:
    """Each database once."""
    return ("default",) if settings.OPS_SHARES_DEFAULT else ("default", "ops")


def estimates_of(alias: str) -> Iterator[Estimate]:
    """The tables of one database."""
    names = [name for name, home in tables() if home == alias or settings.OPS_SHARES_DEFAULT]
    with connections[alias].cursor() as cursor:
        if connections[alias].vendor == "postgresql":
            cursor.execute(POSTGRESQL, [names])
        else:
            cursor.execute(sqlite_statement(names))
        for name, rows, size in cursor.fetchall():
            yield Estimate(name, int(rows or 0), None if size is None else int(size))


def sqlite_statement(names: list[str]) -> str:
    """The span of the row numbers: two steps at the ends of each table's tree."""
    return " UNION ALL ".join(
        f"SELECT '{name}', (SELECT MAX(rowid) FROM \"{name}\") - "
        f'(SELECT MIN(rowid) FROM "{name}") + 1, NULL'
        for name in names
    )


def tables() -> list[tuple[str, str]]:
    """The tables of the models, and where they live; the IVR's are not ours."""
    models = apps.get_models(include_auto_created=True)
    found = {
        (model._meta.db_table, router.db_for_read(model))
        for model in models
        if model._meta.managed and not model._meta.proxy
    }
    return sorted(found)
