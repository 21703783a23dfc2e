"""The programmes of one operation, for its page: when it comes, and where to add one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django_q.models import Schedule

from ..operations import Operation
from ..programmes import describing
from ..programmes.orders import FUNCTION, order_of
from .programme_offer import offered

MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One programme in a line."""

    name: str
    when: str
    url: str
    at: datetime | None


def programme_card(operation: Operation, user: Any) -> dict[str, Any]:
    """What the card shows this person; nothing at all where she may do neither."""
    may_add = user.has_perm("django_q.add_schedule") and operation in offered(user)
    add_url = f"{reverse('admin:django_q_schedule_add')}?operation={operation.name}"
    return {
        "programmes": lines_of(operation) if user.has_perm("django_q.view_schedule") else [],
        "programme_url": add_url if may_add else "",
    }


def lines_of(operation: Operation) -> list[Line]:
    """The active ones, the soonest first."""
    rows = Schedule.objects.filter(func=FUNCTION).exclude(repeats=0).order_by("next_run", "pk")
    orders = ((row, order_of(row)) for row in rows)
    mine = [row for row, order in orders if order and order.operation == operation.name]
    return [
        Line(
            name=describing.label(row),
            when=describing.when(row),
            url=reverse("admin:django_q_schedule_change", args=[row.pk]),
            at=row.next_run,
        )
        for row in mine[:MOST]
    ]
