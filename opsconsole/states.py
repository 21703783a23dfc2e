"""The life of a run as a table of arrows; whatever is not in it does not happen."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Where a run stands."""

    AWAITING_APPROVAL = "awaiting_approval", _("Espera aprobación")
    QUEUED = "queued", _("En cola")
    RUNNING = "running", _("En ejecución")
    CANCELLING = "cancelling", _("Cancelando")
    INTERRUPTED = "interrupted", _("Interrumpida")
    SUCCEEDED = "succeeded", _("Terminó bien")
    FAILED = "failed", _("Falló")
    CANCELLED = "cancelled", _("Cancelada")
    LOST = "lost", _("Perdida")
    REJECTED = "rejected", _("Rechazada")
    EXPIRED = "expired", _("Venció")
    MISSED = "missed", _("No se ejecutó")


S = Status

TRANSITIONS: dict[Status, frozenset[Status]] = {
    # A second person approves, refuses, or never answers.
    S.AWAITING_APPROVAL: frozenset({S.QUEUED, S.REJECTED, S.EXPIRED}),
    # A worker claims it, or somebody cancels it before that.
    S.QUEUED: frozenset({S.RUNNING, S.CANCELLED}),
    # It ends; or is asked to end; or its worker is told to stop; or its worker dies.
    S.RUNNING: frozenset({S.SUCCEEDED, S.FAILED, S.CANCELLED, S.CANCELLING, S.INTERRUPTED, S.LOST}),
    # It reaches a safe place and stops, or reaches its end first, or dies on the way.
    S.CANCELLING: frozenset({S.CANCELLED, S.SUCCEEDED, S.FAILED, S.LOST}),
    # It goes back to the queue; or has been tried too often; or nobody wants it any more.
    S.INTERRUPTED: frozenset({S.QUEUED, S.FAILED, S.CANCELLED}),
    # Endings.
    S.SUCCEEDED: frozenset(),
    S.FAILED: frozenset(),
    S.CANCELLED: frozenset(),
    S.LOST: frozenset(),
    S.REJECTED: frozenset(),
    S.EXPIRED: frozenset(),
    # It was expected and never came: written as its own ending, for nobody began it.
    S.MISSED: frozenset(),
}

ENDINGS = frozenset(status for status, arrows in TRANSITIONS.items() if not arrows)
ACTIVE = frozenset(Status) - ENDINGS
IN_WORKER = frozenset({S.RUNNING, S.CANCELLING})


def may_become(current: Status | str, following: Status | str) -> bool:
    """Whether the table has the arrow."""
    return Status(following) in TRANSITIONS[Status(current)]


def sources(following: Status | str) -> frozenset[Status]:
    """The states from which ``following`` can be reached."""
    return frozenset(s for s, arrows in TRANSITIONS.items() if Status(following) in arrows)
