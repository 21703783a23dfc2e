"""Requests that a page makes by itself: they are no sign that anybody sits before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

View = TypeVar("View", bound=Callable[..., Any])

# What static/opsconsole/refresh.js sends when it fetches the page that it is on.
BY_ITSELF = "refresh"


def polled(view: View) -> View:
    """Mark a view that only scripts ask, again and again."""
    view.is_polled = True  # type: ignore[attr-defined]
    return view


def asks_by_itself(request: HttpRequest, view: Callable[..., Any]) -> bool:
    """Whether the page, not a person, asks."""
    return getattr(view, "is_polled", False) or request.headers.get("X-Requested-With") == BY_ITSELF
