"""Which requests were recorded, and what they asked of the databases."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from silk.models import Request, SQLQuery

from opsconsole.models import JobRun


def listed() -> QuerySet[Request]:
    """For the list: with the time of the queries, computed for the rows that are shown."""
    of_request = SQLQuery.objects.filter(request=OuterRef("pk")).order_by().values("request")
    time = Subquery(of_request.annotate(total=Sum("time_taken")).values("total"))
    requests: QuerySet[Request] = Request.objects.select_related("response").defer(
        "raw_body", "body", "encoded_headers", "pyprofile"
    )
    found: QuerySet[Request] = requests.annotate(database_ms=time)
    return found


def during(run: JobRun, requests: QuerySet[Request]) -> QuerySet[Request]:
    """Those of them that were under way while the run was."""
    if run.started_at is None:
        return requests.none()
    found = requests.filter(end_time__gte=run.started_at)
    return found if run.finished_at is None else found.filter(start_time__lte=run.finished_at)


def queries_of(request: Request, *, most: int) -> list[SQLQuery]:
    """Its statements, in the order in which they were issued."""
    return list(SQLQuery.objects.filter(request=request).order_by("identifier")[:most])
