"""Where people's data are besides tables: files that an app keeps, each app says it of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from opsconsole.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How many records each file holds that are old enough, and the files that nobody can read."""

    rows: dict[str, int]
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Files in which a person may be found.

    ``find`` counts her records by file; ``erase`` makes those of a file anonymous and returns how
    many they were. A person is a customer's number, a phone in E.164, or both.

    Where they hold rows of a ``target``, its anonymising policies reach them: ``older`` counts the
    records before a cut-off that still tell who she is, ``blank`` makes those of a file anonymous.
    """

    name: str
    title: Text
    find: Callable[[int | None, str], dict[str, int]]
    erase: Callable[[str, int | None, str, datetime], int]
    target: str = ""
    older: Callable[[datetime], Reach] | None = None
    blank: Callable[[str, datetime, datetime], int] = lambda name, cutoff, now: 0


_files: dict[str, Files] = {}


def register(files: Files) -> None:
    """Make them known, in ``<app>/retention_targets.py``."""
    _files[files.name] = files


def everything() -> list[Files]:
    """All of them, by name."""
    return [_files[name] for name in sorted(_files)]


def get(name: str) -> Files:
    """The files of that name."""
    return _files[name]
