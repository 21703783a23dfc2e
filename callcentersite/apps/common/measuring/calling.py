"""How a target is called once: an address through the test client, a function as it is."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any, Protocol, get_type_hints
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import override_settings
from django.utils.translation import gettext as _

from callcentersite.apps.configuration.services import categories
from callcentersite.apps.integrations import clients
from callcentersite.apps.integrations.domain.scopes import all_scopes
from opsconsole.conf import setting
from opsconsole.exceptions import BadInput

from .isolation.everything import middleware

API = "/api/"
BACKEND = "django.contrib.auth.backends.ModelBackend"
WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})


class Call(Protocol):
    """Something that can be measured."""

    def prepare(self) -> None:
        """What is not part of the time, within the transaction of the iteration."""

    def __call__(self) -> str:
        """Do it, and say in a word what came of it."""


class EndpointCall:
    """A request of an account, through every middleware of the site."""

    def __init__(
        self, endpoint: str, *, method: str, params: Mapping[str, Any], account: Any
    ) -> None:
        self.address = request_of(endpoint, method=method, params=params)
        self.account = account
        self.is_api = urlsplit(endpoint).path.startswith(API)
        self.client = Client(SERVER_NAME=host())
        with override_settings(MIDDLEWARE=middleware()):
            self.client.handler.load_middleware()

    def prepare(self) -> None:
        """What lets the account in; it is rolled back with the rest."""
        if self.is_api:
            self.let_in_as_client()
        else:
            self.let_in_as_person()

    def let_in_as_client(self) -> None:
        """A token of hers for this one request: the API looks at no session."""
        _client, token = clients.create(
            nombre="profile_code",
            account=self.account,
            scopes=all_scopes(categories()),
            expires_at=None,
            by=self.account,
        )
        self.client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"

    def let_in_as_person(self) -> None:
        """A session, as if she had logged in; nobody is told that she did."""
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(self.account.pk)
        session[BACKEND_SESSION_KEY] = BACKEND
        session[HASH_SESSION_KEY] = self.account.get_session_auth_hash()
        session.save()
        self.client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    def __call__(self) -> str:
        """The answer's status; a body that streams is read to its end.

        The client itself closes the answer, and keeps the connections open when it does.
        """
        response: Any = self.client.generic(**self.address)
        if response.streaming:
            for _chunk in response.streaming_content:
                pass
        return str(response.status_code)


def request_of(endpoint: str, *, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The request: parameters in the address, as a form, or for the API as JSON."""
    parts = urlsplit(endpoint)
    request: dict[str, Any] = {"method": method, "path": endpoint, "secure": True}
    if method in WITHOUT_BODY:
        query = "&".join(one for one in (parts.query, urlencode(params, doseq=True)) if one)
        return request | {"path": f"{parts.path}?{query}" if query else parts.path}
    if parts.path.startswith(API):
        return request | {"data": json.dumps(dict(params)), "content_type": "application/json"}
    return request | {
        "data": urlencode(params, doseq=True),
        "content_type": "application/x-www-form-urlencoded",
    }


def host() -> str:
    """A name that the site answers to."""
    named = urlsplit(setting("SITE_URL")).hostname or "localhost"
    allowed = [one.lstrip(".") for one in settings.ALLOWED_HOSTS if one != "*"]
    return named if named in allowed or not allowed else allowed[0]


class FunctionCall:
    """A function with keyword arguments; what it returns lazily is fetched."""

    def __init__(self, function: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
        self.function = function
        self.arguments = fitting(function, arguments)

    def prepare(self) -> None:
        """Nothing."""

    def __call__(self) -> str:
        result = self.function(**self.arguments)
        if isinstance(result, (QuerySet, Iterator)):
            for _item in result:
                pass
        return ""


def fitting(function: Callable[..., Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as the function's annotations want them; raises BadInput."""
    signature = inspect.signature(function)
    try:
        signature.bind(**arguments)
        hints = get_type_hints(function)
        return {name: typed(value, hints.get(name)) for name, value in arguments.items()}
    except (TypeError, ValueError) as error:
        text = _("%(error)s. La función espera: %(signature)s.") % {
            "error": error,
            "signature": signature,
        }
        raise BadInput({"params": [text]}) from error


def typed(value: Any, hint: Any) -> Any:
    """A date, a moment or a decimal, which JSON has only as text; everything else as it is."""
    if not isinstance(value, str):
        return value
    wanted = {hint, *getattr(hint, "__args__", ())}
    for kind, read_as in ((datetime, datetime.fromisoformat), (date, date.fromisoformat)):
        if kind in wanted:
            return read_as(value)
    return Decimal(value) if Decimal in wanted else value
