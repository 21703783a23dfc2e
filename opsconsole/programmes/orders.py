"""Programmes: rows of django-q2's Schedule that launch a registered operation, and nothing else."""

from __future__ import annotations

import ast
import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from croniter import croniter
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.models import Schedule

from .. import kept_plans, permissions, registry, runner
from .. import params as parameters
from ..doors import Door
from ..exceptions import AlreadyRunning, UnknownOperation
from ..models import JobRun, Origin, ProgrammeTerms
from ..operations import Operation
from ..runner import RequestKey
from .missed_runs import key_of
from .timetable import times

logger = logging.getLogger(__name__)
LONGEST_CRON = 100
FUNCTION = "opsconsole.tasks.run_scheduled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a programme launches: which operation, with which parameters, in whose name."""

    operation: str
    params: dict[str, Any] = field(default_factory=dict)
    owner_id: str = ""

    def as_text(self) -> str:
        """The row's ``kwargs``: a dict literal, the one form that django-q2 reads strictly."""
        text = repr(asdict(self))
        if ast.literal_eval(text) != asdict(self):
            raise ValueError(f"not a literal: {text}")
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One time of one programme."""

    schedule_id: int
    due: datetime

    @property
    def key(self) -> RequestKey:
        """What makes its run the only one of this time, however often it is delivered."""
        return RequestKey(key=key_of(f"programme:{self.schedule_id}", self.due), digest="")

    def remember(self, run: JobRun | None, word: str) -> None:
        """How it went, for the page of the programmes."""
        ProgrammeTerms.objects.filter(pk=self.schedule_id).update(
            last_due=self.due, last_run=run, last_word=word
        )


def order_of(schedule: Schedule) -> Order | None:
    """What the row launches; None: it is not one of ours, or cannot be read."""
    if schedule.func != FUNCTION:
        return None
    try:
        return Order(**ast.literal_eval(schedule.kwargs or ""))
    except (SyntaxError, ValueError, TypeError):
        return None


def launch(order: Order, *, turn: Turn | None = None) -> str:
    """Submit it through the door of the schedules; return a word for the task list.

    The owner's rights are those of now. A run that is still under way is no failure: the next
    time will do. Raises NotAllowed, UnknownOperation, BadInput, which the task list keeps.
    """
    door = Door(origin=Origin.SCHEDULE, user=permissions.person(order.owner_id))
    key = turn.key if turn else None
    try:
        run = submit(registry.get(order.operation), order.params, door=door, request_key=key)
    except AlreadyRunning as busy:
        logger.info("schedule of %s: run %s is still under way", order.operation, busy.run_id)
        remember(turn, runner.find(busy.run_id), _("Seguía en ejecución la anterior."))
        return f"under way: run {busy.run_id}"
    except IntegrityError:
        first = JobRun.objects.filter(request_key=key.key).first() if key else None
        if first is None:
            raise
        return f"delivered again: run {first.pk}"
    remember(turn, run, _("Se lanzó.") if run else _("No había nada que hacer."))
    return f"run {run.pk}" if run is not None else "nothing to do"


def remember(turn: Turn | None, run: JobRun | None, word: str) -> None:
    """Of a programme's turn; what was ordered otherwise has no page for it."""
    if turn is not None:
        turn.remember(run, word)


def submit(
    operation: Operation,
    values: dict[str, Any],
    *,
    door: Door,
    request_key: RequestKey | None = None,
) -> JobRun | None:
    """Submit it; of what keeps its plan only a plan within its limits, and one that has rows."""
    if not operation.keeps_plan:
        return runner.submit(operation, values, door=door, request_key=request_key)
    permissions.require(operation, door.user)
    cleaned = parameters.clean(operation.Params, values)
    kept = runner.keep_plan(operation, cleaned, door=door)
    if kept.rows == 0:
        kept_plans.forget(kept)
        return None
    return runner.apply(kept, door=door, unattended=True, request_key=request_key)


def launch_arguments(arguments: dict[str, Any], *, turn: Turn | None = None) -> str:
    """The same for what django-q2 hands over, which is nothing at all where it could not read."""
    if not arguments.get("operation"):
        raise UnknownOperation(
            _("La tarea programada no dice qué operación lanzar."),
            cause=_("Sus argumentos no se pudieron leer."),
            remedy=_("Guárdela de nuevo en la página de tareas programadas."),
        )
    return launch(Order(**arguments), turn=turn)


def cron_problem(text: str) -> str:
    """Why the cron expression will not do; empty: it will."""
    if len(text) > LONGEST_CRON:
        return _("Es demasiado larga: hasta %(most)s caracteres.") % {"most": LONGEST_CRON}
    if len(text.split()) != 5:
        return _("Se esperan cinco campos: minuto, hora, día, mes y día de la semana.")
    try:
        croniter(text, timezone.localtime()).get_next(datetime)
    except (ValueError, KeyError):
        # KeyError: what croniter raises for some names that are neither months nor days.
        return _("No es una expresión cron válida, o no tiene ninguna fecha próxima.")
    return ""


def next_times(schedule: Schedule, *, count: int = 5) -> list[datetime]:
    """When it will run, by the clock of its zone; empty while it is paused."""
    if schedule.repeats == 0 or schedule.next_run is None:
        return []
    zone = zone_of(schedule)
    later = islice(times(schedule, zone=zone, after=schedule.next_run), count - 1)
    return [timezone.localtime(moment, zone) for moment in (schedule.next_run, *later)]


def zone_of(schedule: Schedule) -> ZoneInfo:
    """The programme's zone; the site's own where it names none, or none that exists."""
    terms = getattr(schedule, "terms", None) or ProgrammeTerms()
    try:
        return terms.zone_info()
    except (ValueError, KeyError):
        return ProgrammeTerms().zone_info()


def owners_of(operation: Operation) -> Counter[str]:
    """In whose name it runs by itself: the number of programmes of each account that has some."""
    orders = map(order_of, Schedule.objects.filter(func=FUNCTION).exclude(repeats=0))
    return Counter(
        order.owner_id
        for order in orders
        if order is not None and order.operation == operation.name
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """What comes next, for the home page."""

    operation: Operation
    at: datetime


def upcoming(operations: Iterable[Operation], *, limit: int = 5) -> list[Upcoming]:
    """The next runs of these operations, the soonest first."""
    known = {operation.name: operation for operation in operations}
    found = []
    for schedule in Schedule.objects.exclude(repeats=0).order_by("next_run")[:100]:
        order = order_of(schedule)
        if order is not None and order.operation in known and schedule.next_run:
            found.append(Upcoming(operation=known[order.operation], at=schedule.next_run))
    return found[:limit]
