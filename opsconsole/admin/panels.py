"""Panels that apps put on the home page: ``admin.site.register_panel(function)``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from ..text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePanel:
    """A card of the home page: a title, and a template that gets ``panel`` and the context."""

    title: Text
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


# Asked at each visit; None: nothing for this person.
Panel = Callable[[HttpRequest], HomePanel | None]
