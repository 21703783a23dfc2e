"""The log of a run, by pages that are walked by key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from ..models import JobLog, Level

PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """Which lines: of what weight at least, holding which text."""

    level: str = ""
    text: str = ""

    @property
    def levels(self) -> list[str]:
        """The levels of at least that weight; empty: all."""
        if self.level not in list(Level):
            return []
        least = Level(self.level).weight
        return [level for level in Level if level.weight >= least]

    def narrow(self, lines: QuerySet[JobLog]) -> QuerySet[JobLog]:
        """Filter the lines; bounded by the run's own, of which there are at most 100,000."""
        if self.levels and len(self.levels) < len(Level):
            lines = lines.filter(level__in=self.levels)
        return lines.filter(message__icontains=self.text) if self.text else lines


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """Some lines in their order, and whether there are others on either side."""

    lines: tuple[JobLog, ...] = ()
    earlier: bool = False
    later: bool = False

    @property
    def first(self) -> int:
        """The number of the first line; 0 where there is none."""
        return self.lines[0].seq if self.lines else 0

    @property
    def last(self) -> int:
        """The number of the last line; 0 where there is none."""
        return self.lines[-1].seq if self.lines else 0


def last_page(run_id: int, query: LogQuery, *, limit: int = PAGE) -> LogPage:
    """The end of the log."""
    rows = list(_lines(run_id, query).order_by("-seq")[: limit + 1])
    return LogPage(lines=tuple(reversed(rows[:limit])), earlier=len(rows) > limit)


def page_before(run_id: int, query: LogQuery, *, seq: int, limit: int = PAGE) -> LogPage:
    """What comes before a line."""
    rows = list(_lines(run_id, query).filter(seq__lt=seq).order_by("-seq")[: limit + 1])
    return LogPage(lines=tuple(reversed(rows[:limit])), earlier=len(rows) > limit, later=True)


def page_after(run_id: int, query: LogQuery, *, seq: int, limit: int = PAGE) -> LogPage:
    """What comes after a line."""
    rows = list(_lines(run_id, query).filter(seq__gt=seq).order_by("seq")[: limit + 1])
    return LogPage(lines=tuple(rows[:limit]), earlier=seq > 0, later=len(rows) > limit)


def every_line(run_id: int, query: LogQuery) -> Iterator[JobLog]:
    """All of it, a page at a time: a server-side cursor would not outlive a pooled connection."""
    seq, later = 0, True
    while later:
        page = page_after(run_id, query, seq=seq, limit=5_000)
        yield from page.lines
        seq, later = page.last, page.later


def _lines(run_id: int, query: LogQuery) -> QuerySet[JobLog]:
    return query.narrow(JobLog.objects.filter(run_id=run_id))
