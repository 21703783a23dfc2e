"""The only way in, for every door: submit, execute, cancel, retry, approve, reject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from . import approvals, permissions, registry
from . import params as parameters
from .approvals import approve, reject
from .bell import ring
from .conf import ops_alias
from .doors import Door
from .exceptions import AlreadyRunning, BadInput, UnknownRun
from .execution import execute
from .language import source_language
from .masking import MASK
from .models import JobRun
from .operations import Operation
from .refusals import illegal
from .sealing import seal
from .states import ACTIVE, Status

__all__ = ["Door", "approve", "cancel", "execute", "find", "illegal", "reject", "retry", "submit"]


def submit(
    operation: Operation,
    values: Mapping[str, Any],
    *,
    door: Door,
    enqueue: bool = True,
    plan_digest: str = "",
    retry_of: JobRun | None = None,
) -> JobRun:
    """Check right and parameters, take the lock, write the run and ring the bell.

    Raises NotAllowed, BadInput, AlreadyRunning; then nothing was written. Run and bell are one
    transaction. With ``enqueue`` false the caller executes the run itself. A run that needs a
    second person waits for one instead, whoever was going to execute it.
    """
    permissions.require(operation, door.user)
    cleaned = parameters.clean(operation.Params, values)
    run = new_run(operation, cleaned, door=door, plan_digest=plan_digest, retry_of=retry_of)
    try:
        with transaction.atomic(using=ops_alias()):
            run.save(force_insert=True)
            if run.status == Status.AWAITING_APPROVAL:
                approvals.ask(run)
            elif enqueue:
                ring(run.pk)
    except IntegrityError:
        raise already_running(operation, run.lock_key) from None
    return run


def new_run(
    operation: Operation,
    cleaned: dict[str, Any],
    *,
    door: Door,
    plan_digest: str,
    retry_of: JobRun | None,
) -> JobRun:
    """The row to be, its sensitive parameters sealed."""
    stored = parameters.to_json(cleaned)
    secrets = {name: stored[name] for name in operation.sensitive if stored.get(name)}
    with source_language():
        title = str(operation.title)
    waits = approvals.is_needed(operation, door)
    return JobRun(
        operation=operation.name,
        title=title,
        status=Status.AWAITING_APPROVAL if waits else Status.QUEUED,
        params=stored | dict.fromkeys(secrets, MASK),
        sealed_params=seal(secrets),
        plan_digest=plan_digest,
        lock_key=operation.lock_key(cleaned),
        requested_by=door.person,
        requested_by_id=None if door.user is None else str(door.user.pk),
        origin=door.origin,
        timeout_seconds=operation.timeout_seconds,
        progress_unit=str(operation.unit),
        retry_of=retry_of,
        rung_at=None,
    )


def already_running(operation: Operation, lock_key: str | None) -> AlreadyRunning:
    """The refusal that leads to the run which holds the lock."""
    holder = (
        JobRun.objects.filter(
            operation=operation.name, lock_key=lock_key, status__in=sorted(ACTIVE)
        )
        .order_by("pk")
        .first()
    )
    if holder is None:
        return AlreadyRunning(
            _("La operación acababa de terminar."), run_id=0, remedy=_("Vuelva a intentarlo.")
        )
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
    if not may_cancel(run, door.user):
        raise permissions.not_allowed(
            _("cancelar la corrida %(id)s") % {"id": run.pk},
            door.user,
            permission="opsconsole.cancel_jobrun",
        )
    runs = JobRun.objects.filter(pk=run.pk)
    asked = {"cancel_requested_by": door.person}
    ended = {"status": Status.CANCELLED, "finished_at": Now(), "sealed_params": ""}
    changed = (
        runs.filter(status=Status.RUNNING).update(status=Status.CANCELLING, **asked)
        or runs.filter(status__in=[Status.QUEUED, Status.INTERRUPTED]).update(**ended, **asked)
        or runs.filter(status=Status.CANCELLING).exists()
    )
    if not changed:
        raise illegal(find(run.pk), _("cancelar"))
    return find(run.pk)


def retry(run: JobRun, *, door: Door, enqueue: bool = True) -> JobRun:
    """Submit the same operation with the same parameters again, as a run of its own."""
    permissions.require_permission(
        "opsconsole.retry_jobrun", door.user, title=_("repetir la corrida %(id)s") % {"id": run.pk}
    )
    operation = registry.get(run.operation)
    if not run.has_ended:
        raise illegal(run, _("repetir"))
    secret = [name for name in operation.sensitive if run.params.get(name)]
    if secret:
        raise BadInput(
            {name: [_("No se guarda: indíquelo de nuevo.")] for name in secret},
            remedy=_("Lance la operación desde su página."),
        )
    return submit(operation, run.params, door=door, enqueue=enqueue, retry_of=run)


def may_cancel(run: JobRun, user: Any) -> bool:
    """Whether this account may cancel this run."""
    if user is None:
        return True
    own = run.requested_by_id == str(user.pk) and user.has_perm(f"opsconsole.run_{run.operation}")
    return user.is_active and (own or user.has_perm("opsconsole.cancel_jobrun"))


def may_retry(run: JobRun, user: Any) -> bool:
    """Whether this account may run this again."""
    return user is None or (
        user.is_active
        and user.has_perm("opsconsole.retry_jobrun")
        and user.has_perm(f"opsconsole.run_{run.operation}")
    )
