"""What must be true of the data: each app says it of its own, in ``<app>/integrity_checks.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import router
from django.db.models import Model

from opsconsole.text import Text

from .domain.findings import Offender, Severity

Key = int | str
ANY_MODEL = ""


def nothing(pause: Callable[[], None]) -> None:
    """Nothing is left to be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """How a check's offenders are put right.

    ``apply`` is given some hundred keys at a time and returns how many rows it mended; all of it
    is one transaction, or nothing. What is no row (a file), or looks after itself row by row, is
    not ``whole``: what was done before an error stays done. ``finish`` comes after the commit, and
    calls ``pause`` at its safe places.
    """

    title: Text
    apply: Callable[[Sequence[Key]], int]
    deletes: bool = False
    whole: bool = True
    finish: Callable[[Callable[[], None]], None] = nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A promise about the rows of one model, and how to find those that break it.

    ``find`` yields them without ever holding them all, in the order of their whole-number keys;
    not ``in_order``: in any. ``explanation`` says what it means that one was found, ``remedy`` what
    a person does about it. ``listed`` names the model whose list in the admin shows them, where it
    is another (``""``: none does), ``lookup`` the filter of that list.
    """

    name: str
    title: Text
    model: str
    severity: Severity
    explanation: Text
    remedy: Text
    find: Callable[[], Iterator[Offender]]
    mend: Mend | None = None
    in_order: bool = True
    listed: str | None = None
    lookup: str = "pk"

    def get_model(self) -> type[Model]:
        """The model."""
        return apps.get_model(self.model)

    @property
    def alias(self) -> str:
        """Where it is written."""
        return router.db_for_write(self.get_model())


_checks: dict[str, Check] = {}


def register(check: Check) -> Check:
    """Make it known; a second one of the same name is a mistake."""
    if check.name in _checks and _checks[check.name] != check:
        raise ValueError(f"the integrity check {check.name!r} is registered twice")
    _checks[check.name] = check
    return check


def unregister(name: str) -> None:
    """Forget it."""
    _checks.pop(name, None)


def everything() -> list[Check]:
    """All of them, app by app, in the order in which they were written down."""
    return list(_checks.values())


def find(name: str) -> Check | None:
    """The check, or None where its app is gone."""
    return _checks.get(name)


def about(model: str) -> list[Check]:
    """Those about one model; all of them where none is named."""
    return [check for check in everything() if model in (ANY_MODEL, check.model)]


def models() -> list[str]:
    """The models that something is checked of: ``analytics.Call``."""
    return sorted({check.model for check in everything()})


def model_named(text: str) -> str | None:
    """``call``, ``Call``, ``analytics.call`` → ``analytics.Call``; None: none, or several."""
    wanted = text.strip().lower()
    found = [name for name in models() if wanted in (name.lower(), name.lower().split(".")[1])]
    return found[0] if len(found) == 1 else None


def autodiscover() -> None:
    """Import ``integrity_checks`` of every installed app."""
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.integrity_checks"):
            import_module(f"{config.name}.integrity_checks")


def described(check: Check) -> dict[str, Any]:
    """What a document says of a check, beside what it found."""
    return {
        "name": check.name,
        "model": check.model,
        "title": str(check.title),
        "explanation": str(check.explanation),
        "remedy": str(check.remedy),
    }
