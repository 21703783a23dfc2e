"""Which of the expected times nothing came at; no Django, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# A machine's clock may be a little ahead of the database's.
EARLY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run from when it was asked for to its end; None: it is still under way."""

    began: datetime
    ended: datetime | None


def uncovered(
    times: Sequence[datetime], spans: Iterable[Span], *, grace: timedelta
) -> list[datetime]:
    """The times at which no run began, up to ``grace`` later, and none was under way.

    While one is under way the next is refused, which is no absence. Both in order of time.
    """
    waiting = iter(sorted(spans, key=lambda span: span.began))
    following = next(waiting, None)
    reach: datetime | None = None  # up to when the runs seen so far cover
    missing = []
    for moment in times:
        while following is not None and following.began - grace <= moment:
            reach = further(reach, covered_until(following, moment))
            following = next(waiting, None)
        if reach is None or reach < moment:
            missing.append(moment)
    return missing


def covered_until(span: Span, moment: datetime) -> datetime:
    """Up to when this run answers for a time."""
    if span.ended is None:
        return datetime.max.replace(tzinfo=moment.tzinfo)
    return max(span.began + EARLY, span.ended)


def further(reach: datetime | None, until: datetime) -> datetime:
    """The later of the two."""
    return until if reach is None else max(reach, until)
