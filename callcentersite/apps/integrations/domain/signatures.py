"""How a receiver knows that a notice is ours: HMAC-SHA256 over the moment and the body."""

from __future__ import annotations

import hashlib
import hmac
import secrets

SECRET_BYTES = 32
VERSION = "v1"


def new_secret() -> str:
    """A secret that only we and the receiver will know."""
    return f"whsec_{secrets.token_urlsafe(SECRET_BYTES)}"


def signature(secret: str, *, timestamp: int, body: bytes) -> str:
    """``v1=<hex>``: the moment is signed too, so that an old notice cannot be sent again."""
    signed = str(timestamp).encode() + b"." + body
    return f"{VERSION}={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
