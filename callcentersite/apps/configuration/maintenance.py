"""``sistema.maintenance_mode``: the pages are closed to all but superusers; runs go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from callcentersite.apps.common.sessionless import ignores_session
from opsconsole.admin.pages import page
from opsconsole.polling import asks_by_itself

from .services import is_on

KEY = "sistema.maintenance_mode"
# What stays open: the way in and out, and the language.
OPEN_VIEWS = frozenset({"admin:login", "admin:logout", "admin:jsi18n", "set_language"})
# Whoever asks whether the service lives is answered without a look at any database.
HEALTH = "/health/"
RETRY_AFTER_SECONDS = "120"


class MaintenanceMiddleware:
    """Answer 503 while the mode is on. Comes after authentication.

    Superusers go on working, under a notice (``request.maintenance_mode`` for the templates). What
    is not a page of this site at all, as static files, never comes here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Let through, or say why not."""
        if request.path.startswith(HEALTH) or not is_on(KEY):
            return None
        if ignores_session(view):
            return None  # the API asks and answers by itself, in its own form
        request.maintenance_mode = True  # type: ignore[attr-defined]
        if is_open(request) or getattr(request.user, "is_superuser", False):
            return None
        return closed(request, for_script=asks_by_itself(request, view))


def is_open(request: HttpRequest) -> bool:
    """Whether this page stays reachable for everybody."""
    match = request.resolver_match
    return match is not None and match.view_name in OPEN_VIEWS


def closed(request: HttpRequest, *, for_script: bool) -> HttpResponse:
    """The 503: a page for people, a word for scripts; nobody keeps a copy of either."""
    response: HttpResponse
    if for_script:
        response = JsonResponse({"error": [_("La consola está en mantenimiento.")]}, status=503)
    else:
        response = maintenance_page(request).render()
    response["Retry-After"] = RETRY_AFTER_SECONDS
    response["Cache-Control"] = "no-store"
    return response


def maintenance_page(request: HttpRequest) -> TemplateResponse:
    """What people see."""
    return page(request, "admin/maintenance.html", title=_("En mantenimiento"), status=503)
