"""What the console's templates say: chips, durations, moments, numbers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template

from ..admin.presenters import chips, words
from ..admin.presenters.run import title_of
from ..models import JobRun

register = template.Library()


@register.inclusion_tag("admin/opsconsole/includes/chip.html")
def chip(value: Any) -> dict[str, Any]:
    """The chip of a run, of a state, or one that is ready."""
    if isinstance(value, JobRun):
        value = chips.run_chip(value)
    return {"chip": chips.state_chip(value) if isinstance(value, str) else value}


@register.filter
def operation_title(run: JobRun) -> str:
    """What the run's operation is called."""
    return title_of(run)


@register.filter
def duration(value: timedelta | float | None) -> str:
    """``1 min 20 s``."""
    return words.duration(value)


@register.filter
def span(value: timedelta | float | None) -> str:
    """The same in whole seconds, for what ticks."""
    return words.span(value or 0)


@register.filter
def ago(value: datetime | None) -> str:
    """``hace 5 min``."""
    return words.ago(value)


@register.filter
def number(value: Any) -> str:
    """``12 880``."""
    return words.number(value)
