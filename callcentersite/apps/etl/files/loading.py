"""A file from end to end: read whole, judged, loaded by the target of the ETL."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from callcentersite.apps.analytics.daily import rebuild_stale
from callcentersite.apps.analytics.models import Queue
from callcentersite.apps.common.interchange.error_file import ErrorFile
from callcentersite.apps.common.interchange.limits import RUN
from callcentersite.apps.configuration.services import get_int, is_on

from ..domain.chunk import Tally
from ..domain.files.headings import fingerprint
from ..domain.files.rules import FileRules
from ..domain.request import Request
from ..domain.rows import Page
from ..domain.rules import Verdict
from ..domain.walks import ByKey
from ..errors import writing
from ..load import checkpoint, open_target, open_writer
from ..pipeline import Pipeline
from ..readings import Reading
from .choosing import layout_for
from .formats import format_of
from .reading import PAGE_ROWS, Spool
from .report import FileReport
from .source import FileSource

if TYPE_CHECKING:
    from callcentersite.apps.common.interchange.uploads import Upload
    from opsconsole import RunContext

    from ..load import Target


@dataclass(kw_only=True)
class FilePipeline(Pipeline):
    """The pipeline for a file: what it has claimed, it loads; queues and agents it leaves alone.

    Its first ``begun`` rows were loaded by an earlier attempt: they are judged again, for the file
    of errors, and not loaded again.
    """

    begun: int = 0
    handed: int = 0

    def _claim(self) -> None:
        self.target.warm_up()

    def _hand_on(self, page: Page, verdict: Verdict, reading: Reading) -> None:
        self.handed += page.rows
        if self.handed > self.begun:
            super()._hand_on(page, verdict, reading)

    def _close(self) -> None:
        if self.target.rehearses:
            self.target.added_days.clear()
            return
        with writing():
            rebuilt = rebuild_stale(zone=settings.TIME_ZONE, pause=self.target.pause)
        self.days = self.target.added_days.union(rebuilt)
        mark = self.target.counts_on or ""
        self.target.transact(partial(checkpoint.end_walk, mark, watermark=None))


def import_file(
    upload: Upload, *, chosen: dict[str, str], zone: str, dry_run: bool, ctx: RunContext
) -> dict[str, Any]:
    """Load the calls of an upload, or try it; return the result of the run.

    ``chosen`` is column → heading, empty: by the names of the headings. Raises UnreadableFile, and
    OperationError for a layout that does not fit; then nothing was written.
    """
    with ErrorFile() as errors, ExitStack() as stack:
        report = FileReport(ctx, errors)
        spool = stack.enter_context(opened_spool())
        with ctx.step("extract"), upload.opened() as file:
            sheet = format_of(upload.name).read(file, RUN)
            layout = layout_for(sheet.headers, chosen)
            spool.fill(sheet, layout, on_unkeyed=report.unkeyed, watch=watch(ctx))
        ctx.info(_("Leído entero; filas: %(rows)s") % {"rows": spool.rows + refused(spool)})
        target = target_for(ctx.run_id, dry_run=dry_run)
        done = claimed(target, report)
        pipeline = FilePipeline(
            source=FileSource(spool, brought=layout.heading_of),
            rules=rules_for(upload.name, zone=zone),
            target=target,
            writer=stack.enter_context(open_writer()),
            readings=[Reading(walk=ByKey(), expected=spool.rows)],
            queues=[],
            agents=[],
            request=Request(batch_size=PAGE_ROWS, dry_run=dry_run),
            report=report,
            seen=unkeyed_tally(spool),
            begun=done.read,
            loaded_rows=done.read,
            done=replace(done, read=0),
        )
        result = pipeline.run()
    return result | {
        "file": upload.name,
        "sha256": upload.sha256,
        "headings": fingerprint(sheet.headers),
    }


def claimed(target: Target, report: FileReport) -> Tally:
    """Claim the place of files; return what an earlier attempt of this run has loaded."""
    if target.rehearses:
        return Tally()
    with writing():
        done = checkpoint.claim_files(target.owner, keep=target.counts_on)
    if done.read:
        report.goes_on(done.read)
    return done


def rules_for(file: str, *, zone: str) -> FileRules:
    """The rules of the site, for the queues that it knows and a file's zone."""
    return FileRules(
        zone=zone,
        queues=frozenset(Queue.objects.values_list("code", flat=True)),
        longest_seconds=get_int("llamadas.max_call_duration"),
        keeps_recordings=is_on("llamadas.enable_call_recording"),
        file=file,
    )


def target_for(run_id: int | None, *, dry_run: bool) -> Target:
    """The way into analytics for one file."""
    return open_target(
        run_id=run_id,
        zone=settings.TIME_ZONE,
        owner=secrets.token_hex(16),
        sla=dict(Queue.objects.values_list("code", "sla_seconds")),
        mark=checkpoint.FILES,
        spares_calls=True,
        rehearses=dry_run,
        counts_on=None if dry_run else checkpoint.file_name(run_id),
    )


@contextmanager
def opened_spool() -> Iterator[Spool]:
    """A spool in a folder of its own, which goes with the block."""
    with tempfile.TemporaryDirectory(prefix="calls-") as folder:
        yield Spool(folder=Path(folder))


def watch(ctx: RunContext) -> Any:
    """Count the rows as they are read; a safe place after each page."""

    def see(rows: int) -> None:
        ctx.figures(read=rows)
        ctx.check_cancelled()

    return see


def refused(spool: Spool) -> int:
    """How many rows had no number of their own."""
    return sum(spool.unkeyed.values())


def unkeyed_tally(spool: Spool) -> Tally:
    """They count as read and refused."""
    count = refused(spool)
    return Tally(read=count, rejected=count, reasons=dict(spool.unkeyed))
