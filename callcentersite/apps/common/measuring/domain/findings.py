"""Recommendations: each follows from evidence, and without evidence there is none."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from .areas import SERIALIZATION
from .evidence import Evidence, SeenQuery
from .report import Finding, FunctionRow, QueryRow, Report
from .sql import reads

N_PLUS_ONE = 5  # the same question from the same place, within one iteration
SLOW_QUERY_MS = 100.0
BIG_TABLE_ROWS, INDEXED_SHARE = 10_000, 0.1  # for a larger part an index would be no help
CACHE_SHARE = 0.2
SERIALIZATION_SHARE = 0.25
MANY_ROWS, USED_SHARE = 100, 0.1


class Kind(StrEnum):
    """What can be found."""

    N_PLUS_ONE = "n_plus_one"
    DUPLICATE = "duplicate"
    MISSING_INDEX = "missing_index"
    SLOW_QUERY = "slow_query"
    CACHE = "cache"
    SERIALIZATION = "serialization"
    UNUSED_ROWS = "unused_rows"


def find(report: Report, evidence: Evidence) -> tuple[Finding, ...]:
    """Everything, what costs most first within its kind."""
    return (
        *n_plus_one(evidence),
        *duplicates(evidence),
        *missing_indexes(evidence),
        *slow_queries(report),
        *cache_candidates(report, evidence),
        *serialization(report, evidence),
        *unused_rows(evidence),
    )


def is_n_plus_one(query: SeenQuery) -> bool:
    """The same statement again and again, each time about another row."""
    return reads(query.sql) and query.distinct >= N_PLUS_ONE and not query.batches


def n_plus_one(evidence: Evidence) -> Iterator[Finding]:
    """Statements repeated row by row, with who issues them and what would fetch them at once."""
    for query in sorted(evidence.queries, key=lambda one: -one.count):
        if is_n_plus_one(query):
            yield Finding(
                kind=Kind.N_PLUS_ONE,
                place=query.place,
                template=query.template,
                sql=query.sql,
                count=query.count,
                distinct=query.distinct,
                relation=query.relation,
                fix=query.fix,
            )


def duplicates(evidence: Evidence) -> Iterator[Finding]:
    """The very same question asked again, values included."""
    row_by_row = {query.sql for query in evidence.queries if is_n_plus_one(query)}
    for query in sorted(evidence.repeated, key=lambda one: one.distinct - one.count):
        if reads(query.sql) and query.sql not in row_by_row:
            yield Finding(
                kind=Kind.DUPLICATE,
                place=query.place,
                template=query.template,
                sql=query.sql,
                count=query.count,
                distinct=query.distinct,
            )


def missing_indexes(evidence: Evidence) -> Iterator[Finding]:
    """Large tables that are read from end to end for a part of them."""
    for scan in evidence.scans:
        if scan.rows >= BIG_TABLE_ROWS and scan.wanted <= INDEXED_SHARE * scan.rows:
            yield Finding(
                kind=Kind.MISSING_INDEX,
                table=scan.table,
                rows=scan.rows,
                sql=scan.sql,
                place=scan.place,
            )


def slow_queries(report: Report) -> Iterator[Finding]:
    """Statements that take long each time."""
    for query in report.queries:
        if mean_ms(query) >= SLOW_QUERY_MS:
            yield Finding(
                kind=Kind.SLOW_QUERY,
                sql=query.sql,
                place=query.place,
                template=query.template,
                count=query.calls,
                ms=mean_ms(query),
            )


def mean_ms(query: QueryRow) -> float:
    """Of one execution."""
    return query.total_ms / max(query.calls, 1)


def cache_candidates(report: Report, evidence: Evidence) -> Iterator[Finding]:
    """Functions that take a good part of the time to answer what they were asked before.

    One that remembers by itself takes its time only once, and is none.
    """
    rows = {row.name: row for row in report.functions}
    for seen in evidence.arguments:
        row = rows.get(seen.function)
        if row is not None and whole_share(row, report) * seen.again_share >= CACHE_SHARE:
            yield Finding(
                kind=Kind.CACHE,
                function=seen.function,
                place=seen.place,
                count=seen.count,
                distinct=seen.distinct,
                share=whole_share(row, report),
                ms=row.whole_ms,
            )


def whole_share(row: FunctionRow, report: Report) -> float:
    """Its part of the total, callees included."""
    return row.whole_ms / report.total_ms if report.total_ms else 0.0


def serialization(report: Report, evidence: Evidence) -> Iterator[Finding]:
    """Making JSON takes a good part of the time.

    Both when it was sampled and when it was counted: once may be another programme's work.
    """
    if evidence.serialization_share < SERIALIZATION_SHARE:
        return
    for row in report.functions:
        if row.name == SERIALIZATION.name and row.share >= SERIALIZATION_SHARE:
            yield Finding(kind=Kind.SERIALIZATION, share=row.share, ms=row.own_ms, count=row.calls)


def unused_rows(evidence: Evidence) -> Iterator[Finding]:
    """Many objects fetched, few of them looked at."""
    for seen in sorted(evidence.rows, key=lambda one: one.used - one.rows):
        if seen.rows >= MANY_ROWS and seen.used <= USED_SHARE * seen.rows:
            yield Finding(
                kind=Kind.UNUSED_ROWS,
                table=seen.table,
                place=seen.place,
                rows=seen.rows,
                used=seen.used,
            )
