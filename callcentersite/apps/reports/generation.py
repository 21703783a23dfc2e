"""From the daily figures to a stored file: read, write, publish."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from django.utils import timezone

from callcentersite.apps.analytics.selectors import daily_figures, stored_days

from . import errors, services
from .document import Document, document_of
from .domain.kinds import Kind
from .domain.request import ReportRequest
from .domain.rows import lines
from .domain.table import Row
from .formats import WRITERS
from .models import Report
from .spool import Spool

if TYPE_CHECKING:
    from opsconsole import RunContext

T = TypeVar("T")
LOOK_EVERY = 200  # rows between two looks at whether to stop


def expected_rows(request: ReportRequest) -> int:
    """How many rows the report is going to have, by the stored sums: one quick query."""
    dates = request.dates
    stored = stored_days(first=dates.first, last=dates.last, queue=request.queue).order_by()
    if request.kind is Kind.DAY_QUEUE:
        return stored.count()
    column = "day" if request.kind is Kind.DAY else "queue"
    found: int = stored.values(column).distinct().count()
    return found


def refuse_long(request: ReportRequest, found: int, *, most: int) -> None:
    """Raise OverLimit for what passes the setting, or what the format can carry."""
    if found > most:
        raise errors.too_many_rows(found, most=most)
    carried = WRITERS[request.format].most_rows
    if carried is not None and found > carried:
        raise errors.too_long_for_pdf(found, most=carried)


def fill(spool: Spool, request: ReportRequest, ctx: RunContext, *, most: int) -> None:
    """Read the figures from the database; it is let go when this returns.

    What the count before could not know, days whose sums are still due, is counted here.
    """
    dates = request.dates
    found = daily_figures(first=dates.first, last=dates.last, queue=request.queue)
    for line in lines(stoppable(found, ctx), request.kind):
        if spool.rows == most:
            raise errors.too_many_rows(most, most=most, at_least=True)
        spool.add(line)
    refuse_long(request, spool.rows, most=most)


def stoppable(items: Iterable[T], ctx: RunContext) -> Iterator[T]:
    """The same, with a look now and then at whether to stop."""
    for number, item in enumerate(items, 1):
        yield item
        if number % LOOK_EVERY == 0:
            ctx.check_cancelled()


def write_and_publish(
    report: Report, request: ReportRequest, spool: Spool, ctx: RunContext
) -> Report:
    """Write the file beside the storage, then move it there whole."""
    document = document_of(
        request,
        author=ctx.requested_by,
        rows=spool.rows,
        total=spool.total,
        now=timezone.now(),
    )
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        path = Path(folder) / f"report.{request.format}"
        with ctx.step("write"):
            write(document, watched(spool.read(), ctx, total=spool.rows), path, request)
        ctx.check_cancelled()
        with ctx.step("store"):
            return services.publish(report, path, rows=spool.rows)


def write(document: Document, rows: Iterable[Row], path: Path, request: ReportRequest) -> None:
    """The file, in its format."""
    with path.open("wb") as target:
        WRITERS[request.format].write(document, rows, target)


def watched(rows: Iterable[Row], ctx: RunContext, *, total: int) -> Iterator[Row]:
    """The rows, counted as they pass; stops between two of them if asked."""
    ctx.progress(0, total=total)
    for number, row in enumerate(stoppable(rows, ctx), 1):
        yield row
        ctx.progress(number)
