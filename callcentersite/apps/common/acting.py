"""Who is doing something just now, and from where: what a history writes beside each change.

Set by the middleware for a request, by an operation for its run, by an import for its file. Where
nobody set it, it is the terminal's user and the command that was typed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.http import HttpRequest, HttpResponse

from opsconsole.context import RunContext
from opsconsole.doors import operating_system_user


class Source(StrEnum):
    """From where a change came."""

    PAGE = "page"
    IMPORT = "import"
    RUN = "run"
    COMMAND = "command"
    SHELL = "shell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person's name, the door, and what helps to find it again: a run, a file, a command."""

    person: str
    source: Source
    detail: str = ""


# A callable, for a request's account is read only when somebody asks.
_actor: ContextVar[Callable[[], Actor] | None] = ContextVar("actor", default=None)
_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


def current() -> Actor:
    """Who is at it."""
    known = _actor.get()
    return known() if known is not None else terminal()


def current_request() -> HttpRequest | None:
    """The request that is being answered; None outside of one."""
    return _request.get()


def terminal() -> Actor:
    """The terminal's user, in a shell or by a command."""
    words = sys.argv[1:2] if Path(sys.argv[0] or "").name in {"manage.py", "django-admin"} else []
    command = words[0] if words else Path(sys.argv[0] or "python").name
    source = Source.SHELL if command in {"shell", "python", "-c", ""} else Source.COMMAND
    return Actor(person=operating_system_user(), source=source, detail=command[:100])


@contextmanager
def acting(*, person: str, source: Source, detail: str = "") -> Iterator[None]:
    """Within the block changes are this person's."""
    actor = Actor(person=person, source=source, detail=detail)
    token = _actor.set(lambda: actor)
    try:
        yield
    finally:
        _actor.reset(token)


def acting_for(ctx: RunContext) -> AbstractContextManager[None]:
    """Within the block changes are those of a run."""
    return acting(person=ctx.requested_by, source=Source.RUN, detail=f"#{ctx.run_id}")


class ActorMiddleware:
    """Changes within a request are its account's. Comes after AuthenticationMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token, asked = _actor.set(lambda: actor_of(request)), _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _actor.reset(token)
            _request.reset(asked)


def actor_of(request: HttpRequest) -> Actor:
    """The account of the request, and the page."""
    person = request.user.get_username() if request.user.is_authenticated else ""
    return Actor(person=person, source=Source.PAGE, detail=request.path[:100])
