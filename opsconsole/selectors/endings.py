"""How the runs of some time ended, and which operations have not recovered since."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from ..exceptions import OverLimit
from ..models import JobRun, Origin
from ..states import Status
from .runs import ASKED_FOR, visible_to

# Somebody asked for too much and was told so: nothing is broken. A programme should not do that.
REFUSED = Q(error_class=OverLimit.__name__) & ~Q(origin=Origin.SCHEDULE)
BAD = Q(status=Status.LOST) | (Q(status=Status.FAILED) & ~REFUSED)
COUNTS = {
    "runs": Count("pk"),
    "failed": Count("pk", filter=Q(status=Status.FAILED)),
    "lost": Count("pk", filter=Q(status=Status.LOST)),
    "missed": Count("pk", filter=Q(status=Status.MISSED)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How many runs were asked for, and how many of them ended badly."""

    runs: int
    failed: int
    lost: int
    missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """All of them, and those that no good ending of their operation followed.

    ``broken``: operations whose last failed or lost run is among the latter.
    """

    figures: Figures
    unmended: Figures
    broken: tuple[str, ...]


def day_figures(user: Any, *, hours: int = 24) -> Figures:
    """What this person sees of the last hours."""
    return figures_of(asked_since(timezone.now() - timedelta(hours=hours), visible_to(user)))


def endings(*, since: datetime, apart_from: Collection[str] = ()) -> Endings:
    """Of what was asked for since then; the operations ``apart_from`` are counted, not judged."""
    found = asked_since(since, JobRun.objects.all())
    rows = list(
        found.exclude(operation__in=apart_from)
        .values("operation")
        .annotate(
            last_bad=Max("pk", filter=BAD),
            last_good=Max("pk", filter=Q(status=Status.SUCCEEDED)),
        )
        .order_by("operation")
    )
    return Endings(
        figures=figures_of(found),
        unmended=figures_of(found.filter(after_the_good(rows))),
        broken=tuple(
            row["operation"] for row in rows if (row["last_bad"] or 0) > (row["last_good"] or 0)
        ),
    )


def asked_since(since: datetime, runs: QuerySet[JobRun]) -> QuerySet[JobRun]:
    """By the index on ``queued_at``."""
    return runs.filter(ASKED_FOR, queued_at__gte=since).order_by()


def figures_of(runs: QuerySet[JobRun]) -> Figures:
    """One statement."""
    return Figures(**runs.aggregate(**COUNTS))


def after_the_good(rows: Iterable[Mapping[str, Any]]) -> Q:
    """The runs of each operation that came after its last good ending."""
    later = Q(pk__in=())
    for row in rows:
        later |= Q(operation=row["operation"], pk__gt=row["last_good"] or 0)
    return later
