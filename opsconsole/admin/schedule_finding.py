"""Find a programme among five hundred: what wants somebody first, the rest by its name."""

from __future__ import annotations

from django.contrib.admin.views.main import ChangeList
from django.db.models import Case, Q, Value, When
from django.http import HttpRequest

from ..programmes import describing
from ..programmes.orders import order_of
from .searching import operations_like

PAUSED = Q(repeats=0)
SUSPENDED = PAUSED & Q(terms__suspended_because__gt="")
STANDING = Case(When(SUSPENDED, then=Value(0)), When(PAUSED, then=Value(2)), default=Value(1))


def meaning(words: str) -> Q:
    """A part of its name, or of its operation's title."""
    found = Q(name__icontains=words) if words else Q()
    for name in operations_like(words) if words else ():
        # As ``Order.as_text`` writes it.
        found |= Q(kwargs__contains=f"'operation': {name!r}")
    return found


class ProgrammeList(ChangeList):
    """Its rows know their owners' names: one question for each owner, not for each row."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        names: dict[str, str] = {}
        self.result_list = list(self.result_list)
        for schedule in self.result_list:
            order = order_of(schedule)
            key = order.owner_id if order else ""
            if key not in names:
                names[key] = describing.owner_name(order)
            schedule.owner_name = names[key]
