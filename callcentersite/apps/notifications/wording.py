"""What the messages say, in the site's language."""

from __future__ import annotations

from typing import Any, TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opsconsole import registry
from opsconsole.admin.presenters import words
from opsconsole.events import Programme
from opsconsole.models import Approval, JobRun
from opsconsole.states import Status

from .domain.events import Event, Outcome
from .models import Level


class Words(TypedDict):
    """What ``services.notify`` takes of a text."""

    subject: str
    body: str
    level: str


# Who wants several of these hears the first that is true.
BY_WEIGHT = (Event.FIRST_FAILURE, Event.FAILED, Event.RECOVERED, Event.SLOW, Event.FINISHED)
SUBJECTS = {
    Event.FIRST_FAILURE: gettext_lazy("Falló por primera vez: %(what)s"),
    Event.FAILED: gettext_lazy("Falló: %(what)s"),
    Event.RECOVERED: gettext_lazy("Vuelve a terminar bien: %(what)s"),
    Event.SLOW: gettext_lazy("Tardó más de lo habitual: %(what)s"),
}
FINISHED = {
    Status.SUCCEEDED: gettext_lazy("Terminó bien: %(what)s"),
    Status.CANCELLED: gettext_lazy("Se canceló: %(what)s"),
    Status.FAILED: gettext_lazy("Falló: %(what)s"),
    Status.LOST: gettext_lazy("Se perdió: %(what)s"),
    Status.MISSED: gettext_lazy("No se ejecutó: %(what)s"),
}
LEVELS = {
    Status.SUCCEEDED: Level.SUCCESS,
    Status.CANCELLED: Level.INFO,
    Status.FAILED: Level.ERROR,
    Status.LOST: Level.ERROR,
    Status.MISSED: Level.ERROR,
}


def what(run: JobRun) -> str:
    """The operation's name, also where its code is gone, and the run's number."""
    operation = registry.find(run.operation)
    title = operation.title if operation else run.title or run.operation
    return f"{title} #{run.pk}"


def of_event(event: Event, run: JobRun, outcome: Outcome) -> Words:
    """How it ended."""
    # Of one that was lost or never came "failed" would say too little.
    own = run.status == Status.MISSED or (event is Event.FAILED and run.status == Status.LOST)
    subject = FINISHED[Status(run.status)] if own else SUBJECTS.get(event)
    level = Level.WARNING if event is Event.SLOW else LEVELS[Status(run.status)]
    return {
        "subject": str(subject or FINISHED[Status(run.status)]) % {"what": what(run)},
        "body": "\n".join(line for line in body_lines(run, outcome) if line),
        "level": level,
    }


def body_lines(run: JobRun, outcome: Outcome) -> list[str]:
    """Error, cause, remedy; who asked; how long it took."""
    lines = [run.error]
    if run.error_cause:
        lines.append(_("Causa: %(text)s") % {"text": run.error_cause})
    if run.error_remedy:
        lines.append(_("Solución: %(text)s") % {"text": run.error_remedy})
    if run.requested_by:
        lines.append(_("La pidió %(person)s.") % {"person": run.requested_by})
    lines.append(took(outcome))
    return lines


def took(outcome: Outcome) -> str:
    """The duration, beside the usual one where it is known."""
    if outcome.seconds is None:
        return ""
    if outcome.usual_seconds is None:
        return _("Tardó %(time)s.") % {"time": words.duration(outcome.seconds)}
    return _("Tardó %(time)s; suele tardar %(usual)s.") % {
        "time": words.duration(outcome.seconds),
        "usual": words.duration(outcome.usual_seconds),
    }


def of_slow_run(run: JobRun) -> Words:
    """It is still under way."""
    return {
        "subject": _("Tarda más de lo habitual: %(what)s") % {"what": what(run)},
        "body": _("Sigue en ejecución. En su página se ve por dónde va."),
        "level": Level.WARNING,
    }


# What waits for a second person


def of_waiting(run: JobRun) -> Words:
    """To those who may decide."""
    return {
        "subject": _("Espera aprobación: %(what)s") % {"what": what(run)},
        "body": _("%(person)s pide ejecutarla. En su página puede aprobarla o rechazarla.")
        % {"person": run.requested_by},
        "level": Level.WARNING,
    }


def of_refusal(run: JobRun) -> Words:
    """To whoever asked."""
    if run.status == Status.EXPIRED:
        subject = _("Venció sin respuesta: %(what)s")
    else:
        subject = _("Rechazada: %(what)s")
    lines = [run.error, run.error_cause, run.error_remedy]
    return {
        "subject": subject % {"what": what(run)},
        "body": "\n".join(line for line in lines if line),
        "level": Level.WARNING,
    }


def decision(run: JobRun, approval: Approval | None = None) -> str:
    """What became of it, for those who need not look any more."""
    if approval is not None and approval.decision == Approval.Decision.APPROVED:
        return _("Ya decidida: la aprobó %(person)s.") % {"person": approval.decided_by}
    return _("Ya decidida. %(error)s") % {"error": run.error}


def of_request(solicitud: Any) -> Words:
    """To those who may decide about rights."""
    return {
        "subject": _("Espera aprobación: %(what)s") % {"what": solicitud},
        "body": _("%(person)s lo pide. Motivo: %(reason)s")
        % {"person": solicitud.solicitada_por or "–", "reason": solicitud.motivo},
        "level": Level.WARNING,
    }


def of_suspension(programme: Programme) -> Words:
    """A programme runs no more."""
    lines = [
        programme.reason,
        _("Corre a nombre de %(person)s.") % {"person": programme.owner},
        _("No volverá a ejecutarse hasta que alguien la revise y la guarde de nuevo."),
    ]
    return {
        "subject": _("Tarea programada suspendida: %(name)s") % {"name": programme.name},
        "body": "\n".join(lines),
        "level": Level.ERROR,
    }


def of_requests(first: Any, count: int) -> Words:
    """The same for many at once."""
    subject = ngettext(
        "Espera aprobación: %(count)s solicitud",
        "Esperan aprobación: %(count)s solicitudes",
        count,
    )
    return {
        "subject": subject % {"count": count},
        "body": _("%(person)s las pide. Motivo: %(reason)s")
        % {"person": first.solicitada_por or "–", "reason": first.motivo},
        "level": Level.WARNING,
    }


def of_answer(solicitud: Any) -> Words:
    """To whoever asked for the rights."""
    approved = solicitud.estado == solicitud.Estado.APROBADA
    subject = _("Aprobada: %(what)s") if approved else _("Rechazada: %(what)s")
    lines = [decided_request(solicitud), solicitud.motivo_decision]
    return {
        "subject": subject % {"what": solicitud},
        "body": "\n".join(line for line in lines if line),
        "level": Level.SUCCESS if approved else Level.WARNING,
    }


def decided_request(solicitud: Any) -> str:
    """Who decided what."""
    person = {"person": solicitud.decidida_por or "–"}
    if solicitud.estado == solicitud.Estado.APROBADA:
        return _("Ya decidida: la aprobó %(person)s.") % person
    if solicitud.estado == solicitud.Estado.RECHAZADA:
        return _("Ya decidida: la rechazó %(person)s.") % person
    return _("Ya no hace falta: la retiró quien la pidió.")
