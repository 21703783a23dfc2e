"""The only way in, for every door: submit, execute, cancel, retry, approve, reject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from . import approvals, kept_plans, limits, parts, pausing, permissions, registry
from . import params as parameters
from .approvals import approve, reject
from .bell import ring
from .cancelling import ask_to_end, cancel_parts
from .conf import ops_alias
from .doors import Door
from .events import Verb, announce, telling
from .exceptions import AlreadyRunning, IllegalTransition, UnknownRun
from .execution import execute
from .language import source_language
from .masking import MASK, shows_password
from .models import JobRun, SealedPlan
from .operations import Effect, Operation
from .plans import Plan
from .refusals import illegal
from .sealing import seal
from .states import ACTIVE, Status

__all__ = [
    "Door", "approve", "cancel", "execute", "find", "illegal", "pause", "reject", "resume", "retry",
    "submit",
]  # fmt: skip

INSERT_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKey:
    """What makes a repeated request known: its key, unique for ever, and what it asked for."""

    key: str
    digest: str


def submit(
    operation: Operation,
    values: Mapping[str, Any],
    *,
    door: Door,
    enqueue: bool = True,
    plan_digest: str = "",
    retry_of: JobRun | None = None,
    request_key: RequestKey | None = None,
) -> JobRun:
    """Check right and parameters, take the lock, write the run and ring the bell.

    Raises NotAllowed, BadInput, AlreadyRunning; then nothing was written. Run and bell are one
    transaction. With ``enqueue`` false the caller executes the run itself. A run that needs a
    second person waits for one instead, whoever was going to execute it. A ``request_key`` that
    another run has raises IntegrityError.
    """
    verb = Verb.CONFIRM if plan_digest else Verb.SUBMIT
    with telling(verb, operation.name, door=door) as about:
        about.run = _submit(
            operation,
            values,
            door=door,
            enqueue=enqueue,
            plan_digest=plan_digest,
            retry_of=retry_of,
            request_key=request_key,
        )
        return about.run


def _submit(
    operation: Operation,
    values: Mapping[str, Any],
    *,
    door: Door,
    enqueue: bool,
    plan_digest: str,
    retry_of: JobRun | None,
    request_key: RequestKey | None,
    kept: SealedPlan | None = None,
) -> JobRun:
    permissions.require(operation, door.user)
    cleaned = parameters.clean(operation.Params, values)
    operation.require(cleaned, user=door.user)
    if operation.keeps_plan and kept is None:
        raise kept_plans.needs_plan()
    run = new_run(
        operation, cleaned, door=door, plan_digest=plan_digest, retry_of=retry_of, kept=kept
    )
    if request_key is not None:
        run.request_key, run.request_digest = request_key.key, request_key.digest
    for attempt in range(1, INSERT_ATTEMPTS + 1):
        try:
            with transaction.atomic(using=ops_alias()):
                run.save(force_insert=True)
                if kept is not None:
                    kept_plans.take(kept, run, door=door)
                if run.status == Status.AWAITING_APPROVAL:
                    approvals.ask(run)
                elif enqueue:
                    ring(run.pk)
            return run
        except IntegrityError:
            holder = holder_of(run)
            if holder is not None:
                raise already_running(operation, holder) from None
            # It was another promise of the database, or the holder has just ended.
            if run.lock_key is None or attempt == INSERT_ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def plan(operation: Operation, cleaned: dict[str, Any], *, door: Door) -> Plan:
    """What the operation would touch, for the person who asks to see it; raises NotAllowed."""
    with telling(Verb.PLAN, operation.name, door=door):
        permissions.require(operation, door.user)
        return operation.plan(cleaned)


def keep_plan(operation: Operation, cleaned: dict[str, Any], *, door: Door) -> SealedPlan:
    """The same, kept for an hour so that it can be confirmed; raises NotAllowed."""
    stored, secrets = split_secrets(operation, cleaned)
    made = plan(operation, cleaned, door=door)
    return kept_plans.keep(operation, made, door=door, params=stored, secrets=secrets)


def apply(
    kept: SealedPlan,
    *,
    door: Door,
    enqueue: bool = True,
    unattended: bool = False,
    expected: int | None = None,
    request_key: RequestKey | None = None,
) -> JobRun:
    """Submit what a kept plan says, once, if the data are still as it saw them.

    ``unattended``: nobody read it; then it must be within its limits, or of ``expected`` rows.
    Raises as ``submit`` does, and UnusablePlan, OverLimit, StalePlan.
    """
    operation = registry.get(kept.operation)
    with telling(Verb.CONFIRM, operation.name, door=door) as about:
        permissions.require(operation, door.user)
        kept_plans.require_usable(kept, door=door)
        limits.require_within(kept, door=door, unattended=unattended, expected=expected)
        operation.recheck(kept_plans.cleaned(kept, operation), kept)
        about.run = _submit(
            operation,
            kept_plans.values(kept),
            door=door,
            enqueue=enqueue,
            plan_digest=kept.digest,
            retry_of=None,
            request_key=request_key,
            kept=kept,
        )
    return about.run


def new_run(
    operation: Operation,
    cleaned: dict[str, Any],
    *,
    door: Door,
    plan_digest: str,
    retry_of: JobRun | None,
    kept: SealedPlan | None = None,
) -> JobRun:
    """The row to be, its sensitive parameters sealed."""
    stored, secrets = split_secrets(operation, cleaned)
    with source_language():
        title, unit = str(operation.title)[:200], str(operation.unit)[:40]
    waits = approvals.is_needed(operation, door, plan=kept)
    return JobRun(
        operation=operation.name,
        title=title,
        status=Status.AWAITING_APPROVAL if waits else Status.QUEUED,
        params=stored,
        sealed_params=seal(secrets),
        plan_digest=plan_digest,
        lock_key=operation.lock_key(cleaned),
        requested_by=door.person,
        requested_by_id=None if door.user is None else str(door.user.pk),
        origin=door.origin,
        timeout_seconds=operation.deadline(cleaned),
        progress_unit=unit,
        retry_of=retry_of,
        rung_at=None,
    )


def split_secrets(
    operation: Operation, cleaned: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters as they may be written, and those that must be sealed."""
    stored = parameters.to_json(cleaned)
    secrets = {name: value for name, value in stored.items() if is_secret(operation, name, value)}
    return stored | dict.fromkeys(secrets, MASK), secrets


def is_secret(operation: Operation, name: str, value: Any) -> bool:
    """Whether the value may not be written: marked sensitive, or a DSN with its password."""
    if name in operation.sensitive:
        return value not in (None, "", [])
    return shows_password(value)


def holder_of(run: JobRun) -> JobRun | None:
    """The active run that holds the lock which this one wants."""
    if run.lock_key is None:
        return None
    same = JobRun.objects.filter(operation=run.operation, lock_key=run.lock_key)
    return same.filter(status__in=sorted(ACTIVE)).order_by("pk").first()


def already_running(operation: Operation, holder: JobRun) -> AlreadyRunning:
    """The refusal that leads to the run which holds the lock."""
    return AlreadyRunning(
        _("«%(title)s» ya está en ejecución: corrida %(id)s.")
        % {"title": operation.title, "id": holder.pk},
        run_id=holder.pk,
        cause=_("La pidió %(person)s; solo puede haber una a la vez.")
        % {"person": holder.requested_by or _("el sistema")},
        remedy=_("Espere a que termine, o cancélela."),
    )


def find(run_id: int) -> JobRun:
    """Return the run; raise UnknownRun."""
    run = JobRun.objects.filter(pk=run_id).first()
    if run is None:
        raise UnknownRun(
            _("No existe la corrida %(id)s.") % {"id": run_id},
            remedy=_("Vea la lista con: python manage.py console runs"),
        )
    return run


# What people ask of a run


def cancel(run: JobRun, *, door: Door) -> JobRun:
    """End a waiting run at once; ask a running one to end at its next safe place.

    Raises NotAllowed, and IllegalTransition where the run has ended already. Whoever asked for
    a run may cancel it; others need ``opsconsole.cancel_jobrun``.
    """
    verb = Verb.PAUSE if pausing.would_pause(run) else Verb.CANCEL
    with telling(verb, run.operation, door=door, run=run):
        now = _cancel(run, door=door)
    announce(run.pk)
    return now


def _cancel(run: JobRun, *, door: Door) -> JobRun:
    if not may_cancel(run, door.user):
        raise permissions.not_allowed(
            _("cancelar la corrida %(id)s") % {"id": run.pk},
            door.user,
            permission="opsconsole.cancel_jobrun",
        )
    changed = ask_to_end(JobRun.objects.filter(pk=run.pk), by=door.person)
    if changed:
        cancel_parts(run.pk, by=door.person)
    now = find(run.pk)
    if not changed and now.status != Status.CANCELLING:
        raise illegal(now, _("cancelar"))
    return now


def pause(run: JobRun, *, door: Door) -> JobRun:
    """Cancel a run of an operation that keeps where it stopped; raises as ``cancel`` does."""
    pausing.require_pausable(run)
    return cancel(run, door=door)


def resume(run: JobRun, *, door: Door, enqueue: bool = True) -> JobRun:
    """Go on with a paused run, or one that failed, in a run of its own that begins where it was.

    Whoever asked for a run may resume it; others need ``opsconsole.retry_jobrun``.
    """
    pausing.require_may_go_on(run)
    return retry(run, door=door, enqueue=enqueue)


def retry(
    run: JobRun, *, door: Door, enqueue: bool = True, request_key: RequestKey | None = None
) -> JobRun:
    """Submit the same operation with the same parameters again, as a run of its own."""
    verb = Verb.RESUME if pausing.may_go_on(run) else Verb.RETRY
    with telling(verb, run.operation, door=door, run=run):
        return _retry(run, door=door, enqueue=enqueue, request_key=request_key)


def _retry(run: JobRun, *, door: Door, enqueue: bool, request_key: RequestKey | None) -> JobRun:
    if not goes_on_with_own(run, door.user):
        permissions.require_permission(
            "opsconsole.retry_jobrun",
            door.user,
            title=_("repetir la corrida %(id)s") % {"id": run.pk},
        )
    operation = registry.get(run.operation)
    permissions.require(operation, door.user)
    if not run.has_ended:
        raise illegal(run, _("repetir"))
    if operation.effect is Effect.DESTROYS:
        raise IllegalTransition(
            _("No se repite a ciegas lo que elimina datos."),
            cause=_("El plan que se confirmó entonces ya no vale."),
            remedy=_("Lance «%(title)s» de nuevo y confirme su plan.") % {"title": operation.title},
        )
    if run.is_part:
        return _retry_part(run, operation, door=door, enqueue=enqueue)
    return submit(
        operation,
        run.params,
        door=door,
        enqueue=enqueue,
        retry_of=run,
        request_key=request_key,
    )


def _retry_part(run: JobRun, operation: Operation, *, door: Door, enqueue: bool) -> JobRun:
    """The same part again, while the run that it belongs to still waits for it."""
    try:
        with transaction.atomic(using=ops_alias()):
            again = parts.again(run, door=door)
            if enqueue:
                ring(again.pk)
        return again
    except IntegrityError:
        holder = holder_of(run)
        if holder is None:
            raise
        raise already_running(operation, holder) from None


def undoing(run: JobRun) -> Operation:
    """The operation that undoes this run; raises IllegalTransition where none does."""
    operation = registry.find(run.operation)
    if operation is None or not operation.undone_by:
        raise IllegalTransition(
            _("La corrida %(id)s no se puede deshacer.") % {"id": run.pk},
            cause=_("Su operación no guarda con qué volver atrás."),
        )
    return registry.get(operation.undone_by)


def may_cancel(run: JobRun, user: Any) -> bool:
    """Whether this account may cancel this run."""
    if user is None:
        return True
    own = run.requested_by_id == str(user.pk) and user.has_perm(f"opsconsole.run_{run.operation}")
    return user.is_active and (own or user.has_perm("opsconsole.cancel_jobrun"))


def may_retry(run: JobRun, user: Any) -> bool:
    """Whether this account may run this again."""
    if run.is_part and not parts.is_awaited(run):
        return False
    return user is None or (
        user.is_active
        and (user.has_perm("opsconsole.retry_jobrun") or goes_on_with_own(run, user))
        and user.has_perm(f"opsconsole.run_{run.operation}")
    )


def goes_on_with_own(run: JobRun, user: Any) -> bool:
    """Whether this account would only resume what it had begun: who may pause may go on."""
    return user is not None and run.requested_by_id == str(user.pk) and pausing.may_go_on(run)
