"""Daily figures gathered into the rows of a report."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from callcentersite.apps.analytics.domain.metrics import Figures

from .kinds import Kind

Daily = tuple[date, str, Figures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The figures of a day, of a queue, or of both; of everything where it names neither."""

    day: date | None = None
    queue: str | None = None
    figures: Figures


def lines(found: Iterable[Daily], kind: Kind) -> Iterator[Line]:
    """The rows of a report of this kind; ``found`` comes in the order of the days."""
    if kind is Kind.DAY:
        return by_day(found)
    if kind is Kind.QUEUE:
        return by_queue(found)
    return (Line(day=day, queue=queue, figures=figures) for day, queue, figures in found)


def by_day(found: Iterable[Daily]) -> Iterator[Line]:
    """All queues of a day together; holds one day at a time."""
    for day, members in groupby(found, key=itemgetter(0)):
        yield Line(day=day, figures=total(figures for _day, _queue, figures in members))


def by_queue(found: Iterable[Daily]) -> Iterator[Line]:
    """All days of a queue together; holds one sum per queue."""
    sums: dict[str, Figures] = {}
    for _day, queue, figures in found:
        sums[queue] = sums.get(queue, Figures()) + figures
    for queue in sorted(sums):
        yield Line(queue=queue, figures=sums[queue])


def total(figures: Iterable[Figures]) -> Figures:
    """All of them together."""
    return sum(figures, Figures())
