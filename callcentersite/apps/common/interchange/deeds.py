"""What the audit is to be told of one row that an import wrote."""

from __future__ import annotations

from typing import Any, NamedTuple

from callcentersite.apps.audit.services import Action, Target


class Deed(NamedTuple):
    """As ``audit.record`` takes it."""

    action: Action
    target: Target
    detail: dict[str, Any]
