"""How one entry is tied to the one before it: a keyed hash over all that it says.

Keyed, because whoever can write to the database and not read the application's secret could
otherwise reckon a whole false chain. Pure: no Django, no clock.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# What the first entry of all is tied to.
GENESIS = "0" * 64
KEY_ID_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An entry as the next one knows it: its position and its hash."""

    position: int
    hash: str

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"


BEGINNING = Link(position=0, hash=GENESIS)


class Keyring:
    """The keys that verify, by their fingerprints; the first of them signs."""

    def __init__(self, secrets: Iterable[str]) -> None:
        keys = [hashlib.sha256(f"callcentersite.audit:{one}".encode()).digest() for one in secrets]
        self._keys = {hashlib.sha256(key).hexdigest()[:KEY_ID_LENGTH]: key for key in keys}
        self.current = next(iter(self._keys))

    def __contains__(self, key_id: str) -> bool:
        return key_id in self._keys

    def sign(self, text: str, *, key_id: str) -> str:
        """64 hexadecimal digits; raises KeyError for a key that is not here."""
        return hmac.digest(self._keys[key_id], text.encode(), "sha256").hex()

    def matches(self, signature: str, text: str, *, key_id: str) -> bool:
        """Whether that key made this signature of the text."""
        return hmac.compare_digest(signature.encode(), self.sign(text, key_id=key_id).encode())


def canonical(value: object) -> str:
    """The one way to write a JSON value: equal values are equal texts, on any database."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def payload(position: int, previous: str, key_id: str, said: Sequence[str]) -> str:
    """The text that is signed: place in the chain, the hash before, and all that the entry says."""
    return canonical([position, previous, key_id, *said])
