"""Write down what somebody did, or was not allowed to do.

- ``record``, ``record_many``: for changes of permissions and settings. Commits with the change;
  where it cannot be written, the change fails.
- ``note``: for what is done already, as a login or a launch. Where it cannot be written, that is
  logged as an error and the deed stands.
- ``refused`` and ``refusals``: for what was not allowed. Survives the rollback of what failed.
- ``viewed``, ``downloaded``: for personal data that was shown, and files that were taken home.
  Written after the answer has been sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Model

from opsconsole import OperationError
from opsconsole.language import source_language

from .appending import alias, append, append_many, drain, not_yet_said
from .archive import archive_lines, verify_archive, verify_file
from .asking import afterwards, calmly
from .discretion import discreet
from .drafts import Person, Target, draft, present_person, target_of
from .pruning import Pruned, prune
from .verifying import Report, verify
from .vocabulary import Action, Result, Source

Thing = Model | Target | None


def record(action: Action, target: Thing = None, /, *, by: Any = None, **detail: Any) -> None:
    """In the caller's transaction; ``by`` is the account, where the caller knows better."""
    append(draft(action, target, detail=detail, person=present_person(by)))


def record_many(said: Iterable[tuple[Action, Thing, dict[str, Any]]]) -> None:
    """The same for many deeds of whoever is at it, by a few statements."""
    person = present_person()
    append_many([draft(what, to, detail=detail, person=person) for what, to, detail in said])


def record_drafts(drafts: Sequence[dict[str, Any]]) -> int:
    """Entries with a person and a moment of their own, each with its ``once``; return how many.

    In the caller's transaction. Of what was said before nothing is written, and nothing counted.
    """
    fresh = not_yet_said(drafts, alias())
    append_many(fresh)
    return len(fresh)


def note(action: Action, target: Thing = None, **said: Any) -> None:
    """``said`` is as for ``drafts.draft``: result, reason, detail, person, at, once."""
    calmly(lambda: append_apart(draft(action, target, **said)))


def append_apart(fields: dict[str, Any]) -> None:
    """A part of its own, so that an error leaves the caller's transaction usable."""
    with transaction.atomic() if connection.in_atomic_block else nullcontext():
        append(fields)


def refused(
    action: Action, target: Thing = None, *, reason: object, by: Any = None, **detail: Any
) -> None:
    """Who wanted it, and why not."""
    person = present_person(by)
    said = draft(action, target, result=Result.REFUSED, reason=reason, detail=detail, person=person)
    afterwards(partial(append, said))


@contextmanager
def refusals(
    action: Action, target: Thing = None, *, by: Any = None, **detail: Any
) -> Iterator[None]:
    """Around the doing: write down that it was refused, where it is."""
    try:
        yield
    except OperationError as error:
        refused(action, target, reason=error.cause or error.message, by=by, **detail)
        raise


def viewed(thing: Model, **detail: Any) -> None:
    """Somebody is shown personal data; the page waits for nothing."""
    said = draft(Action.VIEWED, shown(thing), detail=detail)
    afterwards(partial(append, said))


def downloaded(target: Thing, *, by: Any = None, **detail: Any) -> None:
    """Somebody takes a file home; the file waits for nothing."""
    said = draft(Action.DOWNLOADED, target, detail=detail, person=present_person(by))
    afterwards(partial(append, said))


def shown(thing: Model) -> Target:
    """A person by her name; anything else by what it is: «llamada 71»."""
    target = target_of(thing)
    if isinstance(thing, get_user_model()):
        return target
    with source_language():
        return replace(target, name=f"{thing._meta.verbose_name} {target.name}")


__all__ = [
    "Action",
    "Person",
    "Pruned",
    "Report",
    "Result",
    "Source",
    "Target",
    "archive_lines",
    "discreet",
    "downloaded",
    "draft",
    "drain",
    "note",
    "prune",
    "record",
    "record_drafts",
    "record_many",
    "refusals",
    "refused",
    "verify",
    "verify_archive",
    "verify_file",
    "viewed",
]
