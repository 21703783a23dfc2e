"""Who comes, who goes, who is not let in."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from callcentersite.apps.access.addresses import client_address

from .drafts import Person, Target, present_person
from .services import note
from .vocabulary import Action, Result, Source


@receiver(user_logged_in)
def logged_in(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """An account was let in."""
    note(Action.LOGIN, account(user), person=visitor(request, user))


@receiver(user_logged_out)
def logged_out(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """An account left; whoever had not come in leaves no trace."""
    if user is not None:
        note(Action.LOGOUT, account(user), person=visitor(request, user))


@receiver(user_login_failed)
def login_failed(
    credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """Somebody was not let in. A name that is no account's may be a password typed too early."""
    typed = str(credentials.get(get_user_model().USERNAME_FIELD, ""))
    user = known_account(typed)
    note(
        Action.LOGIN_FAILED,
        account(user) if user is not None else Target(kind=account_kind()),
        result=Result.REFUSED,
        person=visitor(request, None),
        detail={"known": user is not None},
    )


@receiver(user_locked_out)
def locked_out(request: HttpRequest, username: str | None, **kwargs: Any) -> None:
    """An account is locked from an address; told once, by the failure that did it."""
    # axes counts the failure that locks, and none after it.
    if getattr(request, "axes_failures_since_start", None) is None:
        return
    user = known_account(username or "")
    target = account(user) if user is not None else Target(kind=account_kind())
    note(Action.LOCKED_OUT, target, result=Result.REFUSED, person=visitor(request, None))


def visitor(request: HttpRequest | None, user: Any) -> Person:
    """At the login page nobody is anybody yet; without a request it is the terminal."""
    if request is None:
        return present_person(user)
    return Person(
        name="" if user is None else user.get_username(),
        number="" if user is None else str(user.pk),
        source=Source.PAGE,
        place=request.path,
        address=client_address(request) or "",
    )


def known_account(name: str) -> Any:
    """The account of that name, if there is one."""
    model = get_user_model()
    field = model.USERNAME_FIELD
    if not name or "\x00" in name:
        return None
    return model._default_manager.filter(**{field: name}).first()


def account(user: Any) -> Target:
    """An account as a target."""
    return Target(kind=account_kind(), number=str(user.pk), name=user.get_username())


def account_kind() -> str:
    """``users.user``."""
    return str(get_user_model()._meta.label_lower)
