"""Whether the programmes keep their time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django_q.models import Schedule

# The scheduler looks twice a minute; what is due for less long is not late.
GRACE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Punctuality:
    """How many are switched on, how many are behind their time, and since when."""

    active: int
    overdue: int
    overdue_since: datetime | None


def punctuality(*, now: datetime) -> Punctuality:
    """One statement."""
    late = Q(next_run__lt=now - GRACE)
    found = (
        Schedule.objects.exclude(repeats=0)
        .order_by()
        .aggregate(
            active=Count("pk"),
            overdue=Count("pk", filter=late),
            overdue_since=Min("next_run", filter=late),
        )
    )
    return Punctuality(**found)
