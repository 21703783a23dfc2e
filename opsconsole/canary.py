"""The canary: something that travels the real queue just to show that it is consumed.

The workers' own watch releases one a minute, and whichever worker takes it off the queue says so
by the database's clock. Nobody has to notice that the workers hang: they fall silent, and whoever
asks compares the last song with the time it is (``selectors.canary``).
"""

from __future__ import annotations

import os
import socket
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django_q.models import OrmQ
from django_q.tasks import async_task

from .conf import ops_alias, setting
from .models.canary import ONLY, Canary

TASK = "opsconsole.tasks.sing"
MOST_LOOKED_AT = 1_000


def release() -> bool:
    """Send the next one, if it is time and the last is not still waiting; True: it went.

    Any number of processes may, at any time: the first UPDATE wins.
    """
    if not Canary.objects.exists():
        bear()
    # Looked at first, so that an ordinary tick takes no lock.
    if not due().exists() or (unheard().exists() and waits()):
        return False
    with transaction.atomic(using=ops_alias()):
        first = bool(due().update(released_at=Now()))
        if first:
            # A song is nothing to remember: 200 of them would be all that the task list holds.
            async_task(TASK, task_name="canary", save=False)
    return first


def bear() -> None:
    """The one row; silence counts from here where nothing was ever heard."""
    Canary.objects.bulk_create([Canary(number=ONLY, born_at=Now())], ignore_conflicts=True)


def due() -> QuerySet[Canary]:
    """The row, if the last one went long enough ago."""
    earlier = Now() - timedelta(seconds=setting("CANARY_SECONDS"))
    return Canary.objects.filter(Q(released_at=None) | Q(released_at__lt=earlier))


def unheard() -> QuerySet[Canary]:
    """The row, if the last one that went has not been heard."""
    return Canary.objects.filter(Q(sung_at=None) | Q(sung_at__lt=F("released_at")))


def waits() -> bool:
    """Whether one is still in the queue; one that a worker took with it to the grave is not."""
    rows = OrmQ.objects.filter(lock__lte=Now()).order_by("-pk")[:MOST_LOOKED_AT]
    return any(row.task.get("func") == TASK for row in rows)


def sing() -> str:
    """In a worker: it came through."""
    Canary.objects.update(sung_at=Now(), worker=f"{socket.gethostname()}:{os.getpid()}")
    return "sung"
