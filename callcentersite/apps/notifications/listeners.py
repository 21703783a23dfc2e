"""What the mailbox hears of the engine and of requests for rights."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from callcentersite.apps.users import signals
from opsconsole import events
from opsconsole.events import Change, Programme, Verb
from opsconsole.language import source_language
from opsconsole.models import JobRun
from opsconsole.states import Status

from . import outbox, telling

ASKING = frozenset({Verb.SUBMIT, Verb.CONFIRM})
DECIDING = frozenset({Verb.APPROVE, Verb.REJECT})


@receiver(events.ended)
def tell_of_ending(run: JobRun, **kwargs: Any) -> None:
    """At least once for each run; the messages are unique."""
    telling.of_ending(run)


@receiver(events.asked)
def tell_of_asking(verb: Verb, run: JobRun | None, refused: Any, **kwargs: Any) -> None:
    """Somebody launched what must wait, or decided about it."""
    if run is None or refused is not None:
        return
    if verb in ASKING and run.status == Status.AWAITING_APPROVAL:
        telling.of_waiting(run)
    elif verb in DECIDING:
        telling.of_decision(run)


@receiver(events.changed_schedule)
def tell_of_suspension(change: Change, programme: Programme, **kwargs: Any) -> None:
    """The engine took a programme out of service."""
    if change is Change.SUSPENDED:
        telling.of_suspension(programme, now=timezone.now())


@receiver(events.ticked)
def do_duties(**kwargs: Any) -> None:
    """Every few seconds: what takes too long, what has to leave."""
    telling.of_slowness(now=timezone.now())
    outbox.send_due()
    outbox.forget_old()


@receiver(signals.requested)
def tell_of_request(solicitud: Any, **kwargs: Any) -> None:
    """Rights wait for a second person."""
    with source_language():
        telling.of_request(solicitud, now=timezone.now())


@receiver(signals.requested_many)
def tell_of_requests(solicitud: Any, count: int, **kwargs: Any) -> None:
    """A file asked for many rights at once."""
    with source_language():
        telling.of_requests(solicitud, count, now=timezone.now())


@receiver(signals.decided)
def tell_of_decided_request(solicitud: Any, **kwargs: Any) -> None:
    """They wait no more."""
    with source_language():
        telling.of_decided_request(solicitud)
