"""Secrets become •••• before anything is written."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "••••"
# user:password@ in a URL; key=value and key: value where the key names a secret.
URL_PASSWORD = re.compile(r"(\w+://[^\s:/@]*:)\S+(@)")
NAMED_SECRET = re.compile(
    r"""(?ix)\b((?:pass(?:word|wd)?|pwd|contrase[nñ]a|secret(?:_key)?|api_?key|access_?token|token)
    ["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&)}\]]+)"""
)
# A full number in international form keeps only its country and last two digits.
PHONE = re.compile(r"(?<![\w+])(\+\d{2})\d{6,11}(\d{2})(?!\d)")
ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


class Masker:
    """Masks the given values and whatever looks like a password or a full phone number."""

    def __init__(self, values: Iterable[object] = ()) -> None:
        self._values: list[str] = []
        self.add(values)

    def add(self, values: Iterable[object]) -> None:
        """More values to mask; longer ones go first, as one may contain another."""
        texts = {str(value) for value in values if value not in (None, "", True, False)}
        self._values = sorted(texts.union(self._values), key=len, reverse=True)

    def mask(self, text: str) -> str:
        """Return the text with every secret in it replaced."""
        for value in self._values:
            text = text.replace(value, MASK)
        if "://" in text:
            text = URL_PASSWORD.sub(rf"\1{MASK}\2", text)
        if "=" in text or ":" in text:
            text = NAMED_SECRET.sub(rf"\1{MASK}", text)
        if "+" in text:
            text = PHONE.sub(rf"\1{MASK}\2", text)
        if "\x1b" in text:
            text = ANSI.sub("", text)
        return text.replace("\x00", "")

    def mask_deep(self, value: object) -> object:
        """The same for every text inside a JSON value."""
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, dict):
            return {key: self.mask_deep(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.mask_deep(item) for item in value]
        return value
