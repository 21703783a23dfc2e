"""Take a programme out of service, with the reason, and tell it."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone
from django_q.models import Schedule

from .. import events
from ..conf import ops_alias
from ..events import Change
from ..models import ProgrammeTerms
from . import describing


def suspend(schedule: Schedule, reason: str) -> bool:
    """Whether this process was the one who did; it stays so until somebody saves it again."""
    with transaction.atomic(using=ops_alias()):
        if not Schedule.objects.filter(pk=schedule.pk).exclude(repeats=0).update(repeats=0):
            return False
        ProgrammeTerms.objects.update_or_create(
            schedule=schedule,
            defaults={"suspended_because": reason, "suspended_at": timezone.now()},
        )
        schedule.repeats = 0
        programme = describing.told(schedule, reason=reason)
        tell = partial(
            events.send,
            events.changed_schedule,
            change=Change.SUSPENDED,
            programme=programme,
            user=None,
        )
        transaction.on_commit(tell, using=ops_alias())
    return True
