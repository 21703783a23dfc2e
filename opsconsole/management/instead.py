"""An option of a command that launches another operation instead: ``--restore 2025-01``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from .. import params as parameters
from .. import registry
from ..exceptions import BadInput
from ..operations import Operation
from ..params import option as spelled
from ..text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """``option`` gives the parameter ``param`` of ``operation``; the command's own are refused."""

    option: str
    operation: str
    param: str
    metavar: Text
    help: Text

    def add_to(self, parser: CommandParser) -> None:
        """The option."""
        parser.add_argument(
            spelled(self.option), dest=self.option, metavar=str(self.metavar), help=str(self.help)
        )

    def is_asked_for(self, options: dict[str, Any]) -> bool:
        """Whether somebody gave it."""
        return options.get(self.option) is not None

    def options(self, own: type[Operation], options: dict[str, Any]) -> dict[str, Any]:
        """The options as the other operation's command would have them."""
        given = parameters.given(own.Params, options)
        if given:
            names = {"one": spelled(next(iter(given))), "other": spelled(self.option)}
            text = _("«%(one)s» y «%(other)s» se excluyen: elija uno.")
            raise BadInput({self.option: [text % names]})
        return {**options, self.param: options[self.option]}

    @contextmanager
    def spoken_of(self) -> Iterator[None]:
        """What is refused of the parameter is told of the option that somebody typed."""
        try:
            yield
        except BadInput as error:
            names = {self.param: self.option}
            errors = {names.get(field, field): texts for field, texts in error.errors.items()}
            raise BadInput(errors, remedy=error.remedy) from error

    def target(self) -> Operation:
        """The other operation."""
        return registry.get(self.operation)
