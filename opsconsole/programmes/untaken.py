"""Turns that lie in the queue while nobody takes anything off it: missed, as if never given out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.core.signing import BadSignature
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule

from ..conf import ops_alias
from ..models import JobRun, OnMissed, ProgrammeTerms
from ..selectors.queue import Verdict, queue_state
from .launching import grace
from .missed_runs import MISSED_KEY, key_of
from .missed_turns import missed_run
from .orders import FUNCTION
from .timetable import Dues

MOST_LOOKED_AT = 1_000
# To plan what is to be done may take minutes.
HELD_FOR_LONG = timedelta(minutes=15)
NOBODY_TAKES = (Verdict.NOBODY, Verdict.DEAF)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Waiting:
    """A turn in the queue: of which programme, and its row."""

    schedule_id: int
    due: datetime
    row: int

    @property
    def key(self) -> str:
        """What a missed run of this time is known by."""
        return key_of(f"{MISSED_KEY}:programme:{self.schedule_id}", self.due)


def look_after(*, now: datetime | None = None) -> int:
    """How many missed runs were written; any number of processes may, each is written once.

    Behind workers that are busy it only waits; where all is well this is one statement.
    """
    now = now or timezone.now()
    give_back(now=now)
    rows = OrmQ.objects.filter(lock__lt=now - grace())
    if not rows.exists() or queue_state().verdict not in NOBODY_TAKES:
        return 0
    turns = sorted(filter(None, map(turn_of, rows.order_by("pk")[:MOST_LOOKED_AT])))
    grouped = groupby(turns, key=lambda turn: turn.schedule_id)
    return sum(give_up(number, list(mine)) for number, mine in grouped)


def give_back(*, now: datetime) -> int:
    """Put turns back that a cluster took and none of its workers began: a deaf one beside others.

    django-q2 would do so after hours. Delivered twice, a turn makes one run.
    """
    retry = timedelta(seconds=Conf.RETRY)
    held = OrmQ.objects.filter(lock__gt=now, lock__lt=now + retry - HELD_FOR_LONG)
    turns = filter(None, map(turn_of, held.order_by("pk")[:MOST_LOOKED_AT]))
    return held.filter(pk__in=[turn.row for turn in turns]).update(lock=now)


def turn_of(row: OrmQ) -> Waiting | None:
    """The turn that the row carries; None: it carries something else."""
    try:
        task = row.task
    except BadSignature:  # written under another SECRET_KEY: no worker will read it either
        return None
    said = task.get("kwargs", {})
    if task.get("func") != FUNCTION or said.get("schedule_id") is None:
        return None
    due = datetime.fromisoformat(said["due"])
    return Waiting(schedule_id=said["schedule_id"], due=due, row=row.pk)


def give_up(schedule_id: int, turns: list[Waiting]) -> bool:
    """Take its turns off the queue, but for the last one where it is to run once; and tell it."""
    schedule = Schedule.objects.filter(pk=schedule_id).first()
    terms = ProgrammeTerms.objects.filter(pk=schedule_id).first()
    if schedule is None or terms is None:  # it was deleted meanwhile
        return False
    once = terms.on_missed == OnMissed.ONCE
    told = JobRun.objects.filter(request_key__in=[turn.key for turn in turns])
    known = set(told.values_list("request_key", flat=True))
    new = [turn for turn in turns if turn.key not in known]
    gone = [turn.row for turn in (turns[:-1] if once else turns)]
    with transaction.atomic(using=ops_alias()):
        taken_off, _per_model = OrmQ.objects.filter(pk__in=gone).delete()
        # Whoever took them off tells it, here or in another process, or a worker has them.
        if not new or (not once and not taken_off):
            return False
        return declare(schedule, terms, new, once=once)


def declare(schedule: Schedule, terms: ProgrammeTerms, turns: list[Waiting], *, once: bool) -> bool:
    """As one missed run; whether it is news."""
    late = Dues(first=turns[0].due, last=turns[-1].due, count=len(turns))
    run = missed_run(
        schedule,
        terms,
        late,
        cause=_("Esperó en la cola y ningún worker la tomó."),
        remedy=_(
            "Detenga el servicio de workers y arránquelo de nuevo; entonces se ejecuta una vez."
        )
        if once
        else _(
            "Detenga el servicio de workers y arránquelo de nuevo; si no puede esperar, repítala."
        ),
    )
    return run is not None
