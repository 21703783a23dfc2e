"""Reading and judging here, loading in the writer's thread: one run from end to end."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Protocol

from django.conf import settings

from callcentersite.apps.analytics.daily import rebuild_stale

from .domain.chunk import Chunk, Tally, judged
from .domain.request import Request
from .domain.rows import Page
from .domain.rules import Rules, Verdict
from .domain.walks import Walk
from .errors import writing
from .load import Target, Writer, checkpoint, dimensions
from .readings import Reading
from .report import Report, result


class PageSource(Protocol):
    """Where pages of calls come from; ``seconds`` is what reading has cost so far."""

    seconds: float

    def pages(self, walk: Walk, *, size: int) -> Iterator[Page]:
        """Every page of a walk, each one read when it is asked for."""
        ...


@dataclass(kw_only=True)
class Pipeline:
    """One run; without a writer a simulation. ``done`` is kept by the writer's thread."""

    source: PageSource
    rules: Rules
    target: Target
    writer: Writer | None
    readings: list[Reading]
    queues: list[tuple[Any, ...]]
    agents: list[tuple[Any, ...]]
    request: Request
    report: Report
    seen: Tally = field(default_factory=Tally)
    done: Tally = field(default_factory=Tally)
    batches: int = 0
    loaded_rows: int = 0
    days: set[date] = field(default_factory=set)
    known_before: int = 0

    def run(self) -> dict[str, Any]:
        """Do every reading; return the result."""
        self.report.resumes()
        self._expect()
        if self.writer is not None:
            self.writer.submit(self._claim)
        for reading in self.readings:
            self._read(reading)
        self.report.all_read(self.seen)
        if self.writer is not None:
            self.writer.submit(self._close)
            self.writer.finish()
        self.seen.add(self.done)
        self.report.ends(self.seen, dry_run=self.request.dry_run, met_all=self._meets_all)
        return result(self.seen, dry_run=self.request.dry_run, days_rebuilt=len(self.days))

    @property
    def _meets_all(self) -> bool:
        """Whether it reads the rows that did not change as well."""
        return self.request.full or any(reading.whole for reading in self.readings)

    def _expect(self) -> None:
        rows = [reading.expected for reading in self.readings]
        self.report.expects(None if None in rows else sum(filter(None, rows)))

    def _read(self, reading: Reading) -> None:
        """Every page of a reading, handed on as it comes; a safe place before each."""
        size = min(self.request.batch_size, self.target.batch_limit)
        spent = self.source.seconds
        self.report.ctx.check_cancelled()
        for page in self.source.pages(reading.walk, size=size):
            self._take(page, reading, extract_seconds=self.source.seconds - spent)
            spent = self.source.seconds
            self.report.ctx.check_cancelled()
        if self.writer is not None and reading.ends is not None:
            self.writer.submit(partial(self._end, *reading.ends))

    def _take(self, page: Page, reading: Reading, *, extract_seconds: float) -> None:
        """Judge a page and hand it on."""
        began = time.perf_counter()
        verdict = self.rules.judge(page)
        transform_seconds = time.perf_counter() - began
        tally = judged(verdict, rows=page.rows)
        self.seen.add(tally)
        self.batches += 1
        self.report.judged(verdict)
        self.report.read(
            self.seen, extract_seconds=extract_seconds, transform_seconds=transform_seconds
        )
        self.report.batch(self.batches, rows=tally.read, valid=tally.valid, rejected=tally.rejected)
        self._hand_on(page, verdict, reading)

    def _hand_on(self, page: Page, verdict: Verdict, reading: Reading) -> None:
        """Queue the load of a page."""
        if self.writer is None:
            return
        lowest, highest = page.bounds
        chunk = Chunk(
            verdict=verdict,
            rows=page.rows,
            lowest=lowest,
            highest=highest,
            checkpoint=reading.remember(page),
        )
        self.writer.submit(partial(self._load, chunk))

    # In the writer's thread

    def _claim(self) -> None:
        with writing():
            checkpoint.claim(self.target.owner, keep=checkpoint.walk_name(self.target.run_id))
        if any(reading.whole for reading in self.readings):
            self.known_before = self.target.known_rows()
        self.target.warm_up()

    def _load(self, chunk: Chunk) -> None:
        began = time.perf_counter()
        self.done.add(self.target.load(chunk))
        self.loaded_rows += chunk.rows
        self.report.loaded(self.done, rows=self.loaded_rows, seconds=time.perf_counter() - began)

    def _end(self, name: str, watermark: str | None) -> None:
        self.target.transact(partial(checkpoint.end_walk, name, watermark=watermark))

    def _close(self) -> None:
        """What is done once, when all rows are in."""
        self.target.transact(partial(dimensions.refresh_queues, self.queues))
        self.target.transact(partial(dimensions.refresh_agents, self.agents))
        with writing():
            rebuilt = rebuild_stale(zone=settings.TIME_ZONE, pause=self.target.pause)
        self.days = self.target.added_days.union(rebuilt)
        self.done.vanished = self._vanished()

    def _vanished(self) -> int:
        """How many rows are known here that a whole reading no longer met; they are kept.

        An IVR that purges its old calls must not purge the console's; and a legacy database that
        came up empty must not empty it.
        """
        if not self.known_before:
            return 0
        return max(0, self.target.known_rows() - self.loaded_rows)
