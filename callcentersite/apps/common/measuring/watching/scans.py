"""Tables that PostgreSQL reads from end to end, as its EXPLAIN says; nothing is executed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import DatabaseError, connections, transaction

from ..domain.evidence import SeenScan
from ..domain.sql import fingerprint, reads
from .queries import Issued, Key

MOST_STATEMENTS = 50
TABLE_ROWS = "SELECT GREATEST(reltuples, 0)::bigint FROM pg_class WHERE relname = %s"


def scans(issued: Iterable[tuple[Key, Issued]]) -> tuple[SeenScan, ...]:
    """What each SELECT on PostgreSQL would scan for a part of it."""
    wanted = [
        (alias, where.code, one)
        for (alias, _sql, where), one in issued
        if reads(one.sql) and connections[alias].vendor == "postgresql"
    ]
    return tuple(
        SeenScan(table=table, rows=rows, wanted=part, sql=fingerprint(one.sql), place=code)
        for alias, code, one in wanted[:MOST_STATEMENTS]
        for table, rows, part in scanned(alias, one)
    )


def scanned(alias: str, one: Issued) -> Iterator[tuple[str, int, int]]:
    """Tables, their rows, and how many of them are wanted."""
    try:
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {one.sql}", one.params)
            (plan,) = cursor.fetchone()
            for table, part in sorted(parts(plan[0]["Plan"]).items()):
                cursor.execute(TABLE_ROWS, [table])
                (rows,) = cursor.fetchone()
                yield table, int(rows), part
    except DatabaseError:
        # What cannot be explained, as a cursor's FETCH, is no evidence.
        return


def parts(plan: dict[str, Any]) -> dict[str, int]:
    """Table → the rows that are left of its scan; the fewest where there are several."""
    found: dict[str, int] = {}
    for node in filter(is_scan, nodes(plan)):
        table, part = node["Relation Name"], int(node["Plan Rows"])
        found[table] = min(part, found.get(table, part))
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The plan's node and all below it."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def is_scan(node: dict[str, Any]) -> bool:
    """A scan of everything for a part; whoever wants everything needs no index."""
    return node["Node Type"] == "Seq Scan" and "Filter" in node
