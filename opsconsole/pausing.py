"""Runs that pause: ended before their time, and gone on with by another run."""

from __future__ import annotations

from django.utils.translation import gettext as _

from . import registry
from .exceptions import IllegalTransition
from .models import JobRun
from .states import Status

GOES_ON = frozenset({Status.CANCELLED, Status.FAILED, Status.LOST})


def is_pausable(run: JobRun) -> bool:
    """Whether its operation keeps where it stopped."""
    operation = registry.find(run.operation)
    return operation is not None and operation.pausable


def would_pause(run: JobRun) -> bool:
    """Whether ending it now leaves something to go on from: it has begun, and keeps its place."""
    return run.started_at is not None and not run.has_ended and is_pausable(run)


def stopped_short(run: JobRun) -> bool:
    """Whether it began, did not succeed, and may have left where it stopped."""
    return run.status in GOES_ON and run.started_at is not None and is_pausable(run)


def may_go_on(run: JobRun) -> bool:
    """Whether repeating it is resuming it: nobody has done so yet."""
    return stopped_short(run) and not run.retries.exists()


def is_paused(run: JobRun) -> bool:
    """Whether somebody stopped it and nobody has gone on with it yet."""
    return run.status == Status.CANCELLED and may_go_on(run)


def continued_by(run: JobRun) -> int | None:
    """The run that this one goes on with."""
    before = run.retry_of
    return before.pk if before is not None and stopped_short(before) else None


def require_pausable(run: JobRun) -> None:
    """Raise IllegalTransition where cancelling would lose what was done."""
    if not is_pausable(run):
        raise IllegalTransition(
            _("La corrida %(id)s no se puede pausar.") % {"id": run.pk},
            cause=_("Su operación no guarda dónde se quedó."),
            remedy=_("Cancélela con: python manage.py console cancel %(id)s") % {"id": run.pk},
        )


def require_may_go_on(run: JobRun) -> None:
    """Raise IllegalTransition where there is nothing to go on from."""
    if not may_go_on(run):
        raise IllegalTransition(
            _("La corrida %(id)s no se puede reanudar.") % {"id": run.pk},
            cause=_("No está en pausa, o su operación no guarda dónde se quedó."),
            remedy=_("Vea la corrida con: python manage.py console show %(id)s") % {"id": run.pk},
        )


def state_label(run: JobRun) -> str:
    """The state in words; cancelling what can be resumed is pausing it."""
    if run.status == Status.CANCELLING and is_pausable(run):
        return _("Pausando")
    return _("En pausa") if is_paused(run) else str(Status(run.status).label)
