"""What an operation intends to do, before it does it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from .exceptions import OperationError
from .text import Text


class StalePlan(OperationError):
    """The world has changed since the plan was shown; ``plan`` is the new one."""

    exit_code = 3

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__(
            _("El plan ya no vale: no se cambió nada."),
            cause=_("Los datos cambiaron desde que se mostró. Ahora: %(summary)s")
            % {"summary": plan.summary},
            remedy=_("Revise el plan nuevo y confírmelo."),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What exactly would be touched: a sentence, the number of rows, a table of lines.

    ``seal`` is whatever identifies the selection beyond what is shown (a digest over keys and
    row versions, say); two plans are the same plan when their digests are. A ``blocked`` plan is
    shown and cannot be confirmed: it says why.
    """

    summary: Text
    rows: int
    lines: tuple[dict[str, Any], ...] = field(default=())
    warnings: tuple[Text, ...] = field(default=())
    seal: str = ""
    blocked: Text = ""

    def digest(self) -> str:
        """64 hexadecimal digits that stand for exactly this plan."""
        content = [self.rows, self.lines, self.seal]
        return hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()

    def require(self, digest: str) -> None:
        """Raise StalePlan unless ``digest`` is this plan's."""
        if digest != self.digest():
            raise StalePlan(self)
