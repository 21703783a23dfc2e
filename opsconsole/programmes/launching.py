"""Launch the programmes whose time has come, tell of the missed ones, suspend the broken ones.

django-q2's own scheduler is switched off (Q_CLUSTER["scheduler"]): one row that it cannot read
stops all of them, it knows one zone only, and what it missed it forgets. Its rows are ours.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.models import Schedule
from django_q.tasks import async_task

from ..conf import ops_alias, setting
from ..models import OnMissed, ProgrammeTerms
from .missed_turns import declare
from .orders import FUNCTION, order_of
from .standing import why_not
from .suspending import suspend
from .timetable import Dues, dues, next_after, times

logger = logging.getLogger(__name__)
# Rights are lost and rows are spoilt between two times of a programme as well.
LOOK_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What one look at the programmes did."""

    launched: int = 0
    missed: int = 0
    suspended: int = 0


def look_after(*, launch: bool, now: datetime | None = None) -> Looked:
    """Once; any number of processes may, for each change is guarded.

    ``launch`` false only tells of what was missed: whoever looks has no workers to give it to.
    """
    now = now or timezone.now()
    looks = [look_at(schedule, now=now, launch=launch) for schedule in worth_a_look(now)]
    return Looked(
        launched=sum(one.launched for one in looks),
        missed=sum(one.missed for one in looks),
        suspended=sum(one.suspended for one in looks),
    )


def worth_a_look(now: datetime) -> QuerySet[Schedule]:
    """Those whose time has come, and those that nobody has looked at for a while."""
    long_ago = Q(terms=None) | Q(terms__looked_at=None) | Q(terms__looked_at__lt=now - LOOK_EVERY)
    due = Q(next_run__lte=now) | Q(next_run=None)
    return Schedule.objects.exclude(repeats=0).filter(due | long_ago).order_by("next_run", "pk")


def look_at(schedule: Schedule, *, now: datetime, launch: bool) -> Looked:
    """One of them; whatever is wrong with it, or with us, stops no other."""
    try:
        return _look_at(schedule, now=now, launch=launch)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("programme %s", schedule.pk)
        return Looked()


def _look_at(schedule: Schedule, *, now: datetime, launch: bool) -> Looked:
    terms, _made = ProgrammeTerms.objects.get_or_create(schedule=schedule)
    reason = read(schedule, terms, now=now)
    if reason:
        return Looked(suspended=int(suspend(schedule, reason)))
    ProgrammeTerms.objects.filter(pk=terms.pk).update(looked_at=now)
    if schedule.next_run > now:
        return Looked()
    if not launch:
        return Looked(missed=int(tell(schedule, terms, now=now)))
    with transaction.atomic(using=ops_alias()):
        return serve(schedule, terms, now=now)


def read(schedule: Schedule, terms: ProgrammeTerms, *, now: datetime) -> str:
    """Why it cannot go on; that includes what nobody has thought of that makes it unreadable."""
    try:
        reason = why_not(schedule, terms)
        if not reason:
            next_after(schedule, zone=terms.zone_info(), now=now)
    except DatabaseError:
        raise
    except Exception as error:
        logger.exception("programme %s", schedule.pk)
        return _("No se pudo leer: %(error)s.") % {"error": type(error).__name__}
    return reason


def serve(schedule: Schedule, terms: ProgrammeTerms, *, now: datetime) -> Looked:
    """Move it on to its next time, and give this one to a worker unless it is too late for it.

    One transaction: whoever dies in it leaves it to the next who looks.
    """
    zone = terms.zone_info()
    come = dues(schedule, zone=zone, first=schedule.next_run, until=now)
    late = overdue(schedule, terms, now=now)
    if come is None or not move_on(schedule, terms, now=now):
        return Looked()
    in_time = come.last > now - grace()
    told = late is not None and declare(schedule, terms, late)
    if not in_time and terms.on_missed != OnMissed.ONCE:
        return Looked(missed=int(told))
    ring(schedule, come.last)
    return Looked(launched=1, missed=int(told))


def tell(schedule: Schedule, terms: ProgrammeTerms, *, now: datetime) -> bool:
    """Say what has been missed since it was last said; the programme stays where it is."""
    late = overdue(schedule, terms, now=now)
    if late is None:
        return False
    same = ProgrammeTerms.objects.filter(pk=terms.pk, told_until=terms.told_until)
    with transaction.atomic(using=ops_alias()):
        return bool(same.update(told_until=late.last)) and declare(schedule, terms, late)


def overdue(schedule: Schedule, terms: ProgrammeTerms, *, now: datetime) -> Dues | None:
    """The times that are past their grace, and of which nobody was told yet."""
    zone, first = terms.zone_info(), schedule.next_run
    if terms.told_until is not None and terms.told_until >= first:
        first = next(times(schedule, zone=zone, after=terms.told_until), None)
    return dues(schedule, zone=zone, first=first, until=now - grace()) if first else None


def grace() -> timedelta:
    """How late a programme may begin."""
    return timedelta(seconds=setting("MISSED_AFTER_SECONDS"))


def move_on(schedule: Schedule, terms: ProgrammeTerms, *, now: datetime) -> bool:
    """To its next time; whether this process was the one who did."""
    following = next_after(schedule, zone=terms.zone_info(), now=now)
    once = schedule.schedule_type == Schedule.ONCE
    left = 0 if once else max(schedule.repeats - 1, 0) if schedule.repeats > 0 else -1
    same = Schedule.objects.filter(
        pk=schedule.pk, next_run=schedule.next_run, repeats=schedule.repeats
    )
    return bool(same.update(next_run=schedule.next_run if once else following, repeats=left))


def ring(schedule: Schedule, due: datetime) -> None:
    """Give the turn to a worker: to plan what is to be done may take minutes."""
    order = order_of(schedule)
    assert order is not None  # noqa: S101  (why_not has read it)
    async_task(
        FUNCTION,
        **asdict(order),
        schedule_id=schedule.pk,
        due=due.isoformat(),
        task_name=f"programme-{schedule.pk}",
    )
