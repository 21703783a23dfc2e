"""What stands in the databases, so that two looks can be compared."""

import hashlib
from functools import cache

from django.db import connections

# What may change without anybody having done anything: a session's stamp, a cluster's sign of life.
RESTLESS = {"django_session", "opsconsole_q2_cache", "sqlite_sequence"}


def content(*, apart=()):
    """Table → how many rows and a digest of them, for every table of every alias."""
    return {
        f"{alias}.{table}": digest(connections[alias], table)
        for alias in connections
        for table in sorted(connections[alias].introspection.table_names())
        if table not in RESTLESS | set(apart)
    }


def digest(connection, table):
    """The number of rows, and a digest that does not depend on their order."""
    with connection.cursor() as cursor:
        wanted = columns(connection.alias, table)
        cursor.execute(f"SELECT {wanted} FROM {quoted(connection, table)}")
        rows = sorted(map(repr, cursor.fetchall()))
    return len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()


@cache
def columns(alias, table):
    """All of them; on SQLite as text, for the IVR's zero dates are none that Python could read."""
    connection = connections[alias]
    if connection.vendor != "sqlite":
        return "*"
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    return ", ".join(f"CAST({quoted(connection, one.name)} AS TEXT)" for one in found)


def quoted(connection, name):
    return connection.ops.quote_name(name)


def changed(before, after):
    """The tables that are not as they were."""
    return sorted(table for table in before | after if before.get(table) != after.get(table))
