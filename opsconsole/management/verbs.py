"""Verbs that a site adds to ``manage.py console``: ``OPSCONSOLE["VERBS"]``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandParser
from django.utils.module_loading import import_string

from ..conf import setting
from ..text import Text

if TYPE_CHECKING:
    from .base import ConsoleCommand


class SiteVerb(ABC):
    """A verb: what it is for, its arguments, what it does.

    ``OPSCONSOLE["VERBS"]`` maps the word that is typed to the dotted path of such a class. An
    OperationError that comes out of ``handle`` is printed in its three lines and ends the command
    with its exit code.
    """

    help: Text = ""

    def add_arguments(self, parser: CommandParser) -> None:  # noqa: B027 - it may have none
        """Add its options, or verbs of its own."""

    @abstractmethod
    def handle(self, command: ConsoleCommand, options: dict[str, Any]) -> None:
        """Do it, and write to ``command.stdout``."""


def site_verbs(taken: frozenset[str]) -> dict[str, SiteVerb]:
    """Word → verb; raises ImproperlyConfigured for a word that the console has already."""
    paths: dict[str, str] = setting("VERBS")
    twice = sorted(taken & paths.keys())
    if twice:
        raise ImproperlyConfigured(f"OPSCONSOLE['VERBS']: {', '.join(twice)} ya existe.")
    return {word: import_string(path)() for word, path in paths.items()}
