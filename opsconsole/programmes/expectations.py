"""Runs that the system's cron should launch: declared here, missed where they fail to come."""

from __future__ import annotations

import logging
from datetime import datetime
from itertools import islice, takewhile

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ..conf import ops_alias
from ..models import Expectation, JobRun, Origin
from . import cron, missed_runs
from .coverage import EARLY, Span, uncovered
from .timetable import MOST, Dues

logger = logging.getLogger(__name__)

# What its missed runs are known by.
SOURCE = "expectation"


def look_after(*, now: datetime | None = None) -> int:
    """How many missed runs were written; any number of processes may, for each is written once."""
    now = now or timezone.now()
    return sum(look_at(one, now=now) for one in Expectation.objects.order_by("pk"))


def look_at(expectation: Expectation, *, now: datetime) -> bool:
    """One of them; whatever is wrong with it stops no other."""
    try:
        return _look_at(expectation, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("expectation %s", expectation)
        return False


def _look_at(expectation: Expectation, *, now: datetime) -> bool:
    since, until = expectation.checked_until, now - expectation.grace
    times = times_between(expectation, since=since, until=until)
    if not times:
        return False
    missing = uncovered(times, spans(expectation, times), grace=expectation.grace)
    same = Expectation.objects.filter(pk=expectation.pk, checked_until=since)
    with transaction.atomic(using=ops_alias()):
        if not same.update(checked_until=times[-1]) or not missing:
            return False
        return missed_runs.declare(absence(expectation, missing)) is not None


def times_between(expectation: Expectation, *, since: datetime, until: datetime) -> list[datetime]:
    """Its times in between, at most ``MOST``: what is left comes with the next look."""
    zone = expectation.zone_info()
    ahead = cron.times(expectation.cron, zone=zone, after=since)
    return list(islice(takewhile(lambda moment: moment <= until, ahead), MOST))


def spans(expectation: Expectation, times: list[datetime]) -> list[Span]:
    """Every run of the operation that began, however launched, and may answer for one of the times.

    One that nobody took off the queue, or that nobody approved, has not come.
    """
    first, last = times[0], times[-1] + expectation.grace
    runs = JobRun.objects.filter(operation=expectation.operation, queued_at__lte=last)
    near = Q(finished_at=None) | Q(finished_at__gte=first) | Q(started_at__gte=first - EARLY)
    began = runs.filter(near, started_at__lte=last).order_by()
    return [
        Span(began=started, ended=ended)
        for started, ended in began.values_list("started_at", "finished_at")
        if started is not None
    ]


def absence(expectation: Expectation, missing: list[datetime]) -> missed_runs.Missed:
    """In the words of a missed run."""
    return missed_runs.Missed(
        source=f"{SOURCE}:{expectation.pk}",
        operation=expectation.operation,
        dues=Dues(first=missing[0], last=missing[-1], count=len(missing)),
        zone=expectation.zone_info(),
        origin=Origin.CLI,
        person=expectation.declared_by if expectation.declared_by_id else "",
        person_id=expectation.declared_by_id,
        cause=_("Cron no la lanzó (%(cron)s), o no llegó a empezar.") % {"cron": expectation.cron},
        remedy=_("Revise el crontab y su archivo de log; si no puede esperar, repítala."),
    )
