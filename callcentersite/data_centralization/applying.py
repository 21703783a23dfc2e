"""Doing what a plan says: a transaction per table, exactly the sealed rows or none."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from opsconsole import RunContext
from opsconsole.exceptions import RunStopped
from opsconsole.models import SealedPlan
from opsconsole.plans import StalePlan

from . import archives, cascades, files, reaching, sealing, targets
from .models import RetentionRemoval
from .selection import Selection, Where
from .tables import Table, open_table

CARRIED_BATCH = 500
CLASHES = ("could not serialize", "lock timeout", "deadlock", "database is locked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One policy of a plan."""

    facts: dict[str, Any]
    selection: Selection

    @property
    def name(self) -> str:
        return str(self.facts["name"])

    @property
    def cutoff(self) -> datetime | None:
        text = self.facts.get("cutoff")
        return parse_datetime(text) if text else None


def keeps(step: Step) -> bool:
    """Whether its rows are archived."""
    return bool(step.facts["archive_days"])


def steps_of(plan: SealedPlan) -> list[Step]:
    """The policies of a plan that have something to do, as they were when it was made."""
    steps = [step_of(facts) for facts in plan.fixed["policies"]]
    return [step for step in steps if step.facts["rows"]]


def step_of(facts: dict[str, Any]) -> Step:
    """What was fixed: a policy edited meanwhile changes nothing about it."""
    selection = Selection.older_than(
        datetime.fromisoformat(facts["cutoff"]),
        target=targets.get(facts["target"]),
        action=facts["action"],
        condition=facts["condition"],
    )
    return Step(facts=facts, selection=selection)


def require_same(plan: SealedPlan) -> None:
    """Raise StalePlan with the difference of every table that changed."""
    found = {}
    for step in (step_of(facts) for facts in plan.fixed["policies"]):
        try:
            sealing.require_same(plan, step.facts, step.selection)
        except sealing.Drifted as error:
            found.update(error.found)
    if found:
        raise sealing.Drifted(found)
    reaching.require_same(plan)


class Application:
    """One run's way through a plan."""

    def __init__(self, plan: SealedPlan, steps: list[Step], ctx: RunContext) -> None:
        self.plan, self.steps, self.ctx = plan, steps, ctx
        self.done = 0
        self.removals: list[RetentionRemoval] = []
        self.stored = ""  # the archive that goes again if its rows stay
        self.now = timezone.now()

    def perform(self) -> list[RetentionRemoval]:
        """Every table; raises what stops it, the tables before it staying done: ``removals``."""
        self.ctx.progress(0, total=sum(step.facts["rows"] for step in self.steps))
        if len(self.steps) > 1:
            # So that not the third table finds out what could be known before the first.
            for step in self.steps:
                sealing.require_same(self.plan, step.facts, step.selection)
        for step in self.steps:
            try:
                self.removals.append(self._table(step))
            except StalePlan as error:
                if self.removals:
                    error.message = _(
                        "El plan dejó de valer en «%(name)s», que quedó como estaba; lo anterior "
                        "ya se había hecho."
                    ) % {"name": step.name}
                raise
        return self.removals

    def _table(self, step: Step) -> RetentionRemoval:
        """One table, whole or not at all."""
        before = self.done
        try:
            removal = self._remove(step)
        except RunStopped:
            self.done = before
            self.ctx.progress(before)
            text = _("%(name)s: se canceló a mitad; la tabla quedó como estaba, entera.")
            self.ctx.warning(text % {"name": step.name})
            raise
        except OperationalError as error:
            if any(sign in str(error) for sign in CLASHES):
                raise StalePlan(
                    cause=_("%(name)s: alguien cambió filas mientras se eliminaban.")
                    % {"name": step.name}
                ) from error
            raise
        if removal.files:
            files.finish(removal)
        return removal

    def _remove(self, step: Step) -> RetentionRemoval:
        try:
            return self._in_one_transaction(step)
        except BaseException:
            archives.take_back(self.stored)
            raise

    def _in_one_transaction(self, step: Step) -> RetentionRemoval:
        table = open_table(step.selection.target)
        with ExitStack() as stack:
            stack.enter_context(transaction.atomic(using=table.alias))
            # A table with a way of its own looks after itself, and others write to it meanwhile.
            target = step.selection.target
            table.isolate(one_moment=target.remove is None, alone=target.alone)
            sealing.require_same(self.plan, step.facts, step.selection)
            self.ctx.check_cancelled()
            removal = self._record(step, table)
            rows = self._sweep(step, table, removal, stack)
            if rows != step.facts["rows"]:
                raise StalePlan(
                    cause=_("%(name)s: se eliminarían %(rows)s filas y el plan decía %(planned)s.")
                    % {"name": step.name, "rows": rows, "planned": step.facts["rows"]}
                )
            if table.alias == "default":
                removal.save()
        if removal.pk is None:
            # Another database: written when the rows are gone, for it could not be one commit.
            removal.save()
        self.ctx.debug(_("%(name)s: %(rows)s filas") % {"name": step.name, "rows": rows})
        return removal

    def _record(self, step: Step, table: Table) -> RetentionRemoval:
        """What will be written of it; files and bytes are found while the rows are there."""
        names = files.names_of(step.selection)
        extent = table.extent(
            step.selection.where(), step.selection.target.age, rows=step.facts["rows"]
        )
        return RetentionRemoval(
            run=self.ctx.run_id or 0,
            policy=step.name,
            target=step.selection.target.name,
            action=step.selection.action,
            cutoff=step.cutoff,
            rows=step.facts["rows"],
            size_bytes=extent.size_bytes + files.size_of(names),
            removed_at=self.now,
            files=names,
        )

    def _sweep(self, step: Step, table: Table, removal: RetentionRemoval, stack: ExitStack) -> int:
        """Part after part; between them somebody may cancel."""
        target, where = step.selection.target, step.selection.where()
        if step.selection.action == targets.ANONYMISE:
            return self._each(table, where, lambda part: self._blank(table, step, part))
        archive = stack.enter_context(archives.writing(table)) if keeps(step) else None
        if target.remove is not None:
            return self._by_its_own_way(step, table, removal, archive)
        told = self._told(step, table)
        with target.privileged(told):
            rows = self._each(
                table,
                where,
                lambda part: self._delete(table, step, part, archive),
            )
            target.removed(told)
        if archive is not None:
            self._store(step, removal, archive)
        return rows

    def _by_its_own_way(
        self, step: Step, table: Table, removal: RetentionRemoval, archive: archives.Archive | None
    ) -> int:
        """Archived first; then the table's own app deletes."""
        remove, lines = step.selection.target.remove, step.selection.target.lines
        if archive is not None and lines is not None:
            archive.write_lines(lines(self._told(step, table)))
        elif archive is not None:
            table.copy(step.selection.where(), into=archive)  # type: ignore[arg-type]
        if archive is not None:
            self._store(step, removal, archive)
        self.ctx.check_cancelled()
        rows = remove(self._told(step, table, archive=removal.archive)) if remove else 0
        self.done += rows
        self.ctx.progress(self.done)
        return rows

    def _each(self, table: Table, where: Where, work: Any) -> int:
        rows = 0
        for count in table.sweep(where, work):
            rows += count
            self.done += count
            self.ctx.progress(self.done)
            self.ctx.check_cancelled()
        return rows

    def _blank(self, table: Table, step: Step, part: Where) -> int:
        target = step.selection.target
        return table.blank(part, target.blanked, stamp=target.stamp, now=self.now)

    def _delete(
        self, table: Table, step: Step, part: Where, archive: archives.Archive | None
    ) -> int:
        carried = cascades.carried(step.selection.target)
        keys = table.primary_keys(part) if carried else []
        for first in range(0, len(keys), CARRIED_BATCH):
            batch = keys[first : first + CARRIED_BATCH]
            self._delete_carried(carried, batch, alias=table.alias)
        return table.delete(part, into=archive)  # type: ignore[arg-type]

    def _delete_carried(
        self, carried: list[tuple[str, Any]], keys: list[Any], *, alias: str
    ) -> None:
        """Rows that hang on these, table by table, before them."""
        for path, relation in carried:
            found = relation.related_model._base_manager.using(alias)
            found.filter(**{f"{path}__in": keys})._raw_delete(alias)

    def _told(self, step: Step, table: Table, *, archive: str = "") -> targets.Removal:
        def words() -> Any:
            with sealing.words_of(self.plan, step.facts) as found:
                yield from sealing.coarse(found, fine=step.facts["fine"])

        return targets.Removal(
            alias=table.alias,
            rows=step.facts["rows"],
            archive=archive,
            queryset=step.selection.queryset,
            words=words,
        )

    def _store(self, step: Step, removal: RetentionRemoval, archive: archives.Archive) -> None:
        name = f"{step.name}-{self.now:%Y%m%d-%H%M%S}-{self.ctx.run_id or 0}"
        removal.archive, removal.manifest = archive.store(
            name, rows=removal.rows, facts={"policy": step.name, "cutoff": step.facts["cutoff"]}
        )
        self.stored = removal.archive
        removal.restorable_until = self.now + timedelta(days=step.facts["archive_days"])
