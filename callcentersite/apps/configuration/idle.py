"""``seguridad.session_timeout``: a session ends after so many seconds without a person's doing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from callcentersite.apps.common.sessionless import ignores_session
from opsconsole.polling import asks_by_itself

from .services import get_int

KEY = "last_seen"
# The session is written at most so often: a request more or less is no reason for a write.
SHARE_OF_TIMEOUT = 60
MOST_SECONDS_BETWEEN = 15


class IdleSessionMiddleware:
    """End idle sessions. Comes after those of authentication and messages.

    What a page asks by itself, to stay live, does not count: it may be answered, but it does not
    keep the session open.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """A person asks: from now on the time counts anew, unless it was up."""
        if ignores_session(view):
            return None
        by_itself = asks_by_itself(request, view)
        if KEY in request.session and is_over(request):
            if by_itself:
                return tell_script()
            end(request)
        elif request.user.is_authenticated and not by_itself:
            renew(request)
        return None


def end(request: HttpRequest) -> None:
    """Log out, and say why on the page that comes next."""
    logout(request)
    messages.warning(request, _("Su sesión terminó por inactividad. Entre otra vez."))


def tell_script() -> HttpResponse:
    """Nothing more for the page; the person is told at her next click."""
    return JsonResponse({"error": [_("La sesión terminó por inactividad.")]}, status=403)


def is_over(request: HttpRequest) -> bool:
    """Whether the session has been idle for too long."""
    idle_seconds: float = time.time() - request.session[KEY]
    return idle_seconds >= get_int("seguridad.session_timeout")


def renew(request: HttpRequest) -> None:
    """Write down that somebody is there, unless that was written just now."""
    timeout = get_int("seguridad.session_timeout")
    pause = min(MOST_SECONDS_BETWEEN, timeout / SHARE_OF_TIMEOUT)
    now = int(time.time())
    if not 0 <= now - request.session.get(KEY, -1) < pause:
        request.session[KEY] = now


@receiver(user_logged_in)
def begin(request: HttpRequest | None, **kwargs: Any) -> None:
    """The time counts from the login on, also where no request follows."""
    if request is not None and hasattr(request, "session"):
        request.session[KEY] = int(time.time())
