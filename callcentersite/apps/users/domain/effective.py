"""Whether a person may, and why: the precedence of groups and exceptions, and nothing else.

An inactive account is denied before everything; then an exception that revokes, then one that
concedes, then the groups; whatever nothing grants is denied. A capability that the catalogue does
not have is denied to everybody.
"""

from __future__ import annotations

import enum
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime


class Ground(enum.Enum):
    """What decided."""

    INACTIVE = "inactive"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    CONCEDED = "conceded"
    GROUP = "group"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a grant or a denial comes from: a group, or an exception with its reason."""

    codigo: str
    name: str
    until: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything about a person that is in force at one moment.

    ``known`` None: the catalogue was not read; then what nothing names is denied just the same.
    """

    active: bool
    groups: tuple[Source, ...] = ()
    conceded: tuple[Source, ...] = ()
    revoked: tuple[Source, ...] = ()
    known: AbstractSet[str] | None = None

    def allowed(self) -> frozenset[str]:
        """All that the person may do; the same as asking ``decide`` for each."""
        if not self.active:
            return frozenset()
        granted = {one.codigo for one in (*self.groups, *self.conceded)}
        granted -= {one.codigo for one in self.revoked}
        return frozenset(granted if self.known is None else granted & self.known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer about one capability, with what it rests on."""

    codigo: str
    allowed: bool
    ground: Ground
    sources: tuple[Source, ...] = ()

    @property
    def until(self) -> datetime | None:
        """When the last of the sources ends; None: none of them ends by itself."""
        ends = [source.until for source in self.sources]
        return None if None in ends else max((end for end in ends if end), default=None)


def decide(codigo: str, standing: Standing) -> Decision:
    """Answer for one capability, by the precedence."""
    if not standing.active:
        return Decision(codigo=codigo, allowed=False, ground=Ground.INACTIVE)
    if standing.known is not None and codigo not in standing.known:
        return Decision(codigo=codigo, allowed=False, ground=Ground.UNKNOWN)
    for ground, sources in (
        (Ground.REVOKED, standing.revoked),
        (Ground.CONCEDED, standing.conceded),
        (Ground.GROUP, standing.groups),
    ):
        found = tuple(source for source in sources if source.codigo == codigo)
        if found:
            allowed = ground is not Ground.REVOKED
            return Decision(codigo=codigo, allowed=allowed, ground=ground, sources=found)
    return Decision(codigo=codigo, allowed=False, ground=Ground.NOTHING)
