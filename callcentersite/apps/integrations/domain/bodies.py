"""What a client sends: JSON, small, shallow, and without two readings."""

from __future__ import annotations

import json
import sys
from typing import Any, NoReturn

MOST_BYTES = 64 * 1024
MOST_DEPTH = 5


class BadBody(ValueError):
    """Not the JSON object that was asked for; the text says where."""


def parse(content: bytes) -> dict[str, Any]:
    """The object in the body, an empty body being an empty one; raise BadBody."""
    if not content.strip():
        return {}
    try:
        value = json.loads(
            content.decode("utf-8"), object_pairs_hook=once_each, parse_constant=no_number
        )
    except json.JSONDecodeError as error:
        raise BadBody(f"{error.lineno}:{error.colno}") from error
    except UnicodeDecodeError as error:
        raise BadBody(f"UTF-8, byte {error.start}") from error
    except RecursionError as error:
        raise BadBody(f"> {MOST_DEPTH}") from error
    except BadBody:
        raise
    except ValueError as error:
        # The one that is left: Python reads no number of so many digits.
        raise BadBody(f"> {sys.get_int_max_str_digits()} dígitos") from error
    if not isinstance(value, dict):
        raise BadBody("{}")
    if depth(value) > MOST_DEPTH:
        raise BadBody(f"> {MOST_DEPTH}")
    return value


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two values for one name are a mistake, whichever would win."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadBody(next(name for name, _ in pairs if [n for n, _ in pairs].count(name) > 1))
    return found


def no_number(text: str) -> NoReturn:
    """NaN and Infinity are not JSON."""
    raise BadBody(text)


def depth(value: Any) -> int:
    """How deep it is nested; a plain value is 0."""
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0
