"""A programme in words: what people call it, when it comes, in whose name it runs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_q.models import Schedule

from .. import permissions
from ..events import Programme
from .orders import Order, order_of

# Without the ones that exist twice in other words.
TYPES = [
    (Schedule.CRON, _("Cron")),
    (Schedule.MINUTES, _("Cada tantos minutos")),
    (Schedule.HOURLY, _("Cada hora")),
    (Schedule.DAILY, _("Cada día")),
    (Schedule.WEEKLY, _("Cada semana")),
    (Schedule.MONTHLY, _("Cada mes")),
    (Schedule.ONCE, _("Una sola vez")),
]


def label(schedule: Schedule) -> str:
    """Its name, else its number: django-q2 calls every row by its function."""
    return schedule.name or f"#{schedule.pk}"


def when(schedule: Schedule) -> str:
    """Its cron, or its interval."""
    if schedule.schedule_type == Schedule.CRON:
        return str(schedule.cron)
    if schedule.schedule_type == Schedule.MINUTES:
        return str(_("cada %(minutes)s min") % {"minutes": schedule.minutes or 1})
    return str(dict(TYPES).get(schedule.schedule_type, schedule.schedule_type))


def owner_name(order: Order | None) -> str:
    """The account's name; a sign where the account is gone."""
    person = permissions.person(order.owner_id) if order else None
    return str(person.get_username() or "▲") if person is not None else "–"


def told(schedule: Schedule, *, reason: str = "") -> Programme:
    """The programme for whoever listens, as it is now."""
    order = order_of(schedule)
    return Programme(
        number=str(schedule.pk),
        name=label(schedule),
        operation=order.operation if order else schedule.func,
        params=order.params if order else {},
        when=when(schedule),
        owner=owner_name(order),
        owner_id=order.owner_id if order else "",
        active=schedule.repeats != 0,
        reason=reason,
    )
