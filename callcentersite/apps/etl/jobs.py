"""The ETL: from ``ivr_legacy`` to analytics, with rules and a quarantine."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from callcentersite.apps.configuration.services import get_int, is_on

from .domain.partitions import Partition
from .domain.request import Request
from .domain.rules import Rules
from .errors import writing
from .extract import open_source
from .load import dimensions, open_target, open_writer
from .part_pipeline import PartPipeline
from .pipeline import Pipeline
from .readings import Reading, Situation, choose, of_part
from .report import Report
from .spread import SpreadLoad, require_ours

if TYPE_CHECKING:
    from opsconsole import RunContext


def run_etl(
    params: Mapping[str, Any] | None = None, ctx: RunContext | None = None
) -> dict[str, Any]:
    """Read the legacy calls that the parameters ask for, apply the rules, load what is new.

    ``params`` are the values of the operation's form (``since``, ``until``, ``full``,
    ``batch_size``, ``dry_run``, ``call_ids``, ``partitions``); with none of them it reads what
    changed since the last run. Returns the result of the run: counts, reasons, warnings. Raises
    OperationError when a database fails; what was committed until then is whole chunks with their
    checkpoint, and the next run goes on from there. A run that no record is kept of has no parts:
    it reads alone.
    """
    if ctx is None:
        ctx = in_memory()
    report, request = Report(ctx), Request.of(params or {})
    report.begins()
    if request.partitions > 1 and ctx.can_fan_out:
        return SpreadLoad(request=request, ctx=ctx, report=report).run()
    with open_source() as source, ExitStack() as stack:
        return _pipeline(source, request, ctx, report, stack).run()


def run_part(params: Mapping[str, Any], part: Mapping[str, Any], ctx: RunContext) -> dict[str, Any]:
    """Load one part of a full load that ``run_etl`` spread; see ``SpreadLoad``."""
    require_ours(part)
    report, request = Report(ctx), Request.of(params)
    report.begins()
    with open_source() as source, ExitStack() as stack:
        return _pipeline(source, request, ctx, report, stack, part=part).run()


def in_memory() -> RunContext:
    """A context for a run that no record is kept of."""
    from opsconsole import RunContext

    return RunContext()


def _pipeline(
    source: Any,
    request: Request,
    ctx: RunContext,
    report: Report,
    stack: ExitStack,
    *,
    part: Mapping[str, Any] | None = None,
) -> Pipeline:
    """Everything a run needs, opened in the order in which it may fail."""
    zone = settings.TIME_ZONE
    queues = source.queues()
    sla = dimensions.sla_of(queues)
    rules = Rules(
        zone=zone,
        queues=frozenset(sla),
        longest_seconds=get_int("llamadas.max_call_duration"),
        keeps_recordings=is_on("llamadas.enable_call_recording"),
    )
    report.rules(rules)
    own = {"run_id": ctx.run_id, "zone": zone, "owner": secrets.token_hex(16), "sla": sla}
    at = Situation(
        source=source, zone=zone, now=timezone.now(), run_id=ctx.run_id, attempt=ctx.attempt
    )
    target = open_target(**own | _place_of(part))
    with writing():
        readings = choose(request, at) if part is None else _readings_of(part)
    kind = Pipeline if part is None else PartPipeline
    return kind(
        source=source,
        rules=rules,
        target=target,
        writer=None if request.dry_run else stack.enter_context(open_writer()),
        readings=readings,
        queues=queues,
        agents=source.agents(),
        request=request,
        report=report,
    )


def _place_of(part: Mapping[str, Any] | None) -> dict[str, Any]:
    """Where a part writes: in the whole run's name, under its own claim, up to its last key."""
    if part is None:
        return {}
    place = {"run_id": part["run"], "mark": part["mark"]}
    return place if part["last"] is None else place | {"last": part["last"]}


def _readings_of(part: Mapping[str, Any]) -> list[Reading]:
    """What a part reads."""
    return [of_part(Partition.of(part), name=part["mark"])]
