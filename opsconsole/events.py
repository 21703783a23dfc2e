"""What happens in the engine, for whoever listens: an audit log, a mailbox, a webhook.

``asked`` tells each thing that somebody asked of an operation or a run, granted or refused, after
it was written: ``verb``, ``operation`` (its name), ``run`` (None where there is none), ``door``
and ``refused`` (the error, or None).

``ended`` tells that a run reached its ending: ``run``. At least once for each, also where the
process died between the ending and the telling; so a listener must take the second time calmly.
A part of another run is not told of; the run that joins it is.

``ticked`` comes every few seconds from each worker, and from ``console tick``: for the short and
repeatable duties of the site that must wait behind no run, such as mail that could not be sent.

``changed_schedule`` tells that somebody added, changed or deleted a programme, or that the engine
suspended one, after it was written: ``change``, ``programme`` and ``user`` (None: the engine).

``changed_expectation`` tells that somebody declared, changed or withdrew a run that somebody else
launches: ``change``, ``expected`` and ``user`` (None: the terminal).

``downloaded`` tells that somebody takes a file of a run home: ``artifact`` and ``user``.

A listener that fails is logged and holds up nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db import Error
from django.db.models import Q
from django.db.models.functions import Now
from django.dispatch import Signal

from .doors import Door
from .exceptions import OperationError
from .language import source_language
from .models import JobRun
from .states import ENDINGS

logger = logging.getLogger(__name__)

asked = Signal()
ended = Signal()
ticked = Signal()
changed_schedule = Signal()
changed_expectation = Signal()
downloaded = Signal()
downloaded_log = Signal()

# Whoever wrote an ending tells it within this time, or has died of it.
LEFT_TO_THE_WRITER = timedelta(seconds=10)
# After so long an ending is no news, and a listener that keeps failing is left alone.
STALE_AFTER = timedelta(hours=1)
MOST_AT_ONCE = 200


class Verb(StrEnum):
    """What can be asked."""

    PLAN = "plan"
    SUBMIT = "submit"
    CONFIRM = "confirm"
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"
    APPROVE = "approve"
    REJECT = "reject"


class Change(StrEnum):
    """What can happen to a programme, or to what is expected of cron."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme as it is told of: ``owner`` is in whose name it runs, ``when`` its times.

    ``reason`` is why it was suspended.
    """

    number: str
    name: str
    operation: str
    params: dict[str, Any]
    when: str
    owner: str
    active: bool
    owner_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A run that somebody else launches, as it is told of: when, and how late it may begin."""

    number: str
    operation: str
    when: str
    grace: str


@dataclass(slots=True, kw_only=True)
class Telling:
    """What is being asked; whoever does it adds the run that came of it."""

    verb: Verb
    operation: str
    door: Door
    run: JobRun | None = None


@contextmanager
def telling(
    verb: Verb, operation: str, *, door: Door, run: JobRun | None = None
) -> Iterator[Telling]:
    """Around the doing: tell how it came out."""
    about = Telling(verb=verb, operation=operation, door=door, run=run)
    try:
        yield about
    except OperationError as error:
        tell(about, refused=error)
        raise
    tell(about)


def tell(about: Telling, *, refused: OperationError | None = None) -> None:
    """Send ``asked``."""
    send(
        asked,
        verb=about.verb,
        operation=about.operation,
        run=about.run,
        door=about.door,
        refused=refused,
    )


def send(signal: Signal, **named: Any) -> bool:
    """Whether every listener took it."""
    with source_language():
        answers = signal.send_robust(sender=JobRun, **named)
    errors = [answer for _listener, answer in answers if isinstance(answer, Exception)]
    for error in errors:
        logger.error("a listener failed: %s", type(error).__name__, exc_info=error)
    return not errors


def announce(run_id: int) -> None:
    """Tell that a run has ended, if it has and nobody has told it yet."""
    try:
        run = JobRun.objects.filter(untold(), pk=run_id).first()
        if run is not None and send(ended, run=run):
            JobRun.objects.filter(pk=run_id).update(announced_at=Now())
    except Error:
        # The ending is written; the next tick tells it.
        logger.warning("run %s: its ending could not be told yet", run_id, exc_info=True)


def announce_forgotten() -> int:
    """Tell the endings whose writer did not live to tell them."""
    recent = Q(finished_at__lt=Now() - LEFT_TO_THE_WRITER, finished_at__gt=Now() - STALE_AFTER)
    waiting = JobRun.objects.filter(untold(), recent).order_by("finished_at")
    found = list(waiting.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for run_id in found:
        announce(run_id)
    return len(found)


def untold() -> Q:
    """Runs that have ended, and of which nobody was told."""
    return Q(announced_at=None, parent=None, status__in=sorted(ENDINGS))
