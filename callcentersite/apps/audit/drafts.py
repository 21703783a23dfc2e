"""An entry before it has its place: who, what, from where, put together and made discreet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone

from callcentersite.apps.access.addresses import client_address
from callcentersite.apps.common import acting

from .asking import current_request
from .discretion import discreet, discreet_text
from .domain.chain import canonical
from .vocabulary import Action, Result, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is at it, and from where; ``place`` is a page, a run, a file, a command."""

    name: str = ""
    number: str = ""
    source: Source = Source.COMMAND
    place: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What it is done to: a kind, a number, and a name for people."""

    kind: str = ""
    number: str = ""
    name: str = ""


NOTHING = Target()


def present_person(by: Any = None) -> Person:
    """Whoever is at it now; ``by`` is the account, where the caller knows better."""
    actor, request = acting.current(), current_request()
    name = actor.person if by is None else str(by.get_username())
    return Person(
        name=name,
        number=str(by.pk) if by is not None else number_of(name, request),
        source=Source(actor.source),
        place=actor.detail,
        address=(client_address(request) or "") if request is not None else "",
    )


def number_of(name: str, request: Any) -> str:
    """The account's number, where the request is that account's."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.get_username() != name:
        return ""
    return str(user.pk)


def target_of(thing: Model | Target | None) -> Target:
    """A row as the target of a deed."""
    if thing is None:
        return NOTHING
    if isinstance(thing, Target):
        return thing
    return Target(kind=thing._meta.label_lower, number=str(thing.pk), name=str(thing))


def draft(
    action: Action,
    target: Model | Target | None = None,
    *,
    result: Result = Result.OK,
    reason: object = "",
    detail: dict[str, Any] | None = None,
    person: Person | None = None,
    at: datetime | None = None,
    once: str = "",
) -> dict[str, Any]:
    """The fields of ``Said``; nothing in them is secret or longer than its column."""
    who, what = person or present_person(), target_of(target)
    return {
        "happened_at": at or timezone.now(),
        "actor": discreet_text(who.name, most=150),
        "actor_id": who.number[:64],
        "action": str(Action(action)),
        "target_type": what.kind[:100],
        "target_id": discreet_text(what.number, most=100),
        "target": discreet_text(what.name, most=200),
        "result": str(Result(result)),
        "reason": discreet_text(reason, most=500),
        "source": str(Source(who.source)),
        "place": discreet_text(who.place, most=200),
        "address": who.address[:45],
        "detail": canonical(discreet(detail or {})),
        "once": once,
    }
