"""A state in words, sign and colour."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ... import pausing
from ...models import JobRun
from ...selectors.queue import QueueState, Verdict
from ...states import Status
from ...text import Text
from . import words


@dataclass(frozen=True, slots=True)
class Chip:
    """``tone`` names the colour; ``sign`` and ``label`` say the same without it."""

    tone: str
    sign: str
    label: Text


LOOKS: dict[Status, tuple[str, str]] = {
    Status.AWAITING_APPROVAL: ("warn", "▲"),
    Status.QUEUED: ("idle", "○"),
    Status.RUNNING: ("run", "●"),
    Status.CANCELLING: ("warn", "◐"),
    Status.INTERRUPTED: ("warn", "‖"),
    Status.SUCCEEDED: ("ok", "✓"),
    Status.FAILED: ("bad", "✕"),
    Status.CANCELLED: ("idle", "⊘"),
    Status.LOST: ("bad", "?"),
    Status.REJECTED: ("bad", "✕"),
    Status.EXPIRED: ("idle", "⌛"),
    Status.MISSED: ("bad", "∅"),
}


def state_chip(status: str) -> Chip:
    """The chip of a run's state."""
    tone, sign = LOOKS[Status(status)]
    return Chip(tone, sign, Status(status).label)


def run_chip(run: JobRun) -> Chip:
    """The chip of a run, which may be a pause."""
    tone, sign = LOOKS[Status(run.status)]
    return Chip(tone, "‖" if pausing.is_paused(run) else sign, pausing.state_label(run))


def never_run() -> Chip:
    """For an operation without history."""
    return Chip("idle", "–", _("Sin corridas"))


def queue_chip(state: QueueState) -> Chip:
    """The queue in one breath, for the home page."""
    workers = ngettext("%(count)s worker", "%(count)s workers", state.workers) % {
        "count": state.workers
    }
    if state.verdict is Verdict.NOBODY:
        return Chip("bad", "✕", _("Nadie atiende la cola"))
    if state.verdict is Verdict.STOPPING:
        return Chip("warn", "▲", _("Los workers se están deteniendo"))
    if state.verdict is Verdict.DEAF:
        return Chip("bad", "✕", _("La cola no avanza"))
    if not state.waiting:
        return Chip("ok", "✓", _("%(workers)s, cola vacía") % {"workers": workers})
    tone, sign = ("warn", "▲") if state.verdict is Verdict.BUSY else ("ok", "✓")
    return Chip(tone, sign, _("%(workers)s, en espera: %(waiting)s") % {
        "workers": workers, "waiting": words.number(state.waiting)
    })  # fmt: skip
