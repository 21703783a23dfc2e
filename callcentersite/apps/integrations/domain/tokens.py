"""The token of an API client: made once, shown once, kept only as a digest.

``iact_<prefix>_<secret>``: the prefix finds the row, the digest of the whole proves it. The secret
has 256 random bits, so that a plain SHA-256 of it cannot be guessed backwards.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

PREFIX_BYTES = 6
SECRET_BYTES = 32
FORM = re.compile(r"iact_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
SCHEME = re.compile(r"bearer +(\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What may be stored of a token: where to find it, and what proves it."""

    prefix: str
    digest: str

    def is_digest(self, stored: str) -> bool:
        """Compare in constant time."""
        return hmac.compare_digest(self.digest, stored)


def new_token() -> str:
    """A token that nobody has seen yet."""
    return f"iact_{secrets.token_hex(PREFIX_BYTES)}_{secrets.token_urlsafe(SECRET_BYTES)}"


def parsed(text: str) -> Token | None:
    """The token; None where the text cannot be one, which costs no question to the database."""
    match = FORM.fullmatch(text)
    if match is None:
        return None
    return Token(prefix=match.group(1), digest=hashlib.sha256(text.encode()).hexdigest())


def from_header(header: str) -> Token | None:
    """The token of ``Authorization: Bearer …``."""
    match = SCHEME.fullmatch(header.strip())
    return parsed(match.group(1)) if match else None
