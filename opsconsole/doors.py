"""Who asks for something, and through which door."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from typing import Any

from .models import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who knocks, and where. ``user`` None is the trusted terminal: whoever may run manage.py.

    ``name`` is the terminal's user, or the program that knocks at the API with an account's rights.
    """

    origin: Origin
    user: Any = None
    name: str = ""

    def __post_init__(self) -> None:
        if self.user is None and self.origin != Origin.CLI:
            raise ValueError(f"Through the door {self.origin} nobody comes without an account.")

    @property
    def person(self) -> str:
        """The name that goes on the run."""
        return str(self.user.get_username()) if self.user is not None else self.name


def terminal(user: Any = None) -> Door:
    """The command line: the account named there, else the operating system's user."""
    return Door(origin=Origin.CLI, user=user, name=operating_system_user())


def operating_system_user() -> str:
    """The login name, or the number where a container has no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
