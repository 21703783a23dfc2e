"""What people ask of the engine, and how its runs end: it tells, we write it down."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from opsconsole import OperationError, events
from opsconsole.doors import Door
from opsconsole.events import Change, Expected, Programme, Verb
from opsconsole.models import JobArtifact, JobRun, Origin
from opsconsole.states import Status

from . import appending
from .asking import afterwards, current_request
from .drafts import Person, Target, draft, present_person
from .services import downloaded, note
from .vocabulary import RUN, Action, Result, Source

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
    Verb.PAUSE: Action.RUN_PAUSED,
    Verb.RESUME: Action.RUN_RESUMED,
    Verb.RETRY: Action.RUN_RETRIED,
    Verb.APPROVE: Action.RUN_APPROVED,
    Verb.REJECT: Action.RUN_REJECTED,
}
CHANGES = {
    Change.CREATED: Action.SCHEDULE_CREATED,
    Change.CHANGED: Action.SCHEDULE_CHANGED,
    Change.DELETED: Action.SCHEDULE_DELETED,
    Change.SUSPENDED: Action.SCHEDULE_CHANGED,
}
EXPECTING = {
    Change.CREATED: Action.EXPECTATION_CREATED,
    Change.CHANGED: Action.EXPECTATION_CHANGED,
    Change.DELETED: Action.EXPECTATION_DELETED,
}
RESULTS = {
    Status.FAILED: Result.FAILED,
    Status.LOST: Result.FAILED,
    Status.REJECTED: Result.REFUSED,
    Status.EXPIRED: Result.REFUSED,
    Status.MISSED: Result.FAILED,
}


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
    detail = {"operation": operation} | client_at(door)
    if refused is None:
        detail |= launched(run) if verb in (Verb.SUBMIT, Verb.CONFIRM) else {}
        note(action, target, detail=detail, person=person)
        return
    said = draft(
        action,
        target,
        result=Result.REFUSED,
        reason=refused.cause or refused.message,
        detail=detail,
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


def client_at(door: Door) -> dict[str, str]:
    """Which program it was, where the account alone does not say."""
    return {"client": door.name} if door.origin == Origin.API and door.name else {}


@receiver(events.changed_schedule)
def changed_schedule(change: Change, programme: Programme, user: Any, **kwargs: Any) -> None:
    """What runs by itself was added, changed, deleted, or suspended by the engine."""
    target = Target(kind="django_q.schedule", number=programme.number, name=programme.name)
    detail = {
        "operation": programme.operation,
        "params": programme.params,
        "when": programme.when,
        "owner": programme.owner,
        "active": programme.active,
    }
    person = present_person(user)
    note(CHANGES[change], target, detail=detail, reason=programme.reason, person=person)


@receiver(events.changed_expectation)
def changed_expectation(change: Change, expected: Expected, user: Any, **kwargs: Any) -> None:
    """Which runs cron should launch was declared, changed or withdrawn."""
    name = f"{expected.operation} · {expected.when}"
    target = Target(kind="opsconsole.expectation", number=expected.number, name=name)
    detail = {"operation": expected.operation, "when": expected.when, "grace": expected.grace}
    note(EXPECTING[change], target, detail=detail, person=present_person(user))


@receiver(events.downloaded)
def took_home(artifact: JobArtifact, user: Any, **kwargs: Any) -> None:
    """A file of a run was downloaded."""
    target = Target(kind="opsconsole.jobartifact", number=str(artifact.pk), name=artifact.name)
    downloaded(target, by=user, run=artifact.run_id, bytes=artifact.size_bytes)


@receiver(events.downloaded_log)
def took_home_log(run: JobRun, user: Any, **kwargs: Any) -> None:
    """The log of a run was downloaded."""
    downloaded(target_of_run(run), by=user, format="txt")


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
    return Target(kind=RUN, number=str(run.pk), name=f"{run.title} #{run.pk}")
