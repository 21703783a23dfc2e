"""What may be cleaned up: each app says it of its own tables, in ``<app>/retention_targets.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import router
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from opsconsole.exceptions import BadInput
from opsconsole.text import Text

DELETE, ANONYMISE = "delete", "anonymise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What else a row must be, besides old; offered to policies under its name."""

    title: Text
    rows: Q


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What the hooks of a target are told: where, which rows, and their keys as words of 64.

    ``archive`` says where the rows are kept, where they are. ``queryset`` finds them while they are
    there; ``words`` gives ``(group, bits)`` anew at each
    call: key ``64 × group + n`` for each bit n, a hash of the key where it is no number.
    """

    alias: str
    rows: int
    archive: str = ""
    queryset: QuerySet[Any]
    words: Callable[[], Iterable[tuple[int, int]]]


def nothing(removal: Removal) -> None:
    """No hook."""


def unguarded(removal: Removal) -> AbstractContextManager[None]:
    """A table that needs no privilege."""
    return nullcontext()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A table, and what policies may do to it.

    ``age`` is the indexed column that the cut-off is compared with; ``only`` what every row of the
    target is. Anonymising sets ``blanked`` to NULL and ``stamp`` to the moment. ``person`` finds
    somebody's rows, given customer number and phone in E.164. ``files`` is a column of names in
    Django's storage, removed after the commit. ``carries`` names models whose rows may go with
    it; anything else that would cascade is refused. ``covers`` names listeners to its deletions
    (``dispatch_uid``) that retention makes needless, as one that removes the file.

    ``older`` says which rows a cut-off means, where it is not simply those whose ``age`` is before
    it. ``remove`` is a table's own way to delete them, all at once, after they were archived: it
    returns how many went. Not ``restorable`` is what an archive keeps only to be read, and
    ``lines`` writes it then as text that its own app can read; ``must_archive``: no policy may
    do without.

    ``privileged`` is the context in which its rows may be deleted (an append-only table's way to
    let this through); ``removed`` and ``restored`` are called in the transaction, with the keys.
    To the tables ``alone`` nobody else writes from before the first look until the commit.
    """

    name: str
    title: Text
    model: str
    age: str
    actions: frozenset[str] = frozenset({DELETE})
    only: Q = field(default_factory=Q)
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    least_days: int = 1
    blanked: tuple[str, ...] = ()
    stamp: str = ""
    person: Callable[[int | None, str], Q | None] | None = None
    person_action: str = ANONYMISE
    files: str = ""
    carries: frozenset[str] = frozenset()
    covers: frozenset[str] = frozenset()
    may_archive: bool = True
    must_archive: bool = False
    restorable: bool = True
    older: Callable[[datetime], Q] | None = None
    remove: Callable[[Removal], int] | None = None
    lines: Callable[[Removal], Iterator[str]] | None = None
    alone: tuple[str, ...] = ()
    privileged: Callable[[Removal], AbstractContextManager[None]] = unguarded
    removed: Callable[[Removal], None] = nothing
    restored: Callable[[Removal], None] = nothing

    def get_model(self) -> type[Model]:
        """The model."""
        return apps.get_model(self.model)

    @property
    def alias(self) -> str:
        """Where it is written."""
        return router.db_for_write(self.get_model())


_targets: dict[str, Target] = {}


def register(target: Target) -> Target:
    """Make it known; a second one of the same name is a mistake."""
    if target.name in _targets and _targets[target.name] != target:
        raise ValueError(f"the retention target {target.name!r} is registered twice")
    _targets[target.name] = target
    return target


def unregister(name: str) -> None:
    """Forget it."""
    _targets.pop(name, None)


def everything() -> list[Target]:
    """All of them, by name."""
    return [_targets[name] for name in sorted(_targets)]


def find(name: str) -> Target | None:
    """The target, or None where its app is gone."""
    return _targets.get(name)


def get(name: str) -> Target:
    """The target; raises BadInput with the list."""
    target = find(name)
    if target is None:
        raise BadInput(
            {"table": [_("No existe la tabla «%(name)s».") % {"name": name}]},
            remedy=_("Tablas registradas: %(names)s") % {"names": ", ".join(sorted(_targets))},
        )
    return target


def choices() -> Iterator[tuple[str, str]]:
    """For forms."""
    for target in everything():
        yield target.name, f"{target.name} · {target.title}"


def autodiscover() -> None:
    """Import ``retention_targets`` of every installed app."""
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.retention_targets"):
            import_module(f"{config.name}.retention_targets")
