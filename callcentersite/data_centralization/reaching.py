"""A policy that anonymises a table reaches its files as well: what left the table is as old."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from opsconsole import RunContext
from opsconsole.models import SealedPlan
from opsconsole.plans import StalePlan

from . import elsewhere, targets
from .elsewhere import Files, Reach
from .models import RetentionRemoval

Found = dict[str, dict[str, int]]  # by the name of the files: how many records each holds


def reached(facts: dict[str, Any]) -> Iterator[tuple[Files, Reach]]:
    """The files that a policy's facts speak of; a condition is a table's, and leaves them alone."""
    if facts["action"] == targets.ANONYMISE and not facts["condition"]:
        for files in elsewhere.everything():
            if files.target == facts["target"] and files.older is not None:
                yield files, files.older(datetime.fromisoformat(facts["cutoff"]))


def rows_by_name(reaches: Iterable[tuple[Files, Reach]]) -> Found:
    """How many records of them are old enough."""
    return {files.name: reach.rows for files, reach in reaches if reach.rows}


def rows_of(found: Found) -> int:
    """All of them."""
    return sum(rows for files in found.values() for rows in files.values())


def require_same(plan: SealedPlan) -> None:
    """Raise StalePlan where the files hold other records than was shown."""
    for facts in plan.fixed["policies"]:
        if rows_by_name(reached(facts)) != facts.get("files", {}):
            raise StalePlan(cause=_("Lo que hay en los archivos cambió desde que se mostró."))


def blank(plan: SealedPlan, ctx: RunContext) -> list[RetentionRemoval]:
    """Make them anonymous, file by file; what was done is written down as for a table."""
    require_same(plan)
    return [
        blank_in(elsewhere.get(name), found, facts, ctx)
        for facts in plan.fixed["policies"]
        for name, found in facts.get("files", {}).items()
    ]


def blank_in(
    files: Files, found: dict[str, int], facts: dict[str, Any], ctx: RunContext
) -> RetentionRemoval:
    """One kind of files; those done before somebody cancels stay done, and are written down."""
    now, cutoff = timezone.now(), datetime.fromisoformat(facts["cutoff"])
    removal = RetentionRemoval(
        run=ctx.run_id or 0, policy=files.name, target=files.name, action=targets.ANONYMISE,
        cutoff=cutoff, removed_at=now, rows=0,
    )  # fmt: skip
    try:
        for name in found:
            ctx.check_cancelled()
            removal.rows += files.blank(name, cutoff, now)
    finally:
        if removal.rows:
            removal.save()
    return removal
