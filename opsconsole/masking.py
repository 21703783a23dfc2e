"""Secrets become •••• before anything is written."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from .conf import answer

MASK = "••••"
TWO_STAY = rf"\1{MASK}\2"
# user:password@ in a URL; key=value and key: value where the key names a secret.
URL_PASSWORD = re.compile(r"(\w://[^\s:/@]*:)\S+(@)")
# Whatever stands before it belongs to the name: DB_PASSWORD, PGPASSWORD, csrftoken.
NAMED_SECRET = re.compile(
    r"""(?ix)((?:(?<![a-z])(?:pass|pwd)|passw(?:or)?d|contrase[nñ]a|secret(?:_key)?|api_?key
    |access_?key|token|clave(?=["']?\s*=)|clave\ de\ acceso)["']?\s*[=:]\s*)
    ("[^"]*"|'[^']*'|[^\s;&)}\]]+)"""
)
# A full number in international form keeps only its country and last two digits.
PHONE = re.compile(r"(?<![\w+])(\+\d{2})(?:[ ().-]{0,2}\d){6,11}[ .-]?(\d{2})(?!\d)")
BEARER = re.compile(r"(?i)(?<!\w)(bearer\s+)[\w.~+/-]{12,}=*")
# Only where nine digits stand together can a phone number be; the first look is the cheap one.
LONG = re.compile(r"[0-9][0-9 ().-]{8}")
NINE_DIGITS = re.compile(r"[0-9](?:[ ().-]{0,2}+[0-9]){8}")
ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


class Masker:
    """Masks the given values and whatever looks like a password or a full phone number."""

    def __init__(self, values: Iterable[object] = ()) -> None:
        self._values: list[str] = []
        self._signed, self._numbers = site_patterns()
        self.add(values)

    def add(self, values: Iterable[object]) -> None:
        """More values to mask; longer ones go first, as one may contain another."""
        texts = {form for value in values for text in texts_of(value) for form in forms_of(text)}
        self._values = sorted(texts.union(self._values), key=len, reverse=True)

    def mask(self, text: str) -> str:
        """Return the text with every secret in it replaced."""
        for value in self._values:
            text = text.replace(value, MASK)
        if "://" in text:
            text = URL_PASSWORD.sub(rf"\1{MASK}\2", text)
        lowered = text.lower()
        if "bearer" in lowered:
            text = BEARER.sub(rf"\1{MASK}", text)
        if ("=" in text or ":" in text) and may_name_secret(lowered):
            text = NAMED_SECRET.sub(rf"\1{MASK}", text)
        if "+" in text:
            text = PHONE.sub(rf"\1{MASK}\2", text)
        for sign, pattern in self._signed:
            if sign in lowered:
                text = pattern.sub(TWO_STAY, text)
        if LONG.search(text) and NINE_DIGITS.search(text):
            for pattern in self._numbers:
                text = pattern.sub(TWO_STAY, text)
        if "\x1b" in text:
            text = ANSI.sub("", text)
        return storable(text)

    def mask_deep(self, value: object) -> object:
        """The same for every text inside a JSON value."""
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, dict):
            return {self.mask_deep(key): self.mask_deep(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.mask_deep(item) for item in value]
        return value


def may_name_secret(lowered: str) -> bool:
    """Whether NAMED_SECRET can match at all: its search costs more than all else a line does."""
    return (
        "pass" in lowered
        or "pwd" in lowered
        or "token" in lowered
        or "key" in lowered
        or "secret" in lowered
        or "contrase" in lowered
        or "clave" in lowered
    )


@functools.cache
def site_patterns() -> tuple[list[tuple[str, re.Pattern[str]]], list[re.Pattern[str]]]:
    """``OPSCONSOLE["MASK_PATTERNS"]``: those with a sign; and those of phone numbers, without."""
    every = [(sign, re.compile(pattern)) for sign, pattern in answer("MASK_PATTERNS")]
    signed = [(sign.lower(), pattern) for sign, pattern in every if sign]
    return signed, [pattern for sign, pattern in every if not sign]


def texts_of(value: object) -> Iterator[str]:
    """The texts that a secret value may show up as; a flag or nothing at all hides nothing."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from texts_of(item)
        return
    text = str(value)
    # A key of several lines is printed line by line.
    yield from (part for part in {text, *text.splitlines()} if part.strip())


def forms_of(text: str) -> set[str]:
    """A text as it stands, as a traceback and JSON quote it, and as a URL carries it."""
    return {text, repr(text)[1:-1], json.dumps(text)[1:-1], quote(text, safe="")}


def storable(text: str) -> str:
    """Without what a database refuses to store: NUL, and halves of characters."""
    text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def shows_password(value: object) -> bool:
    """Whether the text holds what looks like a password, as a DSN does."""
    return any(URL_PASSWORD.search(text) or NAMED_SECRET.search(text) for text in texts_of(value))
