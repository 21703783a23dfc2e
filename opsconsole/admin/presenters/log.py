"""Lines of the log as the page and the download show them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from ...models import JobLog, Level
from ...selectors.logs import LogPage, LogQuery


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its number, its local time of day, its level, its text."""

    seq: int
    time: str
    level: str
    message: str

    def as_json(self) -> list[int | str]:
        """The same for the script, without keys: there may be thousands."""
        return [self.seq, self.time, self.level, self.message]


def line_of(line: JobLog) -> Line:
    """A row as a line."""
    time = timezone.localtime(line.at).strftime("%H:%M:%S")
    return Line(line.seq, time, line.level, line.message)


def text_line(line: JobLog) -> str:
    """A row for the download, with its date and offset."""
    at = timezone.localtime(line.at).isoformat(sep=" ", timespec="milliseconds")
    return f"{at} [{line.level}] {line.message}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogView:
    """A page of the log, with the addresses of its neighbours."""

    lines: tuple[Line, ...]
    first: int
    last: int
    query: LogQuery
    earlier_url: str
    later_url: str
    levels: tuple[tuple[str, str], ...]
    download_query: str


def view_of(page: LogPage, query: LogQuery) -> LogView:
    """The page with its links; they are plain links, for a browser without scripts."""
    kept = {"level": query.level, "text": query.text}
    kept = {key: value for key, value in kept.items() if value}
    return LogView(
        lines=tuple(map(line_of, page.lines)),
        first=page.first,
        last=page.last,
        query=query,
        earlier_url=f"?{urlencode(kept | {'before': page.first})}#log" if page.earlier else "",
        later_url=f"?{urlencode(kept | {'after': page.last})}#log" if page.later else "",
        levels=level_choices(),
        download_query=f"?{urlencode(kept)}" if kept else "",
    )


def level_choices() -> tuple[tuple[str, str], ...]:
    """The choices of the level filter: each level means itself and what weighs more."""
    return (
        ("", _("todos")),
        (Level.INFO, _("INFO o más")),
        (Level.SUCCESS, _("SUCCESS o más")),
        (Level.WARNING, _("WARNING o más")),
        (Level.ERROR, _("solo ERROR")),
    )
