"""What the demonstration has done by real runs: the ETL, with its rejections, and reports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from callcentersite.apps.reports.selectors import is_made
from opsconsole import OperationError, registry, runner
from opsconsole.doors import Door
from opsconsole.models import JobRun, Origin
from opsconsole.states import Status

from .domain.cast import ANALYST
from .scene import Scene


def reject(scene: Scene) -> int:
    """Load the calls, so that the dirty ones are in quarantine; return how many are."""
    run = perform("run_etl", {"full": True}, scene)
    return int((run.result or {}).get("rejected", 0))


def report(scene: Scene) -> int:
    """Reports in each format, but for those that are there."""
    wanted = [values for values in requests(scene) if not is_made(**values)]
    for values in wanted:
        perform("generate_report", values, scene, by=scene.accounts.get(ANALYST.username))
    return len(wanted)


def requests(scene: Scene) -> list[dict[str, Any]]:
    """A week, a month and a quarter up to the last day."""
    lengths = (("pdf", "day_queue", 7), ("xlsx", "day", 30), ("csv", "queue", 90))
    return [
        {
            "kind": kind,
            "format": ending,
            "since": (scene.until - timedelta(days=days - 1)).isoformat(),
            "until": scene.until.isoformat(),
        }
        for ending, kind, days in lengths
    ]


def perform(name: str, values: dict[str, Any], scene: Scene, *, by: Any = None) -> JobRun:
    """A run of its own, here and now, with its own log; raises unless it succeeds."""
    door = Door(origin=Origin.CLI, user=by, name=scene.ctx.requested_by)
    run = runner.submit(registry.get(name), values, door=door, enqueue=False)
    outcome = runner.execute(run.pk)
    scene.ctx.check_cancelled()
    if outcome.run.status != Status.SUCCEEDED:
        raise OperationError(
            _("La corrida %(id)s no terminó bien: %(status)s.")
            % {"id": run.pk, "status": Status(outcome.run.status).label},
            cause=outcome.run.error,
            remedy=outcome.run.error_remedy,
        )
    return outcome.run
