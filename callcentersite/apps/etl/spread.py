"""A full load in parts: cut here, loaded by whatever workers there are, joined here."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from callcentersite.apps.analytics.daily import rebuild_stale
from opsconsole import OperationError

from .domain.chunk import Tally
from .domain.partitions import Partition, even_sizes, partitions
from .domain.request import Request
from .domain.walks import ByKey
from .errors import writing
from .extract import LegacySource, open_source
from .load import Target, checkpoint, dimensions, open_target, open_writer
from .readings import Situation, present
from .report import Report, result

if TYPE_CHECKING:
    from opsconsole import RunContext

# What a part says: its range, and where it writes.
PIECE = frozenset({"after", "last", "rows", "run", "mark"})


@dataclass(kw_only=True)
class SpreadLoad:
    """The run that the parts belong to; alone it writes what is written once.

    A later attempt at it claims the watermark anew, finds the parts as they are, and joins them.
    """

    request: Request
    ctx: RunContext
    report: Report
    target: Target = field(init=False)
    known_before: int = 0

    def __post_init__(self) -> None:
        self.target = open_target(
            run_id=self.ctx.run_id, zone=settings.TIME_ZONE, owner=secrets.token_hex(16), sla={}
        )

    def run(self) -> dict[str, Any]:
        """Spread, join, and tell it as any other run does."""
        self._write(self._claim)
        parts = self.ctx.fan_out(self._cut)
        tally, days = sum_of(parts), days_of(parts)
        self.report.all_read(tally)
        whole = all(part.get("whole") for part in parts)
        if not whole:
            self.report.was_resumed()
        self._write(partial(self._join, tally, days, whole=whole))
        self.report.ends(tally, dry_run=self.request.dry_run)
        return result(
            tally, dry_run=self.request.dry_run, days_rebuilt=len(days), partitions=len(parts)
        )

    def _write(self, work: Callable[[], None]) -> None:
        """Do it in the writer's thread, whose connection is not older than the work."""
        if self.request.dry_run:
            return
        with open_writer() as writer:
            writer.submit(work)
            writer.finish()

    def _claim(self) -> None:
        with writing():
            checkpoint.claim(self.target.owner, keep=checkpoint.walk_name(self.ctx.run_id))
        if self.ctx.attempt == 1:
            self.known_before = self.target.known_rows()

    def _cut(self) -> list[dict[str, Any]]:
        """The parts, each with the name of its checkpoint, written before anybody reads a row."""
        with open_source() as source:
            at = Situation(source=source, zone=settings.TIME_ZONE, now=timezone.now())
            earned = present(at)
            cut = cut_evenly(source, among=self.request.partitions)
        rows = sum(partition.rows for partition in cut)
        self.report.expects(rows)
        self.report.spreads(rows, parts=len(cut))
        opened = partial(checkpoint.open_parts, self.ctx.run_id, len(cut), updated_at=earned)
        self._write(partial(self.target.transact, opened))
        return [
            partition.as_part()
            | {"run": self.ctx.run_id, "mark": checkpoint.part_name(self.ctx.run_id, number)}
            for number, partition in enumerate(cut, 1)
        ]

    def _join(self, tally: Tally, days: set[date], *, whole: bool) -> None:
        """What is done once, when all rows are in; the watermark first, as every run does."""
        with open_source() as source:
            queues, agents = source.queues(), source.agents()
        self.target.transact(partial(checkpoint.end_parts, self.ctx.run_id))
        self.target.transact(partial(dimensions.refresh_queues, queues))
        self.target.transact(partial(dimensions.refresh_agents, agents))
        with writing():
            days.update(rebuild_stale(zone=settings.TIME_ZONE, pause=self.target.pause))
        if self.known_before and whole:
            tally.vanished = max(0, self.target.known_rows() - tally.read)


def cut_evenly(source: LegacySource, *, among: int) -> list[Partition]:
    """Ranges of keys with as many rows each, however unevenly the keys lie."""
    sizes = even_sizes(source.count(ByKey()), among=among)
    cuts: list[int] = []
    for size in sizes[:-1]:
        key = source.key_at(ByKey(position=cuts[-1] if cuts else None), row=size)
        if key is None:  # rows went away while they were counted
            break
        cuts.append(key)
    return partitions(sizes[: len(cuts) + 1], cuts=cuts)


def require_ours(part: Mapping[str, Any]) -> None:
    """Refuse a part whose cutter wrote something else down: its run was begun by other code."""
    if missing := PIECE - part.keys():
        raise OperationError(
            _("Esta parte la cortó otra versión de la consola."),
            cause=_("No dice %(missing)s.") % {"missing": ", ".join(sorted(missing))},
            remedy=_("Repita entera la carga completa: lo ya cargado se conserva."),
        )


def sum_of(parts: Sequence[dict[str, Any]]) -> Tally:
    """What the parts have done together; what an older version did not count is 0."""
    counted = [each.name for each in fields(Tally)]
    total = Tally()
    for part in parts:
        total.add(Tally(**{name: part[name] for name in counted if name in part}))
    return total


def days_of(parts: Sequence[dict[str, Any]]) -> set[date]:
    """The days that the parts added calls to."""
    return {date.fromisoformat(day) for part in parts for day in part.get("days", ())}
