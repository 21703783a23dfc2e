"""Do what a plan says: check by check, exactly the rows that were sealed, or none of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connections, transaction
from django.utils.translation import gettext as _

from opsconsole import RunContext
from opsconsole.models import SealedPlan
from opsconsole.plans import StalePlan

from .planning import Step, steps_of
from .sealing import Keys, require_same
from .wording import title_of

CLASHES = ("could not serialize", "deadlock", "lock timeout", "database is locked")
LOCK_SECONDS = 5


def require_all_same(plan: SealedPlan) -> None:
    """Raise Drifted unless every check finds what it found when the plan was made."""
    for step in steps_of(plan.fixed):
        require_same(plan, step.facts, step.check)


def perform(plan: SealedPlan, ctx: RunContext) -> dict[str, int]:
    """Mend everything; return how many rows each check has no longer."""
    steps = steps_of(plan.fixed)
    ctx.progress(0, total=sum(step.rows for step in steps))
    # So that not the third check finds out what could be known before the first.
    require_all_same(plan)
    mended: dict[str, int] = {}
    for step in steps:
        ctx.check_cancelled()
        mended[step.check.name] = mend(step, plan, ctx)
        ctx.figures(**figures_of(mended))
    return mended


def figures_of(mended: dict[str, int]) -> dict[str, Any]:
    """For the run's page, and for programs: how many rows, in all and check by check."""
    by_title = {title_of(name): rows for name, rows in mended.items()}
    return {"mended": sum(mended.values()), "checks": mended, "by_title": by_title}


def mend(step: Step, plan: SealedPlan, ctx: RunContext) -> int:
    """One check, whole or not at all."""
    try:
        with Keys(step.check) as keys, one_moment(step):
            keys.require_sealed(plan, step.facts)
            rows = apply(step, keys, ctx)
    except OperationalError as error:
        if any(sign in str(error) for sign in CLASHES):
            raise changed_meanwhile(step) from error
        raise
    step.mend.finish(ctx.check_cancelled)
    ctx.success(_("%(title)s: %(rows)s") % {"title": step.check.title, "rows": rows})
    return rows


@contextmanager
def one_moment(step: Step) -> Iterator[None]:
    """A transaction that sees one moment; none where the mend is not a matter of one."""
    if not step.mend.whole:
        yield
        return
    alias = step.check.alias
    with transaction.atomic(using=alias):
        if connections[alias].vendor == "postgresql":
            with connections[alias].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
        yield


def apply(step: Step, keys: Keys, ctx: RunContext) -> int:
    """Batch after batch; another number of rows than was sealed undoes all of them."""
    rows = 0
    before = ctx.state.progress.current or 0
    for batch in keys.batches():
        rows += step.mend.apply(batch)
        ctx.progress(before + rows)
        ctx.check_cancelled()
    if step.mend.whole and rows != step.rows:
        raise changed_meanwhile(step)
    return rows


def changed_meanwhile(step: Step) -> StalePlan:
    """Somebody wrote to the same rows at the same time."""
    return StalePlan(
        cause=_("%(title)s: alguien cambió filas mientras se reparaban.")
        % {"title": step.check.title}
    )
