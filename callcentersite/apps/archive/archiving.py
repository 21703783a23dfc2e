"""Carrying out a plan: each month into a file, then out of the table, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from django.utils.translation import ngettext

from callcentersite.apps.analytics import removed
from callcentersite.data_centralization import archives, sealing
from callcentersite.data_centralization.applying import Application, Step
from callcentersite.data_centralization.targets import Removal
from opsconsole import RunContext
from opsconsole.models import SealedPlan

from . import keeping
from .domain.months import Month
from .models import CallArchive
from .planning import CALLS, select


def require_same(plan: SealedPlan) -> None:
    """Raise StalePlan with the difference of every month that changed."""
    found = {}
    for facts in plan.fixed["months"]:
        try:
            sealing.require_same(plan, facts, select(facts, CALLS))
        except sealing.Drifted as error:
            found.update(error.found)
    if found:
        raise sealing.Drifted(found)


@dataclass(kw_only=True)
class Archiving:
    """One run's way through a plan; ``written`` are the files that it put into the storage."""

    plan: SealedPlan
    ctx: RunContext
    written: list[str] = field(default_factory=list)

    def run(self) -> list[CallArchive]:
        """Every month of the plan; those before one that stops stay archived."""
        steps = [self._step(facts) for facts in self.plan.fixed["months"]]
        try:
            Application(self.plan, steps, self.ctx).perform()
        finally:
            self._forget_undone()
        return list(CallArchive.objects.filter(path__in=self.written).order_by("month", "pk"))

    def _step(self, facts: dict[str, Any]) -> Step:
        """A month as retention applies it, with an archive of its own kind."""
        keeping_it = partial(self._kept, Month.parse(facts["month"]))
        target = replace(CALLS, privileged=keeping_it, removed=removed.remember)
        return Step(facts=facts, selection=select(facts, target))

    @contextmanager
    def _kept(self, month: Month, removal: Removal) -> Iterator[None]:
        """Around the deletion, in its transaction: days counted and closed, calls in the file."""
        with removed.closing_days(removal):
            archive = keeping.keep(
                removal.queryset, month, run=self.ctx.run_id or 0, each=self._look
            )
            self.written.append(archive.path)
            archive.save(using=removal.alias, force_insert=True)
            self.ctx.info(said(month, archive))
            yield

    def _look(self, done: int) -> None:
        """Between two portions somebody may cancel."""
        self.ctx.check_cancelled()

    def _forget_undone(self) -> None:
        """Files whose month was rolled back."""
        paths = CallArchive.objects.filter(path__in=self.written).values_list("path", flat=True)
        for path in set(self.written) - set(paths):
            archives.discard(path)


def said(month: Month, archive: CallArchive) -> str:
    """The month's line of the log."""
    text = ngettext(
        "%(month)s: %(rows)s llamada en %(path)s",
        "%(month)s: %(rows)s llamadas en %(path)s",
        archive.rows,
    )
    return text % {"month": month, "rows": archive.rows, "path": archive.path}
