"""What the beginning of a file would do: its first rows as they would be loaded, its refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from callcentersite.apps.analytics.models import Call
from callcentersite.apps.common.browsing import masked
from callcentersite.apps.common.interchange.formats import Sheet
from callcentersite.apps.common.interchange.limits import RUN
from callcentersite.apps.common.interchange.uploads import Upload

from ..domain.chunk import Chunk, Tally, judged
from ..domain.files.headings import Layout
from ..domain.files.rules import FileRules
from ..domain.reasons import reason
from ..domain.rows import Page
from ..domain.rules import Verdict
from ..domain.walks import ByKey
from .formats import format_of
from .loading import opened_spool, rules_for, target_for, unkeyed_tally
from .reading import Spool, Unkeyed
from .source import FileSource

LOOKED_AT = 2_000
SHOWN_ROWS, SHOWN_REFUSALS, SHOWN_SAMPLES = 8, 20, 3
SHOWN_CHARACTERS = 40
SHOWN_COLUMNS = ("call_id", "started_at", "ended_at", "duration_s", "disposition", "queue_code",
                 "agent_code", "ani")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The headings of a file and its first rows; ``is_all``: there are no others."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]
    is_all: bool

    def samples(self, heading: str) -> str:
        """The first values below a heading, for whoever has to say what it is."""
        place = self.headings.index(heading)
        cells = (cells[place] for _number, cells in self.rows)
        return " · ".join(short(cell) for cell in islice(filter(None, cells), SHOWN_SAMPLES))


@dataclass(slots=True, kw_only=True)
class Preview:
    """Counted, with the first of each to show."""

    is_all: bool
    tally: Tally
    columns: list[str]
    loaded: list[list[str]] = field(default_factory=list)
    refused: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def loads(self) -> bool:
        """Whether there is a row that would be loaded, or may be one further down."""
        return bool(self.tally.valid) or not self.is_all

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Each reason and how often, the most frequent first."""
        counts = sorted(self.tally.reasons.items(), key=lambda item: -item[1])
        return [(_(reason(code).title), count) for code, count in counts]

    @property
    def headings(self) -> list[str]:
        """What the columns of ``loaded`` are called."""
        return [str(Call._meta.get_field(name).verbose_name) for name in self.columns]  # type: ignore[union-attr]

    @property
    def shown(self) -> list[tuple[int, str, str]]:
        """The refusals to show, in the order of the file."""
        return sorted(self.refused)

    @property
    def hides_refusals(self) -> bool:
        """Whether there are more than are shown."""
        return self.tally.rejected > len(self.refused)

    def refuse(self, row: int, call_id: str, codes: list[str]) -> None:
        """Show it, if it is among the first."""
        if len(self.refused) < SHOWN_REFUSALS:
            self.refused.append((row, call_id, " · ".join(_(reason(c).title) for c in codes)))


def beginning_of(upload: Upload) -> Beginning:
    """Open it; raises UnreadableFile where that fails, or one of the first rows does."""
    with upload.opened() as file:
        sheet = format_of(upload.name).read(file, RUN)
        rows = list(islice(sheet.rows, LOOKED_AT + 1))
    return Beginning(headings=sheet.headers, rows=rows[:LOOKED_AT], is_all=len(rows) <= LOOKED_AT)


def preview_of(beginning: Beginning, layout: Layout, *, name: str, zone: str) -> Preview:
    """Judge the rows and rehearse their loading; nothing stays written."""
    rules, target = rules_for(name, zone=zone), target_for(None, dry_run=True)
    with opened_spool() as spool:
        preview = filled(spool, beginning, layout)
        source = FileSource(spool, brought=layout.heading_of)
        for page in source.pages(ByKey(), size=min(LOOKED_AT, target.batch_limit)):
            verdict = judge(page, rules, preview)
            lowest, highest = page.bounds
            chunk = Chunk(verdict=verdict, rows=page.rows, lowest=lowest, highest=highest)
            preview.tally.add(target.load(chunk))
    return preview


def filled(spool: Spool, beginning: Beginning, layout: Layout) -> Preview:
    """The spool with these rows, and what became of those without a number."""
    unkeyed: list[Unkeyed] = []
    sheet = Sheet(beginning.headings, iter(beginning.rows))
    spool.fill(sheet, layout, on_unkeyed=unkeyed.append)
    # What the file does not bring is filled in from the calls: it is not this page's to tell.
    columns = [name for name in SHOWN_COLUMNS if name in layout.heading_of]
    preview = Preview(is_all=beginning.is_all, tally=unkeyed_tally(spool), columns=columns)
    for row in unkeyed:
        preview.refuse(row.row, short(row.call_id), [row.reason])
    return preview


def judge(page: Page, rules: FileRules, preview: Preview) -> Verdict:
    """The verdict, told to the preview."""
    verdict = rules.judge(page)
    preview.tally.add(judged(verdict, rows=page.rows))
    for call_id, codes, raw in verdict.bad.select("call_id", "reasons", "raw").iter_rows():
        preview.refuse(json.loads(raw)["file_row"], str(call_id), json.loads(codes))
    missing = SHOWN_ROWS - len(preview.loaded)
    shown = verdict.good.head(missing).select(*preview.columns)
    for row in shown.iter_rows():
        preview.loaded.append(list(map(in_words, preview.columns, row)))
    return verdict


def in_words(column: str, value: Any) -> str:
    """A cell of a call as a person reads it; times in the site's zone, numbers of people masked.

    A number that the file has masked is the one that is known here by now.
    """
    if column == "ani":
        return masked(value)
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "d/m/Y H:i:s")
    return str(value)


def short(text: str) -> str:
    """A cell that does not stretch the table."""
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"


def unused(fields: Any, beginning: Beginning) -> list[tuple[str, str]]:
    """The headings that nobody has chosen, each with its first values."""
    chosen = {one.value() for one in fields}
    return [(one, beginning.samples(one)) for one in beginning.headings if one not in chosen]


def rows_of(fields: Any, beginning: Beginning) -> Iterator[tuple[Any, str]]:
    """Each field of the choice, with the samples of the heading that stands in it."""
    for one in fields:
        heading = one.value() or ""
        yield one, beginning.samples(heading) if heading in beginning.headings else ""
