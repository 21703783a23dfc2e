"""Declare which runs somebody else should launch, change that, withdraw it; and tell it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import events, permissions, registry
from ..conf import ops_alias
from ..doors import Door
from ..events import Change, Expected
from ..models import Expectation
from ..operations import Operation
from . import lengths

MOST_GRACE = timedelta(days=7)
EDITED = ["operation", "cron", "zone", "grace_seconds", "declared_by", "declared_by_id"]


def what_grace() -> str:
    """What a grace looks like, for whoever typed something else."""
    return _("Se espera un margen como 30s, 10m o 2h, de hasta 7d.")


def declare(
    operation: Operation, text: str, *, zone: str, grace: timedelta, door: Door
) -> Expectation:
    """From now on; said again, it takes the new grace and the new person. Raises NotAllowed."""
    permissions.require(operation, door.user)
    terms = {"grace_seconds": int(grace.total_seconds())} | in_the_name_of(door)
    with transaction.atomic(using=ops_alias()):
        found, made = Expectation.objects.get_or_create(
            operation=operation.name, cron=" ".join(text.split()), zone=zone, defaults=terms
        )
        if not made:
            Expectation.objects.filter(pk=found.pk).update(**terms)
            found.refresh_from_db()
        tell(Change.CREATED if made else Change.CHANGED, found, door=door)
    return found


def keep(expectation: Expectation, *, door: Door, anew: bool) -> None:
    """Save it in the name of whoever filled it in; ``anew``: its times are others than before.

    Whoever looks for absences moves ``checked_until`` on meanwhile: else it is left alone.
    """
    permissions.require(registry.get(expectation.operation), door.user)
    change = Change.CHANGED if expectation.pk else Change.CREATED
    for name, value in in_the_name_of(door).items():
        setattr(expectation, name, value)
    if anew:
        expectation.checked_until = timezone.now()
    fields = [*EDITED, "checked_until"] if anew else EDITED
    with transaction.atomic(using=ops_alias()):
        expectation.save(update_fields=fields if change is Change.CHANGED else None)
        tell(change, expectation, door=door)


def in_the_name_of(door: Door) -> dict[str, str | None]:
    """Whom its missed runs are told to."""
    return {
        "declared_by": door.person,
        "declared_by_id": None if door.user is None else str(door.user.pk),
    }


def withdraw(rows: Iterable[Expectation], *, door: Door) -> int:
    """Expect them no more; return how many. Raises NotAllowed, and then none was withdrawn."""
    with transaction.atomic(using=ops_alias()):
        return sum(_withdraw(one, door=door) for one in rows)


def _withdraw(expectation: Expectation, *, door: Door) -> int:
    operation = registry.find(expectation.operation)
    if operation is not None:
        permissions.require(operation, door.user)
    tell(Change.DELETED, expectation, door=door)
    count, _per_model = Expectation.objects.filter(pk=expectation.pk).delete()
    return count


def tell(change: Change, expectation: Expectation, *, door: Door) -> None:
    """Once it is written: what is rolled back did not happen."""
    expected = Expected(
        number=str(expectation.pk),
        operation=expectation.operation,
        when=f"{expectation.cron} ({expectation.zone})",
        grace=lengths.typed(expectation.grace),
    )
    telling = partial(
        events.send, events.changed_expectation, change=change, expected=expected, user=door.user
    )
    transaction.on_commit(telling, using=ops_alias())
