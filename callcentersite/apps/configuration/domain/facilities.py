"""What the console needs from outside before a setting may be switched on.

Whoever has such a thing offers it by name, with a question that is asked each time.
"""

from collections.abc import Callable

_offered: dict[str, Callable[[], bool]] = {}


def offer(name: str, is_there: Callable[[], bool]) -> None:
    """Say how to find out whether it is there."""
    _offered[name] = is_there


def is_there(name: str) -> bool:
    """Whether somebody offers it, and has it."""
    return name in _offered and _offered[name]()
