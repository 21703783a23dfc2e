"""Nothing secret and no full phone number gets into the audit: it cannot be taken out again."""

from __future__ import annotations

import re
from typing import Any

from opsconsole.masking import MASK, Masker

# Keys whose values nobody should read, and keys under which phone numbers stand.
SECRET_KEY = re.compile(
    r"(?i)pass|pwd|contrase|secret|token|bearer|authorization|api_?key|access_?key"
)
PHONE_KEY = re.compile(r"(?i)(^|_)(ani|dnis|phone|telefono|teléfono|tel|celular|movil|móvil)($|_)")
DIGITS = re.compile(r"\d")
VISIBLE_DIGITS = 4
MOST_CHARACTERS = 2_000

_masker = Masker()


def discreet(value: Any, *, key: str = "") -> Any:
    """A JSON value without its secrets; whatever JSON does not know becomes text."""
    if key and SECRET_KEY.search(key):
        return value if value in (None, "", [], {}) else MASK
    if isinstance(value, dict):
        return {str(name): discreet(item, key=str(name)) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
        return [discreet(item, key=key) for item in items]
    if PHONE_KEY.search(key) and value not in (None, ""):
        return hide_number(str(value))
    if value is None or isinstance(value, (bool, int)):
        return value
    return discreet_text(str(value))


def discreet_text(text: object, *, most: int = MOST_CHARACTERS) -> str:
    """A sentence without its secrets, and not longer than its place."""
    masked = _masker.mask(str(text))
    return masked if len(masked) <= most else f"{masked[: most - 1]}…"


def hide_number(text: str) -> str:
    """A phone number by which one may know it again, and not call it."""
    digits = "".join(DIGITS.findall(text))
    return f"{MASK}{digits[-VISIBLE_DIGITS:]}" if len(digits) > VISIBLE_DIGITS else MASK
