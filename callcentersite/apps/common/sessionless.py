"""Views that know who asks by other means than a session: its cookie means nothing to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def sessionless(view: View) -> View:
    """Mark a view that neither reads nor renews a session, and speaks for itself when closed."""
    view.is_sessionless = True  # type: ignore[attr-defined]
    return view


def ignores_session(view: Callable[..., Any]) -> bool:
    """Whether the view is marked so."""
    return getattr(view, "is_sessionless", False)
