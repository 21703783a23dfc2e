"""The report as the guide prints it: fixed English lines, for terminals and for scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .findings import Kind
from .report import Finding, FunctionRow, Report

RULE = "=" * 42
LEAST_NAME_WIDTH = 26
MOST_SQL = 120
FIX_TEXTS = {"select_related": "foreign keys", "prefetch_related": "related sets"}


def text(report: Report) -> str:
    """The whole report, ending in a line break."""
    return "\n".join(lines(report)) + "\n"


def lines(report: Report) -> Iterator[str]:
    """Header, table, totals, recommendations."""
    yield from header(report)
    yield RULE
    yield from table(report.functions)
    yield RULE
    yield from totals(report)
    yield from recommendations(report.findings)


def header(report: Report) -> Iterator[str]:
    """What was measured, and how often."""
    subject = report.subject
    method = f" ({subject.method})" if subject.method else ""
    yield f"Profiling {subject.kind}: {subject.target}{method}"
    yield f"Iterations: {report.iterations}"


def table(rows: tuple[FunctionRow, ...]) -> Iterator[str]:
    """Function, calls, time and share, in columns."""
    width = max([LEAST_NAME_WIDTH, *(len(row.name) for row in rows)])
    yield f"{'Function':<{width}}  {'Calls':>5}  {'Time (ms)':>9}  {'% Total':>7}"
    for row in rows:
        calls = str(row.calls) if row.calls else "-"
        yield f"{row.name:<{width}}  {calls:>5}  {row.own_ms:>9.1f}  {100 * row.share:>6.1f}%"


def totals(report: Report) -> Iterator[str]:
    """What the iterations came to, and what the columns above count."""
    yield f"Total time: {report.total_ms:.1f} ms"
    yield f"Avg per iteration: {report.average_ms:.1f} ms"
    yield f"Median per iteration: {report.median_ms:.1f} ms"
    yield f"95th percentile: {report.p95_ms:.1f} ms"
    yield f"Queries per iteration: {report.queries_per_iteration:.1f}"
    if report.answer:
        yield f"Answer: {report.answer}"
    if report.subject.user:
        yield f"As user: {report.subject.user}"
    yield (
        f"Calls and times are totals over {counted(report.iterations, 'iteration')}, "
        "after one warm-up; a function's time includes the library code that it calls."
    )
    yield from report.notes


def counted(number: int, noun: str) -> str:
    """``1 iteration``, ``10 iterations``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def recommendations(findings: tuple[Finding, ...]) -> Iterator[str]:
    """One line each, or that there are none."""
    if not findings:
        yield "Recommendations: none"
        return
    yield "Recommendations:"
    for finding in findings:
        yield from (f"- {line}" for line in SENTENCES[Kind(finding.kind)](finding))


def n_plus_one(found: Finding) -> Iterator[str]:
    yield (
        f"Optimize database queries (N+1 detected): {counted(found.count, 'time')} per iteration "
        f"at {where(found)}: {short(found.sql)}"
    )
    if found.fix:
        yield f"Use {found.fix} for {FIX_TEXTS[found.fix]}: {found.fix}({found.relation!r})"


def duplicate(found: Finding) -> Iterator[str]:
    yield (
        f"Ask once: the same query {counted(found.count, 'time')} per iteration with "
        f"{found.distinct} different values, at {where(found)}: {short(found.sql)}"
    )


def missing_index(found: Finding) -> Iterator[str]:
    yield (
        f"Add an index: {found.table} ({found.rows} rows) is read from end to end "
        f"by {short(found.sql)} at {where(found)}"
    )


def slow_query(found: Finding) -> Iterator[str]:
    yield f"Speed up a slow query: {found.ms:.1f} ms each at {where(found)}: {short(found.sql)}"


def cache(found: Finding) -> Iterator[str]:
    name = found.function.rpartition(".")[2]
    yield (
        f"Consider caching {name} results: {counted(found.count, 'call')} with {found.distinct} "
        f"different arguments per iteration, {100 * found.share:.1f}% of the time, at {found.place}"
    )


def serialization(found: Finding) -> Iterator[str]:
    yield (
        f"Return less, or page it: serialization takes {100 * found.share:.1f}% of the time "
        f"({found.ms:.1f} ms)"
    )


def unused_rows(found: Finding) -> Iterator[str]:
    yield (
        f"Fetch fewer rows: {found.rows} rows of {found.table} fetched at {found.place}, "
        f"{found.used} looked at"
    )


SENTENCES: dict[Kind, Callable[[Finding], Iterator[str]]] = {
    Kind.N_PLUS_ONE: n_plus_one,
    Kind.DUPLICATE: duplicate,
    Kind.MISSING_INDEX: missing_index,
    Kind.SLOW_QUERY: slow_query,
    Kind.CACHE: cache,
    Kind.SERIALIZATION: serialization,
    Kind.UNUSED_ROWS: unused_rows,
}


def where(found: Finding) -> str:
    """The template's line where there is one, and the code's."""
    return f"{found.template} ({found.place})" if found.template else found.place or "?"


def short(sql: str) -> str:
    """A statement that fits on a line."""
    return sql if len(sql) <= MOST_SQL else f"{sql[: MOST_SQL - 1]}…"
