"""The page of a run, its live feed, and what can be taken home from it."""

from __future__ import annotations

from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
    JsonResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import events, permissions, runner
from ..exceptions import OperationError, UnknownRun
from ..models import JobArtifact, JobRun
from ..polling import polled
from ..selectors import logs
from .downloads import NOSNIFF, attachment
from .pages import page, problem_page
from .presenters.log import line_of, text_line, view_of
from .run_context import changing_parts, once, parts, whole_page
from .run_verbs import require_sight

LIVE_LINES = 2_000


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page, log included: it works without JavaScript."""
    try:
        run = visible_run(request, pk)
    except OperationError as error:
        return problem_page(request, error, title=_("No se puede mostrar la corrida"))
    query = query_of(request)
    log = view_of(log_page(request, pk, query), query)
    context = whole_page(run, request.user) | {"log": log}
    return page(request, "admin/opsconsole/run.html", title=context["heading"], **context)


@polled
@require_safe
def live(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What is new: lines after ``after``, and the parts of the page that change.

    ``status`` is the state that the page shows; parts that only a change of state changes
    (buttons, error, files) come when it is another one.
    """
    try:
        run = visible_run(request, pk)
    except OperationError as error:
        return JsonResponse({"error": error.lines()}, status=403)
    query = query_of(request)
    lines = log_page(request, pk, query, limit=LIVE_LINES)
    names = [*changing_parts, *(once if request.GET.get("status") != run.status else ())]
    context = parts(run, request.user)
    return JsonResponse({
        "status": run.status,
        "active": run.is_active,
        "lines": [line_of(line).as_json() for line in lines.lines],
        "first": lines.first,
        "last": lines.last,
        "earlier": lines.earlier,
        "later": lines.later,
        "parts": {name: rendered(request, name, context) for name in names},
    })  # fmt: skip


def rendered(request: HttpRequest, name: str, context: dict[str, Any]) -> str:
    """One part of the page, by the partial of its name."""
    return render_to_string(f"admin/opsconsole/run/{name}.html", context, request)


@require_safe
def download_log(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The log as text, streamed; narrowed as the page is."""
    try:
        run = visible_run(request, pk)
    except OperationError as error:
        return problem_page(request, error, title=_("No se puede descargar el registro"))
    if request.method == "GET":
        events.send(events.downloaded_log, run=run, user=request.user)
    lines = (text_line(line) for line in logs.every_line(pk, query_of(request)))
    return StreamingHttpResponse(
        lines,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="corrida-{run.pk}.txt"'} | NOSNIFF,
    )


@require_safe
def download_artifact(request: HttpRequest, pk: int, artifact: int) -> HttpResponseBase:
    """A file of the run, always as a download: it is never a page of this site."""
    try:
        permissions.require_download(visible_run(request, pk), request.user)
    except OperationError as error:
        return problem_page(request, error, title=_("No se puede descargar el archivo"))
    row = JobArtifact.objects.filter(run_id=pk, pk=artifact).first()
    if row is None or not row.file.storage.exists(str(row.file.name)):
        gone = UnknownRun(_("El archivo ya no está."), remedy=_("Repita la corrida."))
        return problem_page(request, gone, title=_("No se puede descargar el archivo"))
    if request.method == "GET":
        events.send(events.downloaded, artifact=row, user=request.user)
    return attachment(row.file, name=row.name, content_type=row.content_type)


def visible_run(request: HttpRequest, pk: int) -> JobRun:
    """The run; raises UnknownRun or NotAllowed."""
    run = runner.find(pk)
    require_sight(run, request.user)
    return run


def query_of(request: HttpRequest) -> logs.LogQuery:
    """What the reader is looking for in the log."""
    return logs.LogQuery(level=request.GET.get("level", ""), text=request.GET.get("text", "")[:200])


def log_page(
    request: HttpRequest, pk: int, query: logs.LogQuery, *, limit: int = logs.PAGE
) -> logs.LogPage:
    """The part of the log that the address asks for; its end where it asks for none."""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    if after.isdecimal():
        return logs.page_after(pk, query, seq=int(after[:9]), limit=limit)
    if before.isdecimal():
        return logs.page_before(pk, query, seq=int(before[:9]), limit=logs.PAGE)
    return logs.last_page(pk, query, limit=logs.PAGE)
