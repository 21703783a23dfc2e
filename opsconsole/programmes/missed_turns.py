"""A programme's missed times, as missed runs in its owner's name."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django_q.models import Schedule

from .. import permissions
from ..models import JobRun, OnMissed, Origin, ProgrammeTerms
from . import missed_runs
from .orders import Order, Turn, order_of
from .timetable import Dues


def declare(schedule: Schedule, terms: ProgrammeTerms, late: Dues) -> bool:
    """As a missed run, because nobody was there; whether it is news."""
    again = terms.on_missed == OnMissed.ONCE
    run = missed_run(
        schedule,
        terms,
        late,
        cause=_("Ningún worker estaba en marcha a esa hora."),
        remedy=_("Se ejecuta una vez, en cuanto haya workers.")
        if again
        else _("Revise el servicio de workers; si no puede esperar a la próxima vez, repítala."),
    )
    return run is not None


def missed_run(
    schedule: Schedule, terms: ProgrammeTerms, late: Dues, *, cause: str, remedy: str
) -> JobRun | None:
    """The run that did not come, in its owner's name; None where it is written already."""
    order = order_of(schedule) or Order(operation=schedule.func)
    owner = permissions.person(order.owner_id)
    run = missed_runs.declare(
        missed_runs.Missed(
            source=f"programme:{schedule.pk}",
            operation=order.operation,
            dues=late,
            zone=terms.zone_info(),
            origin=Origin.SCHEDULE,
            params=order.params,
            person=str(owner.get_username()),
            person_id=None if owner.pk is None else str(owner.pk),
            cause=cause,
            remedy=remedy,
        )
    )
    if run is not None:
        Turn(schedule_id=schedule.pk, due=late.last).remember(run, _("No se ejecutó."))
    return run
