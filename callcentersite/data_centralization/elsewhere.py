"""Where people's data are besides tables: files that an app keeps, each app says it of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from opsconsole.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Files in which a person may be found.

    ``find`` counts her records by file; ``erase`` makes those of a file anonymous and returns how
    many they were. A person is a customer's number, a phone in E.164, or both.
    """

    name: str
    title: Text
    find: Callable[[int | None, str], dict[str, int]]
    erase: Callable[[str, int | None, str, datetime], int]


_files: dict[str, Files] = {}


def register(files: Files) -> None:
    """Make them known, in ``<app>/retention_targets.py``."""
    _files[files.name] = files


def everything() -> list[Files]:
    """All of them, by name."""
    return [_files[name] for name in sorted(_files)]
