"""Show a profile; choose another one to compare it with; show both."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opsconsole import OperationError, runner
from opsconsole.admin.pages import page, problem_page
from opsconsole.admin.run_verbs import require_sight
from opsconsole.models import JobRun

from .. import earlier
from ..domain.comparison import compare
from .comparing import comparison_page
from .presenters import page_of


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The report of a run."""
    try:
        run = visible(request, pk)
        report = earlier.stored(run)
    except OperationError as error:
        return problem_page(request, error, title=_("No se puede mostrar el perfil"))
    others = [one for one in earlier.comparable(report, user=request.user) if one.pk != pk]
    return page(
        request,
        "admin/profiles/report.html",
        title=_("Perfil de %(target)s") % {"target": report.subject.target},
        run=run,
        others=others,
        artifacts=list(run.artifacts.order_by("name")),
        **page_of(report),
    )


@require_safe
def compared(request: HttpRequest, pk: int) -> HttpResponseBase:
    """This run against the one that ``con`` names."""
    try:
        run = visible(request, pk)
        other = visible(request, number(request.GET.get("con", "")))
        now, before = earlier.stored(run), earlier.stored(other)
        earlier.require_same(before, now)
    except OperationError as error:
        return problem_page(request, error, title=_("No se pueden comparar"))
    return page(
        request,
        "admin/profiles/compare.html",
        title=_("Comparar perfiles"),
        run=run,
        other=other,
        subject=now.subject,
        **comparison_page(compare(before, now)),
    )


def visible(request: HttpRequest, pk: int) -> JobRun:
    """The run; raises UnknownRun or NotAllowed."""
    run = runner.find(pk)
    require_sight(run, request.user)
    return run


def number(text: Any) -> int:
    """A run's number as the address has it; 0, which no run has, for anything else."""
    return int(text[:18]) if text.isdecimal() else 0
