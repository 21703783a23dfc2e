"""The plan behind a run that waits: what the second person reads is what she approves."""

from __future__ import annotations

from . import kept_plans, registry
from . import params as parameters
from .exceptions import OperationError
from .models import JobRun
from .operations import Operation
from .plans import Plan
from .sealing import unseal


def plan_of(run: JobRun) -> Plan | None:
    """What the run would do now; None: its operation shows no plan, or keeps one."""
    operation = registry.find(run.operation)
    if operation is None or operation.keeps_plan or not operation.has_plan():
        return None
    values = run.params | unseal(run.sealed_params)
    return operation.plan(parameters.clean(operation.Params, values))


def require_same(run: JobRun, *, seen: str = "") -> str:
    """Return the digest that is approved; raise StalePlan where the data have moved on.

    ``seen`` is the digest of what the second person was shown, where she was shown anything.
    """
    operation = registry.find(run.operation)
    if operation is not None and operation.keeps_plan:
        recheck(run, operation)
        return run.plan_digest
    plan = plan_of(run)
    if plan is None:
        return run.plan_digest
    for digest in filter(None, (run.plan_digest, seen)):
        plan.require(digest)
    if plan.blocked:
        raise OperationError(plan.blocked)
    return plan.digest()


def recheck(run: JobRun, operation: Operation) -> None:
    """The operation compares its kept plan with the data itself."""
    values = run.params | unseal(run.sealed_params)
    operation.recheck(parameters.clean(operation.Params, values), kept_plans.taken_by(run))
