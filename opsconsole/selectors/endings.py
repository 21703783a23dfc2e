"""How the runs of some time ended, and which operations have not recovered since."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from ..models import JobRun
from ..states import Status

BAD = Q(status__in=[Status.FAILED, Status.LOST])
# A run that should have come and did not; it has a row of its own where the site keeps such rows.
MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """``broken``: operations whose last bad ending was followed by no good one."""

    runs: int
    failed: int
    lost: int
    missed: int
    broken: tuple[str, ...]


def endings(*, since: datetime, apart_from: Collection[str] = ()) -> Endings:
    """Of what was asked for since then: one statement, by the index on ``queued_at``."""
    found = JobRun.objects.filter(queued_at__gte=since).exclude(operation__in=apart_from)
    rows = list(
        found.order_by("operation")
        .values("operation")
        .annotate(
            runs=Count("pk"),
            failed=Count("pk", filter=Q(status=Status.FAILED)),
            lost=Count("pk", filter=Q(status=Status.LOST)),
            missed=Count("pk", filter=Q(status=MISSED)),
            last_bad=Max("pk", filter=BAD),
            last_good=Max("pk", filter=Q(status=Status.SUCCEEDED)),
        )
    )
    return Endings(
        runs=sum(row["runs"] for row in rows),
        failed=sum(row["failed"] for row in rows),
        lost=sum(row["lost"] for row in rows),
        missed=sum(row["missed"] for row in rows),
        broken=tuple(
            row["operation"] for row in rows if (row["last_bad"] or 0) > (row["last_good"] or 0)
        ),
    )
