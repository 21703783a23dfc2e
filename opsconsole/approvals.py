"""Runs that wait for a second person: ask, approve, reject, expire."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from . import asked_plans, kept_plans, permissions
from .bell import ring
from .conf import ops_alias, setting
from .doors import Door
from .events import Verb, announce, telling
from .exceptions import NotAllowed
from .models import Approval, JobRun, SealedPlan
from .operations import Operation
from .plans import StalePlan
from .refusals import illegal
from .states import Status

PERMISSION = "opsconsole.approve_jobrun"
Decision = Approval.Decision


def is_needed(operation: Operation, door: Door, *, plan: SealedPlan | None = None) -> bool:
    """Whether a run asked for at this door waits.

    The operation says so, or the plan that it is to carry out, or the site's rule
    (``OPSCONSOLE["APPROVAL_RULE"]``) about the capability that it declares. The trusted terminal,
    which could change the database itself, does not wait.
    """
    if door.user is None:
        return False
    if operation.requires_approval or (plan is not None and kept_plans.second_person(plan)):
        return True
    rule = setting("APPROVAL_RULE")
    return bool(operation.capability and rule and import_string(rule)(operation.capability))


def ask(run: JobRun) -> Approval:
    """Write down who asked; in the caller's transaction on the ``ops`` alias."""
    return Approval.objects.create(
        run=run, requested_by=run.requested_by, requested_by_id=run.requested_by_id or ""
    )


def may_decide(run: JobRun, user: Any) -> bool:
    """Whether this account may approve or reject this run."""
    return bool(
        user is not None
        and user.is_active
        and str(user.pk) != run.requested_by_id
        and user.has_perm(PERMISSION)
    )


def approve(run: JobRun, *, door: Door, reason: str = "", seen: str = "") -> JobRun:
    """Queue it, with its bell; ``seen`` is the digest of the plan that this person was shown.

    Raises NotAllowed, StalePlan, and IllegalTransition where it waits no more.
    """
    with telling(Verb.APPROVE, run.operation, door=door, run=run):
        return _approve(run, door=door, reason=reason, seen=seen)


def _approve(run: JobRun, *, door: Door, reason: str, seen: str) -> JobRun:
    require_second_person(run, door, verb=_("aprobar la corrida %(id)s") % {"id": run.pk})
    digest = require_same(run, seen=seen)
    with transaction.atomic(using=ops_alias()):
        if not change(run, status=Status.QUEUED, plan_digest=digest):
            raise illegal(JobRun.objects.get(pk=run.pk), _("aprobar"))
        decide(run, Decision.APPROVED, door=door, reason=reason)
        ring(run.pk)
    return JobRun.objects.get(pk=run.pk)


def reject(run: JobRun, *, door: Door, reason: str = "") -> JobRun:
    """End it without running; raises as ``approve`` does."""
    with telling(Verb.REJECT, run.operation, door=door, run=run):
        rejected = _reject(run, door=door, reason=reason)
    announce(run.pk)
    return rejected


def _reject(run: JobRun, *, door: Door, reason: str) -> JobRun:
    require_second_person(run, door, verb=_("rechazar la corrida %(id)s") % {"id": run.pk})
    with transaction.atomic(using=ops_alias()):
        if not change(
            run,
            status=Status.REJECTED,
            finished_at=Now(),
            sealed_params="",
            error=_("La rechazó %(person)s.") % {"person": door.person},
            error_cause=reason,
        ):
            raise illegal(JobRun.objects.get(pk=run.pk), _("rechazar"))
        decide(run, Decision.REJECTED, door=door, reason=reason)
    return JobRun.objects.get(pk=run.pk)


def expire() -> int:
    """End the runs about which nobody decided in time, by the database's clock."""
    patience = timedelta(hours=setting("APPROVAL_HOURS"))
    waiting = JobRun.objects.filter(status=Status.AWAITING_APPROVAL)
    return sum(expire_one(run) for run in waiting.filter(queued_at__lt=Now() - patience))


def expire_one(run: JobRun) -> bool:
    """One of them, unless somebody decides at the same moment."""
    return make_void(
        run,
        error=_("Venció: nadie la aprobó a tiempo."),
        error_remedy=_("Lance la operación de nuevo y avise a quien la aprueba."),
    )


def require_same(run: JobRun, *, seen: str) -> str:
    """What is approved is what was shown: where the data have moved on, the request is void."""
    if run.status != Status.AWAITING_APPROVAL:
        return run.plan_digest
    try:
        return asked_plans.require_same(run, seen=seen)
    except StalePlan as error:
        make_void(
            run,
            error=str(error.message),
            error_cause=str(error.cause),
            error_remedy=_("Lance la operación de nuevo: su plan será otro."),
        )
        raise


def make_void(run: JobRun, **error: Any) -> bool:
    """End a run that waits, because time or the data have left it behind."""
    with transaction.atomic(using=ops_alias()):
        expired = change(run, status=Status.EXPIRED, finished_at=Now(), sealed_params="", **error)
        if expired:
            pending = Approval.objects.filter(run_id=run.pk, decision=Decision.PENDING)
            pending.update(decision=Decision.EXPIRED, decided_at=Now())
    if expired:
        announce(run.pk)
    return expired


def require_second_person(run: JobRun, door: Door, *, verb: str) -> None:
    """Raise NotAllowed unless it is another account than the one that asked, with the right."""
    if door.user is None:
        raise NotAllowed(
            _("Hace falta una cuenta para %(verb)s.") % {"verb": verb},
            cause=_("La decisión lleva el nombre de una segunda persona."),
            remedy=_("Repita con --as USUARIO."),
        )
    permissions.require_permission(PERMISSION, door.user, title=verb)
    if not may_decide(run, door.user):
        raise NotAllowed(
            _("Hace falta una segunda persona para %(verb)s.") % {"verb": verb},
            cause=_("La pidió usted."),
            remedy=_("Pídaselo a otra persona que pueda aprobar corridas."),
        )


def change(run: JobRun, **fields: Any) -> bool:
    """The guarded change: only while it waits."""
    waiting = JobRun.objects.filter(pk=run.pk, status=Status.AWAITING_APPROVAL)
    return bool(waiting.update(**fields))


def decide(run: JobRun, decision: str, *, door: Door, reason: str) -> None:
    """Who, when and why."""
    Approval.objects.filter(run_id=run.pk, decision=Decision.PENDING).update(
        decision=decision,
        decided_by=door.person,
        decided_by_id=str(door.user.pk),
        decided_at=Now(),
        reason=reason,
    )
