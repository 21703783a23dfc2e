"""Begin a report, publish its file, take it back, delete it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from . import errors
from .document import title_of
from .domain.request import ReportRequest
from .models import Report


def begin(request: ReportRequest, *, run: int, created_by: str, creator_id: str | None) -> Report:
    """The report's row, with the name that its file is going to have.

    Before the file: whatever happens afterwards, the row knows what there may be to remove.
    """
    return Report.objects.create(
        title=title_of(request)[:200],
        kind=request.kind.value,
        since=request.dates.first,
        until=request.dates.last,
        queue=request.queue or "",
        format=request.format.value,
        file=private_name(request.format.value),
        run=run,
        created_by=created_by,
        creator_id=creator_id,
    )


def private_name(ending: str) -> str:
    """``reports/2026/11/<32 hexadecimal digits>.pdf``: nobody guesses it."""
    return f"reports/{timezone.localdate():%Y/%m}/{secrets.token_hex(16)}.{ending}"


@contextmanager
def in_the_making(request: ReportRequest, **who: Any) -> Iterator[Report]:
    """A report that is published within the block, or forgotten with all that there is of it."""
    report = begin(request, **who)
    try:
        yield report
    except BaseException:
        discard(Report.objects.filter(pk=report.pk))
        raise


def publish(report: Report, path: Path, *, rows: int) -> Report:
    """Store the file and say that it is there; raises OperationError where the row is gone."""
    with path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        source.seek(0)
        name = report.file.storage.save(str(report.file.name), File(source))
    made = Report.objects.filter(pk=report.pk, status=Report.Status.GENERATING).update(
        file=name,
        rows=rows,
        size_bytes=path.stat().st_size,
        sha256=digest,
        status=Report.Status.READY,
    )
    if not made:
        report.file.storage.delete(name)
        raise errors.no_longer_wanted()
    report.refresh_from_db()
    return report


def discard(reports: Any) -> int:
    """Forget those of the reports that were never finished, and what there is of their files."""
    unfinished = reports.filter(status=Report.Status.GENERATING).values_list("pk", flat=True)
    return delete_reports(list(unfinished))


def delete_reports(ids: Iterable[int]) -> int:
    """Delete these reports, and their files when the transaction is over; return how many.

    For retention, in batches: a row goes in the caller's transaction, and a rollback brings it
    back with its file untouched.
    """
    with transaction.atomic():
        _all, deleted = Report.objects.filter(pk__in=list(ids)).delete()
    return deleted.get(Report._meta.label, 0)
