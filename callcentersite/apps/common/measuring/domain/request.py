"""What may be asked for, judged by its text alone: nothing is imported, nothing resolved."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MOST_PARAM_CHARACTERS = 64_000
DEEPEST = 10
DOTTED = re.compile(r"[a-z_][a-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+", re.ASCII)
ALLOWED = ("callcentersite.*.services", "callcentersite.*.selectors")
PERCENT = re.compile(r"(\d{1,4}(?:[.,]\d{1,3})?)\s*%?", re.ASCII)


class Forbidden(ValueError):
    """What is asked for may not be; the text says why, in a word that the caller translates."""


def path_of(endpoint: str) -> str:
    """The path of an address within this site; Forbidden for any other."""
    if not endpoint.isprintable() or "\\" in endpoint or " " in endpoint:
        raise Forbidden("characters")
    parts = urlsplit(endpoint)
    if parts.scheme or parts.netloc or endpoint.startswith("//"):
        raise Forbidden("absolute")
    if not parts.path.startswith("/") or ".." in parts.path.split("/") or parts.fragment:
        raise Forbidden("path")
    return parts.path


def module_and_name(function: str, *, modules: Collection[str]) -> tuple[str, str]:
    """The two halves of a dotted path inside the allow-list; Forbidden for any other."""
    if not DOTTED.fullmatch(function):
        raise Forbidden("dotted")
    module, _dot, name = function.rpartition(".")
    if name.startswith("_"):
        raise Forbidden("private")
    if module not in modules or not any(fnmatchcase(module, one) for one in ALLOWED):
        raise Forbidden("module")
    return module, name


def params_of(text: str) -> dict[str, Any]:
    """The object that the JSON text holds; Forbidden: too long, too deep, or none."""
    if len(text) > MOST_PARAM_CHARACTERS:
        raise Forbidden("long")
    if not text.strip():
        return {}
    try:
        value = json.loads(text, parse_constant=refuse_constant)
    except RecursionError as error:
        raise Forbidden("deep") from error
    except ValueError as error:
        raise Forbidden("json") from error
    if not isinstance(value, dict):
        raise Forbidden("object")
    if depth(value) > DEEPEST:
        raise Forbidden("deep")
    return value


def refuse_constant(name: str) -> None:
    """NaN and infinity are not JSON, whatever Python thinks."""
    raise ValueError(name)


def depth(value: Any) -> int:
    """How many lists and objects are inside one another; found without recursion."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        one, level = waiting.pop()
        if isinstance(one, (dict, list)):
            deepest = max(deepest, level)
            inside = one.values() if isinstance(one, dict) else one
            waiting += [(child, level + 1) for child in inside]
    return deepest


def fraction(percent: str) -> float:
    """``20%`` → 0.2; Forbidden for anything else."""
    found = PERCENT.fullmatch(percent.strip())
    if found is None:
        raise Forbidden("percent")
    return float(found.group(1).replace(",", ".")) / 100
