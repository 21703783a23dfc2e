"""Keep what a person wants to hear."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from opsconsole import permissions, registry
from opsconsole.operations import Operation

from .domain.events import Event
from .models import Preference, Subscription
from .models.subscription import EVERY_OPERATION

PREFERENCES = ("own_failures", "approvals", "by_email")
BETWEEN = ":"


def cell(operation: str, event: str) -> str:
    """The name of a tick box: ``run_etl:failed``, ``:slow``."""
    return f"{operation}{BETWEEN}{event}"


def visible_operations(user: Any) -> list[Operation]:
    """Those whose runs this person may see, at least her own."""
    if permissions.may_see_every_run(user):
        return registry.everything()
    return permissions.runnable(user)


def chosen_by(user: Any) -> set[str]:
    """The boxes that are ticked."""
    rows = Subscription.objects.filter(user_id=user.pk).values_list("operation", "event")
    return {cell(operation, event) for operation, event in rows}


def choose(user: Any, ticked: Iterable[str]) -> None:
    """Make the subscriptions these; what she may not see stays as it is, and is not offered."""
    names = [EVERY_OPERATION, *(one.name for one in visible_operations(user))]
    offered = {cell(name, event): (name, event.value) for name in names for event in Event}
    wanted = {offered[one] for one in ticked if one in offered}
    with transaction.atomic():
        theirs = Subscription.objects.filter(user_id=user.pk, operation__in=names)
        gone = [row.pk for row in theirs if (row.operation, row.event) not in wanted]
        theirs.filter(pk__in=gone).delete()
        Subscription.objects.bulk_create(
            (
                Subscription(user_id=user.pk, operation=operation, event=event)
                for operation, event in sorted(wanted)
            ),
            ignore_conflicts=True,  # those that there are, and the other tab's
        )


def preference_of(user: Any) -> Preference:
    """What she hears unasked; the defaults where she never said."""
    return Preference.objects.filter(pk=user.pk).first() or Preference(pk=user.pk)


def prefer(user: Any, **chosen: bool) -> None:
    """Keep it."""
    Preference.objects.update_or_create(user_id=user.pk, defaults=chosen)
