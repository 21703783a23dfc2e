"""A file's rows as pages of the ETL, kept on disk until the last one has been understood.

So a file that turns out unreadable in its last line changes nothing, and memory holds one page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from callcentersite.apps.common.interchange.formats import Sheet
from callcentersite.apps.common.interchange.importing import batches

from ..domain.files.headings import Layout
from ..domain.files.keys import Keys
from ..domain.files.rules import ROW
from ..domain.rows import LEGACY_COLUMNS

PAGE_ROWS = 20_000
WHOLE_NUMBERS = ("call_id", "duration_s", "customer_id")
WHOLE = r"^\s*(-?\d+)[.,]0+\s*$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unkeyed:
    """A row without a number of its own: where it stood, what stood there, which rule."""

    row: int
    call_id: str
    reason: str


@dataclass(slots=True, kw_only=True)
class Spool:
    """The pages of one file in a folder; ``rows`` counts those that have a number."""

    folder: Path
    rows: int = 0
    unkeyed: dict[str, int] = field(default_factory=dict)
    _pages: list[Path] = field(default_factory=list)

    def fill(
        self,
        sheet: Sheet,
        layout: Layout,
        *,
        on_unkeyed: Callable[[Unkeyed], None] = lambda row: None,
        watch: Callable[[int], None] = lambda rows: None,
    ) -> None:
        """Read all of it; ``watch`` hears after each page how many rows there were."""
        keys, read = Keys(), 0
        for rows in batches(sheet.rows, PAGE_ROWS):
            good, bad = keys.split(frame_of(rows, sheet.headers, layout))
            self._keep(good)
            for row in refusals(bad):
                self.unkeyed[row.reason] = self.unkeyed.get(row.reason, 0) + 1
                on_unkeyed(row)
            read += len(rows)
            watch(read)

    def frames(self) -> Iterator[pl.DataFrame]:
        """The pages again, in their order."""
        for path in self._pages:
            yield pl.read_ipc(path)

    def _keep(self, frame: pl.DataFrame) -> None:
        if not frame.height:
            return
        path = self.folder / f"{len(self._pages)}.arrow"
        frame.write_ipc(path, compression="lz4")
        self._pages.append(path)
        self.rows += frame.height


def frame_of(
    rows: list[tuple[int, list[str]]], headings: Sequence[str], layout: Layout
) -> pl.DataFrame:
    """The rows under the IVR's names, every cell as text; an empty one is NULL."""
    places = {heading: place for place, heading in enumerate(headings)}
    columns = list(zip(*(cells for _number, cells in rows), strict=True))
    cells = {
        name: columns[places[layout.heading_of[name]]]
        for name in LEGACY_COLUMNS
        if name in layout.heading_of
    }
    frame = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))
    filled = [pl.when(pl.col(name) != "").then(cell(name)).alias(name) for name in cells]
    absent = [pl.lit(None, dtype=pl.String).alias(n) for n in LEGACY_COLUMNS if n not in cells]
    numbers = pl.Series(ROW, [number for number, _cells in rows], dtype=pl.Int64)
    return frame.with_columns(*filled, *absent).select(*LEGACY_COLUMNS).with_columns(numbers)


def cell(column: str) -> pl.Expr:
    """What stands there; of a whole number without the ``.0`` that some programs write."""
    text = pl.col(column)
    return text.str.replace(WHOLE, "$1") if column in WHOLE_NUMBERS else text


def refusals(bad: pl.DataFrame) -> Iterator[Unkeyed]:
    """The rows that have nowhere to go."""
    for row, call_id, reason in bad.select(ROW, "call_id", "reason").iter_rows():
        yield Unkeyed(row=row, call_id=call_id or "", reason=reason)
