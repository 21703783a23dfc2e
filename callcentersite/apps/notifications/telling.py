"""What is told of runs and requests, to whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse

from callcentersite.apps.users.deciding import PERMISSION as DECIDE
from callcentersite.apps.users.selectors import holders, memberships_in_force
from opsconsole.events import Programme
from opsconsole.models import Approval, JobRun
from opsconsole.selectors import runs as history
from opsconsole.states import Status

from . import wording
from .domain.events import SLOW_FEWEST_RUNS, Event, Outcome, is_slow
from .models import Notification, Subscription
from .selectors import approvers, requester, subscribers, without
from .services import notify, resolve

PLAN = "django_q.change_schedule"
ENDED, SLOW, AWAITING = "ended", "slow", "awaiting_approval"
# A run that became slow before that is no news; who deleted the message is not told again.
RECENTLY = timedelta(minutes=5)
# Whoever launched it hears of these without having asked to.
REFUSED = frozenset({Status.REJECTED, Status.EXPIRED})


# Runs


def of_ending(run: JobRun) -> None:
    """Tell how it ended; each person once, in the words that say most."""
    if run.status in REFUSED:
        tell_requester_of_refusal(run)
        return
    outcome = outcome_of(run)
    told: set[int] = set()
    for event in wording.BY_WEIGHT:
        if event in outcome.events():
            told |= tell(run, event, outcome, apart_from=told)


def tell(run: JobRun, event: Event, outcome: Outcome, *, apart_from: set[int]) -> set[int]:
    """One event, to those who have heard of none that says more; return whom."""
    people = set(subscribers(run, [event]).values_list("pk", flat=True))
    if event is Event.FAILED:
        own = requester(run).exclude(pk__in=without("own_failures"))
        people |= set(own.values_list("pk", flat=True))
        # Whoever declared it at the terminal has no account here, or has it no more.
        if run.status == Status.MISSED and not requester(run).exists():
            people |= set(planners().values_list("pk", flat=True))
    if event is Event.SLOW:
        people -= told_while_it_ran(run)
    people -= apart_from
    text = wording.of_event(event, run, outcome)
    notify(people, run_id=run.pk, kind=ENDED, **text)
    return people


def planners(*, now: datetime | None = None) -> Any:
    """Who sees to it that things run by themselves; they hear of what nobody else asked for."""
    return holders(PLAN, now=now).exclude(pk__in=without("own_failures"))


def outcome_of(run: JobRun) -> Outcome:
    """The ending beside what came before."""
    took = run.duration() if run.finished_at else None
    return Outcome(
        status=run.status,
        before=history.outcome_before(run),
        seconds=took.total_seconds() if took else None,
        usual_seconds=usual_seconds(run),
    )


def usual_seconds(run: JobRun) -> float | None:
    """What runs before this one took; None where there were too few to say."""
    earlier = history.recent(run.operation, before=run.pk)
    if len(history.successes(earlier)) < SLOW_FEWEST_RUNS:
        return None
    usual = history.usual_duration(earlier)
    return usual.total_seconds() if usual else None


def tell_requester_of_refusal(run: JobRun) -> None:
    """It was rejected, or nobody answered; what the approvers were asked is settled."""
    notify(requester(run), run_id=run.pk, kind=ENDED, **wording.of_refusal(run))
    resolve(AWAITING, run_id=run.pk, outcome=wording.decision(run))


def of_slowness(*, now: datetime) -> None:
    """Tell of runs that are under way for longer than usual; once each."""
    if not Subscription.objects.filter(event=Event.SLOW).exists():
        return
    for run in history.working():
        if became_slow(run, now=now) and not told_while_it_ran(run):
            people = subscribers(run, [Event.SLOW])
            notify(people, run_id=run.pk, kind=SLOW, **wording.of_slow_run(run))


def became_slow(run: JobRun, *, now: datetime) -> bool:
    """Whether it has been under way for longer than usual since a short while ago."""
    usual = usual_seconds(run)
    seconds = (run.duration(now=now) or timedelta()).total_seconds()
    before = seconds - RECENTLY.total_seconds()
    return is_slow(seconds, usual_seconds=usual) and not is_slow(before, usual_seconds=usual)


def told_while_it_ran(run: JobRun) -> set[int]:
    """Who knows already that it was slow."""
    told = Notification.objects.filter(run_id=run.pk, kind=SLOW)
    return set(told.values_list("recipient_id", flat=True))


def of_waiting(run: JobRun) -> None:
    """A run waits for a second person: tell those who may be the one."""
    notify(approvers(run), run_id=run.pk, kind=AWAITING, **wording.of_waiting(run))


def of_decision(run: JobRun) -> None:
    """Somebody decided: nobody else needs to look."""
    approval = Approval.objects.filter(run_id=run.pk).first()
    if approval is not None:
        resolve(AWAITING, run_id=run.pk, outcome=wording.decision(run, approval))


# Programmes


def of_suspension(programme: Programme, *, now: datetime) -> None:
    """To its owner, and to whoever can set it right."""
    people = set(planners(now=now).values_list("pk", flat=True))
    if programme.owner_id.isdecimal():
        owner = get_user_model()._default_manager.filter(pk=programme.owner_id, is_active=True)
        people |= set(owner.values_list("pk", flat=True))
    link = reverse("admin:django_q_schedule_change", args=[programme.number])
    kind = f"programme:{programme.number}:{now:%Y%m%d%H%M%S}"
    notify(people, kind=kind, link=link, **wording.of_suspension(programme))


# Requests for rights


def kind_of(solicitud: Any) -> str:
    """A request has no run: its number is in the occasion."""
    return f"solicitud:{solicitud.pk}"


def of_request(solicitud: Any, *, now: datetime) -> None:
    """Rights wait for a second person: neither who asked, nor who would receive them."""
    interested = [pk for pk in (solicitud.solicitada_por_id, solicitud.usuario_id) if pk]
    may_look = holders("users.view_solicitudasignacion", now=now).values("pk")
    people = holders(DECIDE, now=now).filter(pk__in=may_look).exclude(pk__in=interested)
    if solicitud.usuario_id is None:  # to a group: its members would receive it
        members = memberships_in_force(now).filter(grupo=solicitud.grupo_id).order_by()
        people = people.exclude(pk__in=members.values("usuario_id"))
    link = reverse("admin:users_solicitudasignacion_change", args=[solicitud.pk])
    people = people.exclude(pk__in=without("approvals"))
    notify(people, kind=kind_of(solicitud), link=link, **wording.of_request(solicitud))


def of_requests(first: Any, count: int, *, now: datetime) -> None:
    """Many that came together, in one notice: to those who may decide, but for who asked."""
    may_look = holders("users.view_solicitudasignacion", now=now).values("pk")
    people = holders(DECIDE, now=now).filter(pk__in=may_look)
    if first.solicitada_por_id:
        people = people.exclude(pk=first.solicitada_por_id)
    people = people.exclude(pk__in=without("approvals"))
    link = reverse("admin:users_solicitudasignacion_changelist")
    kind = f"solicitudes:{first.pk}"
    notify(people, kind=kind, link=link, **wording.of_requests(first, count))


def of_decided_request(solicitud: Any) -> None:
    """Settle it for the others, and tell whoever asked."""
    resolve(kind_of(solicitud), outcome=wording.decided_request(solicitud))
    asker, decider = solicitud.solicitada_por, solicitud.decidida_por
    if asker is None or decider is None:  # gone, or withdrawn by herself
        return
    link = reverse("admin:users_solicitudasignacion_change", args=[solicitud.pk])
    text = wording.of_answer(solicitud)
    notify([asker], kind=f"{kind_of(solicitud)}:respuesta", link=link, **text)


__all__ = [
    "of_decided_request",
    "of_decision",
    "of_ending",
    "of_request",
    "of_requests",
    "of_slowness",
    "of_suspension",
    "of_waiting",
]
