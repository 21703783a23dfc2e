"""What a setting is doing right now: sentences for its page, from whoever obeys it."""

from collections.abc import Callable

_offered: dict[str, Callable[[], str]] = {}


def offer(clave: str, sentence: Callable[[], str]) -> None:
    """Say what to show beside the setting's effect; asked each time that its page is opened."""
    _offered[clave] = sentence


def notice(clave: str) -> str:
    """The sentence of now; empty where nobody has one."""
    return _offered[clave]() if clave in _offered else ""
