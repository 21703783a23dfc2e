"""Logins, and what people ask of the engine: they tell, we write it down."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from callcentersite.apps.access.addresses import client_address
from opsconsole import OperationError, events
from opsconsole.doors import Door
from opsconsole.events import Verb
from opsconsole.models import JobRun, Origin
from opsconsole.states import Status

from . import appending
from .asking import afterwards, current_request
from .drafts import Person, Target, draft, present_person
from .services import note
from .vocabulary import Action, Result, Source

SOURCES = {
    Origin.CLI: Source.COMMAND,
    Origin.ADMIN: Source.PAGE,
    Origin.SCHEDULE: Source.SCHEDULE,
    Origin.API: Source.API,
}
ACTIONS = {
    Verb.PLAN: Action.RUN_PLANNED,
    Verb.SUBMIT: Action.RUN_LAUNCHED,
    Verb.CONFIRM: Action.RUN_CONFIRMED,
    Verb.CANCEL: Action.RUN_CANCELLED,
    Verb.RETRY: Action.RUN_RETRIED,
    Verb.APPROVE: Action.RUN_APPROVED,
    Verb.REJECT: Action.RUN_REJECTED,
}
RESULTS = {
    Status.FAILED: Result.FAILED,
    Status.LOST: Result.FAILED,
    Status.REJECTED: Result.REFUSED,
    Status.EXPIRED: Result.REFUSED,
}


# Who comes and goes


@receiver(user_logged_in)
def logged_in(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """An account was let in."""
    note(Action.LOGIN, account(user), person=visitor(request, user))


@receiver(user_logged_out)
def logged_out(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """An account left; whoever had not come in leaves no trace."""
    if user is not None:
        note(Action.LOGOUT, account(user), person=visitor(request, user))


@receiver(user_login_failed)
def login_failed(
    credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """Somebody was not let in. A name that is no account's may be a password typed too early."""
    typed = str(credentials.get(get_user_model().USERNAME_FIELD, ""))
    user = known_account(typed)
    note(
        Action.LOGIN_FAILED,
        account(user) if user is not None else Target(kind=account_kind()),
        result=Result.REFUSED,
        person=visitor(request, None),
        detail={"known": user is not None},
    )


@receiver(user_locked_out)
def locked_out(request: HttpRequest, username: str | None, **kwargs: Any) -> None:
    """An account is locked from an address; told once, by the failure that did it."""
    # axes counts the failure that locks, and none after it.
    if getattr(request, "axes_failures_since_start", None) is None:
        return
    user = known_account(username or "")
    target = account(user) if user is not None else Target(kind=account_kind())
    note(Action.LOCKED_OUT, target, result=Result.REFUSED, person=visitor(request, None))


def visitor(request: HttpRequest | None, user: Any) -> Person:
    """At the login page nobody is anybody yet; without a request it is the terminal."""
    if request is None:
        return present_person(user)
    return Person(
        name="" if user is None else user.get_username(),
        number="" if user is None else str(user.pk),
        source=Source.PAGE,
        place=request.path,
        address=client_address(request) or "",
    )


def known_account(name: str) -> Any:
    """The account of that name, if there is one."""
    model = get_user_model()
    field = model.USERNAME_FIELD
    if not name or "\x00" in name:
        return None
    return model._default_manager.filter(**{field: name}).first()


def account(user: Any) -> Target:
    """An account as a target."""
    return Target(kind=account_kind(), number=str(user.pk), name=user.get_username())


def account_kind() -> str:
    """``users.user``."""
    return str(get_user_model()._meta.label_lower)


# What is asked of the engine


@receiver(events.asked)
def asked(
    verb: Verb,
    operation: str,
    run: JobRun | None,
    door: Door,
    refused: OperationError | None,
    **kwargs: Any,
) -> None:
    """A plan, a launch, a confirmation, a cancel, a retry, a decision; granted or not."""
    target = target_of_run(run) if run is not None else Target(kind="operation", name=operation)
    action, person = ACTIONS[verb], person_at(door)
    if refused is None:
        detail = launched(run) if verb in (Verb.SUBMIT, Verb.CONFIRM) else {}
        note(action, target, detail={"operation": operation} | detail, person=person)
        return
    said = draft(
        action,
        target,
        result=Result.REFUSED,
        reason=refused.cause or refused.message,
        detail={"operation": operation},
        person=person,
    )
    afterwards(lambda: appending.append(said))


def launched(run: JobRun | None) -> dict[str, Any]:
    """With which parameters; whatever is confidential is masked on the run already."""
    if run is None:
        return {}
    said: dict[str, Any] = {"params": run.params, "status": run.status}
    if run.plan_digest:
        said["plan"] = run.plan_digest
    if run.retry_of_id:
        said["retry_of"] = run.retry_of_id
    return said


@receiver(events.ended)
def ended(run: JobRun, **kwargs: Any) -> None:
    """How a run came out. May be told twice, and is written once."""
    person = Person(
        name=run.requested_by,
        number=run.requested_by_id or "",
        source=Source.RUN,
        place=f"#{run.pk}",
    )
    status = Status(run.status)
    said = draft(
        Action.RUN_ENDED,
        target_of_run(run),
        result=RESULTS.get(status, Result.OK),
        reason=run.error,
        detail={"operation": run.operation, "status": run.status},
        person=person,
        at=run.finished_at,
        once=f"run_ended:{run.pk}:{run.finished_at:%Y%m%dT%H%M%S.%f}",
    )
    # Not calmly: whoever tells it asks again where it could not be written.
    appending.append(said)


@receiver(events.ticked)
def ticked(**kwargs: Any) -> None:
    """Chain what a process that died left behind."""
    appending.drain()


def person_at(door: Door) -> Person:
    """Who knocked, and where."""
    request = current_request()
    here = present_person()
    return Person(
        name=door.person,
        number="" if door.user is None else str(door.user.pk),
        source=SOURCES[Origin(door.origin)],
        place=request.path if request is not None else here.place,
        address=here.address,
    )


def target_of_run(run: JobRun) -> Target:
    """A run as a target: its number, and what it is called on its page."""
    return Target(kind="opsconsole.jobrun", number=str(run.pk), name=f"{run.title} #{run.pk}")
