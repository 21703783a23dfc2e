"""Programmes that code puts in place, not a person on their page."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django_q.models import Schedule

from .. import events
from ..conf import ops_alias
from ..events import Change
from ..models import ProgrammeTerms
from . import cron as crons
from . import describing
from .orders import FUNCTION, Order, order_of


def has_programme(operation: str) -> bool:
    """Whether it has one, active or not."""
    rows = Schedule.objects.filter(func=FUNCTION)
    return any(order and order.operation == operation for order in map(order_of, rows))


def add(operation: str, *, name: str, cron: str, owner: Any) -> Schedule:
    """By the site's clock, with the operation's defaults, in that account's name; and tell it."""
    order = Order(operation=operation, owner_id=str(owner.pk))
    zone = ProgrammeTerms().zone_info()
    with transaction.atomic(using=ops_alias()):
        schedule = Schedule.objects.create(
            name=name, func=FUNCTION, kwargs=order.as_text(), schedule_type=Schedule.CRON, cron=cron
        )
        schedule.next_run = crons.following(cron, zone=zone, after=timezone.now())
        schedule.save(update_fields=["next_run"])
        ProgrammeTerms.objects.create(schedule=schedule)
    programme = describing.told(schedule)
    events.send(events.changed_schedule, change=Change.CREATED, programme=programme, user=None)
    return schedule
