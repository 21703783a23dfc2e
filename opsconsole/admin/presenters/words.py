"""Durations, moments and numbers in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def duration(value: timedelta | float | None) -> str:
    """``6,9 s`` · ``42 s`` · ``1 min 20 s`` · ``2 h 5 min`` · ``3 d 4 h``."""
    if value is None:
        return "–"
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    if 0 < seconds < 0.05:
        return f"< {number(0.1)} s"
    if seconds < 9.95:
        return f"{number(round(max(seconds, 0.0), 1))} s"
    whole = round(seconds)
    for size, unit, rest_size, rest_unit in (
        (86_400, "d", 3_600, "h"),
        (3_600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        if whole >= size:
            rest = whole % size // rest_size
            return f"{whole // size} {unit}" + (f" {rest} {rest_unit}" if rest else "")
    return f"{whole} s"


def span(value: timedelta | float) -> str:
    """A duration from ten seconds on in whole seconds, below it too: for what ticks."""
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    return duration(seconds) if seconds >= 9.95 else f"{int(max(seconds, 0))} s"


def ago(moment: datetime | None, *, now: datetime | None = None) -> str:
    """``hace 42 s`` · ``hace 5 min`` · ``hace 3 h`` · ``ayer`` · ``hace 4 días``."""
    if moment is None:
        return "–"
    seconds = ((now or timezone.now()) - moment).total_seconds()
    if seconds < 60:
        return _("hace %(seconds)s s") % {"seconds": max(int(seconds), 0)}
    if seconds < 3_600:
        return _("hace %(minutes)s min") % {"minutes": int(seconds // 60)}
    if seconds < 86_400:
        return _("hace %(hours)s h") % {"hours": int(seconds // 3_600)}
    days = int(seconds // 86_400)
    return ngettext("hace %(days)s día", "hace %(days)s días", days) % {"days": days}


def number(value: object) -> str:
    """A number in the reader's way of writing; anything else as it is."""
    if isinstance(value, bool):
        return _("sí") if value else _("no")
    if isinstance(value, (int, float)):
        return str(number_format(value, use_l10n=True, force_grouping=True))
    return str(value)
