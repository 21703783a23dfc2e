"""Sends run_etl through the queue, as any user would, and shows what the worker makes of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from opsconsole import OperationError, registry, runner, ticking
from opsconsole.doors import Door
from opsconsole.exceptions import AlreadyRunning
from opsconsole.models import JobLog, JobRun, Level, Origin
from opsconsole.states import Status

from .screen import Screen

OPERATION = "run_etl"
START_SECONDS = 60.0
DOOR = Door(origin=Origin.CLI, name="make demo")


def perform(screen: Screen, *, watch: Callable[[], None]) -> JobRun:
    """Run the ETL on the worker; raise OperationError unless it succeeds.

    ``watch`` is called while waiting, and raises when there is nothing to wait for.
    """
    ticking.tick()
    run, is_ours = submit()
    if not is_ours:
        screen.print(_("  La corrida %(id)s quedó a medias; el worker la retoma.") % {"id": run.pk})
    run = follow(run, screen, watch=watch, after=run.log_lines)
    if not is_ours and run.status != Status.SUCCEEDED:
        run = follow(submit()[0], screen, watch=watch)
    if run.status != Status.SUCCEEDED:
        raise failure(run)
    return run


def submit() -> tuple[JobRun, bool]:
    """A new run, or the one that is already there, and whether it is ours."""
    try:
        return runner.submit(registry.get(OPERATION), {}, door=DOOR), True
    except AlreadyRunning as refusal:
        return runner.find(refusal.run_id), False


def follow(run: JobRun, screen: Screen, *, watch: Callable[[], None], after: int = 0) -> JobRun:
    """Print the log as it comes, from the line ``after`` on, until the run has ended."""
    last, deadline = after, time.monotonic() + START_SECONDS
    while True:
        run = runner.find(run.pk)
        last = print_log(run, screen, after=last)
        if run.has_ended:
            return run
        if run.status == Status.QUEUED and time.monotonic() > deadline:
            raise nobody_takes(run)
        watch()
        time.sleep(0.2)


def print_log(run: JobRun, screen: Screen, *, after: int) -> int:
    """Print the lines after that number; return the last one's."""
    for line in JobLog.objects.filter(run=run, seq__gt=after).order_by("seq"):
        after = line.seq
        if line.level != Level.DEBUG:
            screen.log_line(f"{timezone.localtime(line.at):%H:%M:%S}", line.level, line.message)
    return after


def figures(run: JobRun) -> list[tuple[str, str]]:
    """The result in the operation's own words."""
    result = run.result or {}
    declared = registry.get(run.operation).figures
    return [(str(f.title), figure(result[f.key])) for f in declared if f.key in result]


def figure(value: Any) -> str:
    """A number as people read it."""
    return (
        number_format(value, force_grouping=True) if isinstance(value, int | float) else str(value)
    )


def nobody_takes(run: JobRun) -> OperationError:
    """The worker lives and does not work."""
    return OperationError(
        _("Ningún worker toma la corrida %(id)s.") % {"id": run.pk},
        cause=_("Lleva %(seconds)d s en la cola.") % {"seconds": START_SECONDS},
        remedy=_("Repita: make demo"),
    )


def failure(run: JobRun) -> OperationError:
    """What the run's page would say."""
    return OperationError(
        run.error
        or _("La corrida %(id)s no terminó bien: %(status)s.")
        % {"id": run.pk, "status": Status(run.status).label},
        cause=run.error_cause,
        remedy=run.error_remedy
        or _("Véala con: .venv/bin/python manage.py console show %(id)s") % {"id": run.pk},
    )
