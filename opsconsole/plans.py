"""What an operation intends to do, before it does it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from django.utils.translation import gettext as _

from .exceptions import OperationError
from .language import source_language
from .text import Text


class StalePlan(OperationError):
    """The world has changed since the plan was shown; ``plan`` is the new one."""

    exit_code = 3

    def __init__(self, plan: Plan | None = None, *, cause: Text = "") -> None:
        self.plan = plan
        if not cause and plan is not None:
            cause = _("Los datos cambiaron desde que se mostró. Ahora: %(summary)s") % {
                "summary": plan.summary
            }
        super().__init__(
            _("El plan ya no vale: no se cambió nada."),
            cause=cause,
            remedy=_("Revise el plan nuevo y confírmelo."),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What exactly would be touched: a sentence, the number of rows, a table of lines.

    ``seal`` is whatever identifies the selection in any language (a digest over keys and row
    versions, say) and stands for the lines; two plans are the same plan when their digests are. A
    plan whose lines hold words already translated needs one: the worker may speak another language
    than the page. A ``blocked`` plan is shown and cannot be confirmed: it says why.

    The rest is for plans that are kept. ``fixed`` is the JSON that run() must not find out anew,
    such as a cut-off; ``seal_file`` what the selection is compared with later; ``details`` the JSON
    of the operation's own part of the page; ``spoken`` the lines of the terminal, where a guide
    fixes them; ``button`` and ``promise`` what confirming says and means. ``second_person`` says
    why somebody else must agree, ``unattended`` why nobody may let it run unseen. ``words`` gives
    those of the fields that hold sentences, in the active language: whoever reads the plan later
    may speak another one than whoever made it.
    """

    summary: Text
    rows: int
    lines: tuple[dict[str, Any], ...] = field(default=())
    warnings: tuple[Text, ...] = field(default=())
    seal: str = ""
    blocked: Text = ""
    spoken: tuple[Text, ...] = field(default=())
    fixed: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    button: Text = ""
    promise: Text = ""
    seal_file: IO[bytes] | None = None
    second_person: tuple[Text, ...] = field(default=())
    unattended: tuple[Text, ...] = field(default=())
    words: Callable[[], dict[str, Any]] | None = None

    def digest(self) -> str:
        """64 hexadecimal digits that stand for exactly this plan, in whatever language."""
        with source_language():
            lines = [] if self.seal else [sorted_words(line) for line in self.lines]
            text = json.dumps([self.rows, lines, self.seal], default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    def require(self, digest: str) -> None:
        """Raise StalePlan unless ``digest`` is this plan's."""
        if digest != self.digest():
            raise StalePlan(self)


def sorted_words(line: dict[str, Any]) -> dict[str, Any]:
    """The line with its headings, which may be lazy, as texts in their order."""
    return dict(sorted((str(key), value) for key, value in line.items()))
