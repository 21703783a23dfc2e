"""What every page of the console shares: the frame, and the page that says no."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse

from ..exceptions import AlreadyRunning, NotAllowed, OperationError, UnknownOperation, UnknownRun
from ..text import Text

STATUS_CODES: tuple[tuple[type[OperationError], int], ...] = (
    (NotAllowed, 403),
    (UnknownOperation, 404),
    (UnknownRun, 404),
    (AlreadyRunning, 409),
)


def page(
    request: HttpRequest, template: str, *, title: Text, status: int = 200, **context: Any
) -> TemplateResponse:
    """A page inside the admin's frame."""
    frame = admin.site.each_context(request) | {"title": title, "is_nav_sidebar_enabled": False}
    return TemplateResponse(request, template, frame | context, status=status)


def problem_page(
    request: HttpRequest, error: OperationError, *, title: Text, status: int | None = None
) -> TemplateResponse:
    """An error in its three lines, with the status code that it stands for unless one is given."""
    status = status or next((code for kind, code in STATUS_CODES if isinstance(error, kind)), 400)
    return page(request, "admin/opsconsole/problem.html", title=title, status=status, problem=error)
