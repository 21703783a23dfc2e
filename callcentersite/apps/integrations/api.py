"""The frame of every view of the API: who asks, how fast, how long, and how errors are told.

::

    @api_view("GET", scope="tableros")
    def dashboard(call: Call) -> Answer:
        return Answer(data={…})

The view gets a Call instead of a request, returns an Answer or raises OperationError. It answers
OPTIONS and other methods by itself; a GET has a strong ETag and answers HEAD as well. No session
is looked at: without a cookie there is no forged request, hence no CSRF token either.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from callcentersite.apps.common.sessionless import sessionless
from callcentersite.apps.configuration.services import get_int
from opsconsole import OperationError
from opsconsole.doors import Door
from opsconsole.language import source_language
from opsconsole.models import Origin

from .admission import admitted
from .answers import Answer, ApiError, answer_to, response_of
from .bodies import body_of
from .deadline import deadline
from .models import ApiClient
from .refusals import database_away, our_mistake, wrong_method

logger = logging.getLogger(__name__)
TIMEOUT = "integraciones.api_timeout"
Function = Callable[..., Answer]


@dataclass(slots=True, kw_only=True)
class Call:
    """A request of a known client, let in."""

    request: HttpRequest
    client: ApiClient

    @property
    def account(self) -> Any:
        """The account whose rights count, as it is at this moment."""
        return self.client.account

    @property
    def door(self) -> Door:
        """The API, in the account's name, with the client's beside it."""
        return Door(origin=Origin.API, user=self.account, name=self.client.nombre)

    def require_scope(self, scope: str) -> None:
        """Raise unless the client was let do this."""
        if scope not in self.client.scopes:
            raise ApiError(
                _("Este cliente no tiene el alcance «%(scope)s».") % {"scope": scope},
                status=403,
                cause=_("Sus alcances se eligieron al crearlo."),
                remedy=_("Pida un cliente con ese alcance a quien administra la consola."),
            )

    def body(self) -> dict[str, Any]:
        """The JSON object that was sent."""
        return body_of(self.request)


def api_view(method: str, *, scope: str = "") -> Callable[[Function], Callable[..., Any]]:
    """Make a view of the API of a function; with ``scope`` the client must have it."""
    allowed = [method, *(["HEAD"] if method == "GET" else []), "OPTIONS"]

    def decorate(function: Function) -> Callable[..., HttpResponseBase]:
        @functools.wraps(function)
        def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if request.method == "OPTIONS":
                return HttpResponse(status=204, headers={"Allow": ", ".join(allowed)})
            with source_language():
                if request.method not in allowed:
                    return response_of(answer_to(wrong_method(allowed)), request)
                return answered(request, function, scope, kwargs)

        return sessionless(csrf_exempt(view))

    return decorate


def answered(
    request: HttpRequest, function: Function, scope: str, kwargs: dict[str, Any]
) -> HttpResponseBase:
    """Let in, do it, and say how it went, within the time that there is."""
    headers: dict[str, str] = {}
    try:
        with deadline(get_int(TIMEOUT)):
            call = Call(request=request, client=admitted(request, headers))
            if scope:
                call.require_scope(scope)
            answer = function(call, **kwargs)
    except OperationError as error:
        answer = answer_to(error)
    except Error:
        logger.exception("API %s: the database did not answer", request.path)
        answer = answer_to(database_away())
    except Exception:
        logger.exception("API %s", request.path)
        answer = answer_to(our_mistake())
    response = response_of(answer, request)
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
