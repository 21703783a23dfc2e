"""A programme's turn in a worker: submit what it orders, and remember how that went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django_q.models import Schedule

from ..exceptions import OperationError
from ..models import ProgrammeTerms
from .missed_turns import missed_run
from .orders import Turn, launch_arguments
from .standing import why_not
from .suspending import suspend
from .timetable import Dues


def take(arguments: dict[str, Any]) -> str:
    """Launch it; return a word for the task list.

    What is refused did not come either: it is told as a missed run, and a programme that can go
    on no more is suspended. Then the refusal goes on to the task list.
    """
    schedule_id, due = arguments.pop("schedule_id", None), arguments.pop("due", "")
    if schedule_id is None:
        return launch_arguments(arguments)
    turn = Turn(schedule_id=schedule_id, due=datetime.fromisoformat(due))
    try:
        return launch_arguments(arguments, turn=turn)
    except OperationError as error:
        refused(turn, error)
        raise


def refused(turn: Turn, error: OperationError) -> None:
    """Write down that nothing came of it, and why."""
    schedule = Schedule.objects.filter(pk=turn.schedule_id).first()
    terms = ProgrammeTerms.objects.filter(pk=turn.schedule_id).first()
    if schedule is None or terms is None:  # it was deleted meanwhile
        return
    reason = why_not(schedule, terms)
    if reason:
        suspend(schedule, reason)
    missed_run(
        schedule,
        terms,
        Dues(first=turn.due, last=turn.due, count=1),
        cause=" ".join(str(part) for part in (error.message, error.cause) if part),
        remedy=str(error.remedy) or _("Revise la tarea programada y repita la corrida."),
    )
