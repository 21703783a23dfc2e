"""``{% mailbox_bell %}`` in the header of every page."""

from __future__ import annotations

from typing import Any

from django import template

from .. import bell

register = template.Library()


@register.inclusion_tag("admin/notifications/bell.html", takes_context=True)
def mailbox_bell(context: Any) -> dict[str, Any]:
    """The bell of whoever is logged in; nothing, and no query, for anybody else."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return {}
    return {"bell": bell.bell_of(user)}
