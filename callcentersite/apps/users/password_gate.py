"""Who needs another password sees the page for it, and no other, until she has one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from opsconsole.polling import asks_by_itself

from .passwords import reason_to_change

PAGE = "admin:password_change"
# What stays open: that page, the way in and out, and the language.
OPEN_VIEWS = frozenset({PAGE, "admin:login", "admin:logout", "admin:jsi18n", "set_language"})
# Whoever asks whether the service lives is answered without a look at any database.
HEALTH = "/health/"


class PasswordGateMiddleware:
    """Lead to the page for another password. Comes after authentication.

    Only sessions have a password behind them: who brings a token of her own is let through. The
    reason is ``request.password_due`` for the templates.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Let through, or lead away; the account's row has been read anyway."""
        reason = "" if request.path.startswith(HEALTH) else reason_for(request)
        if not reason:
            return None
        request.password_due = reason  # type: ignore[attr-defined]
        if is_open(request):
            return None
        if asks_by_itself(request, view):
            return JsonResponse({"error": [reason]}, status=403)
        return redirect(PAGE)


def reason_for(request: HttpRequest) -> str:
    """Why whoever asks needs another password first; empty: she does not."""
    user: Any = request.user
    if not user.is_authenticated or SESSION_KEY not in request.session:
        return ""
    return reason_to_change(user, now=timezone.now())


def is_open(request: HttpRequest) -> bool:
    """Whether this page stays reachable."""
    match = request.resolver_match
    return match is not None and match.view_name in OPEN_VIEWS
