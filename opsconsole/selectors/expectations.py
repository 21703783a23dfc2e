"""What came of what is expected of cron: the last run, the next time, the runs that were missed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import OuterRef, Subquery

from ..models import Expectation, JobRun
from ..programmes import cron
from ..programmes.expectations import SOURCE
from ..programmes.missed_runs import MISSED_KEY
from ..states import Status

LATELY = timedelta(days=30)
OURS = f"{MISSED_KEY}:{SOURCE}:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """``missed``: its missed runs of the last 30 days, the newest first.

    ``coming`` is empty where its cron or its zone cannot be read.
    """

    last: JobRun | None
    missed: tuple[JobRun, ...]
    coming: tuple[datetime, ...]

    @property
    def times_missed(self) -> int:
        """One missed run may stand for many times."""
        return sum((run.result or {}).get("missed", 1) for run in self.missed)

    @property
    def is_missing(self) -> bool:
        """Whether nothing has come since the last one that was missed."""
        if not self.missed:
            return False
        began = self.last.started_at if self.last else None
        return began is None or began < self.missed[0].queued_at


def standings(rows: Iterable[Expectation], *, now: datetime) -> dict[int, Standing]:
    """Of each by its number: three statements, however many."""
    rows = list(rows)
    last, missed = last_runs(rows), missed_runs(since=now - LATELY)
    return {
        one.pk: Standing(
            last=last.get(one.pk), missed=tuple(missed.get(one.pk, ())), coming=coming(one, now=now)
        )
        for one in rows
    }


def last_runs(rows: Iterable[Expectation]) -> dict[int, JobRun]:
    """The last run that began, however it was launched."""
    came = JobRun.objects.filter(
        operation=OuterRef("operation"), parent=None, started_at__isnull=False
    )
    newest = Subquery(came.order_by("-pk").values("pk")[:1])
    asked = Expectation.objects.filter(pk__in=[one.pk for one in rows]).order_by()
    numbers = dict(asked.values_list("pk", newest))
    runs = JobRun.objects.in_bulk(set(numbers.values()) - {None})
    return {pk: runs[number] for pk, number in numbers.items() if number in runs}


def missed_runs(*, since: datetime) -> dict[int, list[JobRun]]:
    """Missed runs by the number of what expected them."""
    rows = JobRun.objects.filter(
        status=Status.MISSED, queued_at__gte=since, request_key__startswith=OURS
    )
    found: dict[int, list[JobRun]] = {}
    for run in rows.order_by("-pk"):
        number = str(run.request_key).removeprefix(OURS).partition("@")[0]
        found.setdefault(int(number), []).append(run)
    return found


def coming(expectation: Expectation, *, now: datetime, count: int = 5) -> tuple[datetime, ...]:
    """When the next ones should come, by the clock of its zone."""
    try:
        zone = expectation.zone_info()
        ahead = cron.times(expectation.cron, zone=zone, after=now)
        return tuple(islice(ahead, count))
    except (ValueError, KeyError, IndexError):
        # What was written past the form: the page says so, and the others go on.
        return ()
