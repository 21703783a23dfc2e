"""Walk along a chain and stop at the first entry that is not what it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .chain import Keyring, Link, payload


class Flaw(StrEnum):
    """What can be wrong with a chain."""

    CHANGED = "changed"  # the content is not what was signed; or it stands in another's place
    UNLINKED = "unlinked"  # whole in itself, but not tied to the entry before
    MISSING = "missing"  # positions that are not there
    TRUNCATED = "truncated"  # the end is not there
    INSERTED = "inserted"  # beyond the end that was written down
    HEAD = "head"  # the end that was written down is gone, or is another
    CHECKPOINT = "checkpoint"  # what was pruned was not pruned by the application
    UNKNOWN_KEY = "unknown_key"  # signed with a key that is not at hand
    ANCHOR = "anchor"  # not the entry that somebody had noted down


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The first thing that is wrong: what, from which position, up to which."""

    flaw: Flaw
    position: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored entry: where it stands, what it is tied to, what it says, in a fixed order."""

    position: int
    key_id: str
    previous: str
    hash: str
    said: tuple[str, ...]


class Verifier:
    """Takes entries in their order, each once; remembers the last one and nothing else."""

    def __init__(self, start: Link, keyring: Keyring) -> None:
        self.last = start
        self.checked = 0
        self._keyring = keyring

    def walk(self, entries: Iterable[Entry]) -> Finding | None:
        """The first finding among them; None: all are as they were."""
        for entry in entries:
            finding = self.check(entry)
            if finding is not None:
                return finding
        return None

    def check(self, entry: Entry) -> Finding | None:
        """Judge the next entry; take it as the last one where it is good."""
        expected = self.last.position + 1
        if entry.position > expected:
            return Finding(flaw=Flaw.MISSING, position=expected, until=entry.position - 1)
        flaw = self.flaw_of(entry)
        if flaw is not None:
            return Finding(flaw=flaw, position=entry.position)
        self.last = Link(position=entry.position, hash=entry.hash)
        self.checked += 1
        return None

    def flaw_of(self, entry: Entry) -> Flaw | None:
        """What is wrong with an entry that stands where it should."""
        if entry.key_id not in self._keyring:
            return Flaw.UNKNOWN_KEY
        if not is_as_signed(entry, self._keyring):
            return Flaw.CHANGED
        if entry.previous != self.last.hash:
            return Flaw.UNLINKED
        return None


def is_as_signed(entry: Entry, keyring: Keyring) -> bool:
    """Whether the entry says what it said when it was written."""
    text = payload(entry.position, entry.previous, entry.key_id, entry.said)
    return entry.key_id in keyring and keyring.matches(entry.hash, text, key_id=entry.key_id)


def judge_end(last: Link, *, head: Link, newest: int) -> Finding | None:
    """Compare where the walk ended with the end that was written down, and with the newest row."""
    if last.position < head.position:
        return Finding(flaw=Flaw.TRUNCATED, position=last.position + 1, until=head.position)
    if last.position == head.position and last.hash != head.hash:
        return Finding(flaw=Flaw.HEAD, position=head.position)
    if newest > head.position:
        return Finding(flaw=Flaw.INSERTED, position=head.position + 1, until=newest)
    return None
