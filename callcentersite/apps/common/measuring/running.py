"""One measurement as a run: gate, target, measuring, report, comparison."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext as _

from opsconsole import OperationError, RunContext, permissions
from opsconsole.masking import Masker
from opsconsole.models import JobRun

from ..profiling.gate import profiling_is_on
from . import earlier, formats, outputs, refusals
from .calling import Call, EndpointCall, FunctionCall
from .deadline import TimeIsUp, interrupted_after
from .domain import comparison, wording
from .domain.report import Report, Subject
from .domain.request import fraction, params_of
from .impersonation import account_for
from .measure import PASSES, Measured, measure
from .targets import function_of


class SlowerThanBefore(OperationError):
    """The limit of --fail-over."""

    exit_code = 5


def profile(params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
    """Measure what ``params`` ask for; leave the report on the run."""
    require_open()
    requester = requester_of(ctx)
    if ctx.terminal is not None and params["output"]:
        outputs.check(params["output"], folder=ctx.terminal.folder)
    before = earlier.report(params["against"], user=requester) if params["against"] else None
    call, subject = target_of(params, requester)
    if before is not None:
        earlier.require_same(before, Report(subject=subject, durations_ms=()))
    measured = measured_in_time(call, subject, params, ctx)
    deliver(measured, params, ctx)
    figures = figures_of(measured.report)
    ctx.figures(**figures)
    if before is not None:
        figures |= compared(before, measured.report, params, ctx)
    return figures


# Before


def require_open() -> None:
    """Raise unless profiling is on and no other profiler is."""
    if not profiling_is_on():
        raise refusals.profiling_is_off()
    if silk_profiles() or sys.getprofile() is not None or monitored():
        raise refusals.another_profiler()


def silk_profiles() -> bool:
    """Whether Silk runs a profiler of its own around requests."""
    return apps.is_installed("silk") and bool(getattr(settings, "SILKY_PYTHON_PROFILER", False))


def monitored() -> bool:
    """Whether cProfile or its like is at work, on Python 3.12 and later."""
    monitoring = getattr(sys, "monitoring", None)
    return monitoring is not None and monitoring.get_tool(monitoring.PROFILER_ID) is not None


def requester_of(ctx: RunContext) -> Any:
    """The account that asked for the run; None: the terminal."""
    run = JobRun.objects.filter(pk=ctx.run_id or 0).first()
    if run is None or run.requested_by_id is None:
        return None
    return permissions.person(run.requested_by_id)


def target_of(params: dict[str, Any], requester: Any) -> tuple[Call, Subject]:
    """What is to be called, and its description for the report."""
    masker = Masker()
    arguments, shown = params_of(params["params"]), masker.mask(params["params"])
    if params["function"]:
        function, default = function_of(params["function"])
        call = FunctionCall(function, arguments or default)
        return call, Subject(kind="function", target=params["function"], params=shown)
    account = account_for(requester, params["user"])
    endpoint, method = params["endpoint"], params["method"]
    subject = Subject(
        kind="endpoint",
        target=masker.mask(endpoint),
        method=method,
        params=shown,
        user=account.get_username(),
    )
    return EndpointCall(endpoint, method=method, params=arguments, account=account), subject


# While


def measured_in_time(
    call: Call, subject: Subject, params: dict[str, Any], ctx: RunContext
) -> Measured:
    """Measure, or raise: the time limit, a cancellation, an error of the target."""
    step = step_of(ctx, total=PASSES * params["iterations"] + 2, seconds=params["time_limit"])
    try:
        with interrupted_after(params["time_limit"], should_stop=lambda: ctx.stop_requested):
            return measure(call, subject, iterations=params["iterations"], step=step)
    except TimeIsUp as error:
        ctx.check_cancelled()
        raise refusals.too_slow(params["time_limit"]) from error


def step_of(ctx: RunContext, *, total: int, seconds: int) -> Callable[[], None]:
    """After each execution: how far it is, and whether it should go on."""
    ctx.progress(0, total=total)
    until = time.monotonic() + seconds

    def step() -> None:
        ctx.progress((ctx.state.progress.current or 0) + 1)
        ctx.check_cancelled()
        if time.monotonic() > until:
            raise refusals.too_slow(seconds)

    return step


# After


def deliver(measured: Measured, params: dict[str, Any], ctx: RunContext) -> None:
    """The report where it was asked for, and all its forms as files of the run."""
    for name, content in formats.files(measured).items():
        ctx.artifact(name, content, content_type=formats.TYPES[name])
    warn(measured.report, ctx)
    if params["output"] and ctx.terminal is not None:
        content = formats.rendered(measured, params["format"])
        outputs.write(params["output"], content, folder=ctx.terminal.folder)
        ctx.say(_("Informe guardado en %(file)s.") % {"file": params["output"]})
    elif params["format"] != "text" and ctx.terminal is not None:
        ctx.terminal.write(formats.rendered(measured, params["format"]))
    else:
        for line in wording.lines(measured.report):
            ctx.say(line)


def warn(report: Report, ctx: RunContext) -> None:
    """An answer that is not what somebody wanted to measure."""
    if report.answer and not report.answer.startswith("2"):
        ctx.warning(
            _("El endpoint respondió %(status)s: se midió esa respuesta.")
            % {"status": report.answer}
        )


def figures_of(report: Report) -> dict[str, Any]:
    """For the run's page."""
    return {
        "median_ms": round(report.median_ms, 1),
        "p95_ms": round(report.p95_ms, 1),
        "total_ms": round(report.total_ms, 1),
        "queries": round(report.queries_per_iteration, 1),
        "findings": len(report.findings),
    }


def compared(
    before: Report, now: Report, params: dict[str, Any], ctx: RunContext
) -> dict[str, Any]:
    """Say how it compares; raise SlowerThanBefore past the limit."""
    found, most = comparison.compare(before, now), fraction(params["fail_over"])
    percent = round(100 * found.slower, 1)
    ctx.figures(slower_percent=percent)
    ctx.debug(
        _("Mediana: %(before)s ms en la corrida %(run)s, %(now)s ms ahora (%(percent)s %%).")
        % {
            "before": round(before.median_ms, 1),
            "run": params["against"],
            "now": round(now.median_ms, 1),
            "percent": percent,
        }
    )
    if found.slower > most:
        raise SlowerThanBefore(
            _("Es %(percent)s %% más lento que la corrida %(run)s.")
            % {"percent": percent, "run": params["against"]},
            cause=_("La mediana pasó de %(before)s a %(now)s ms; el límite es %(most)s.")
            % {
                "before": round(before.median_ms, 1),
                "now": round(now.median_ms, 1),
                "most": params["fail_over"],
            },
            remedy=_("Compare los dos perfiles y vea qué función o consulta cambió."),
        )
    return {"slower_percent": percent}
