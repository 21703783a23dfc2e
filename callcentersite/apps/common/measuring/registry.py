"""Functions outside the allow-list that may be measured all the same, because they say so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def nothing() -> dict[str, Any]:
    """No arguments."""
    return {}


@dataclass(frozen=True, slots=True)
class Registered:
    """The function, and the arguments that it gets where nobody gives any."""

    function: Callable[..., Any]
    default: Callable[[], Mapping[str, Any]]


_registered: dict[str, Registered] = {}


def profilable(default: Callable[[], Mapping[str, Any]] = nothing) -> Callable[[F], F]:
    """Let ``profile_code --function`` measure it; ``default`` gives arguments worth measuring.

    The function itself stays as it is.
    """

    def register(function: F) -> F:
        path = f"{function.__module__}.{function.__qualname__}"
        _registered[path] = Registered(function, default)
        return function

    return register


def find(path: str) -> Registered | None:
    """What was registered under the dotted path."""
    return _registered.get(path)


def paths() -> list[str]:
    """All of them."""
    return sorted(_registered)
