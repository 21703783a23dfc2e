"""How long, as people type it: 30s, 10m, 2h, 7d; no Django, no clock."""

from __future__ import annotations

import re
from datetime import timedelta

LENGTH = re.compile(r"(\d{1,6})([smhd])")
SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def parsed(text: str, *, most: timedelta) -> timedelta:
    """``10m``; raises ValueError for what is none, is nothing, or is longer than that."""
    match = LENGTH.fullmatch(text.strip())
    found = timedelta(seconds=int(match[1]) * SECONDS[match[2]]) if match else timedelta()
    if not timedelta() < found <= most:
        raise ValueError(text)
    return found


def typed(length: timedelta) -> str:
    """The same the other way round, in the largest unit that it is a whole number of."""
    seconds = int(length.total_seconds())
    unit = next(one for one in ("d", "h", "m", "s") if seconds % SECONDS[one] == 0)
    return f"{seconds // SECONDS[unit]}{unit}"
