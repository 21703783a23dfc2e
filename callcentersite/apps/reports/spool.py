"""The rows of a report on their way to its file: on disk, so that memory stays flat."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date
from types import TracebackType

from callcentersite.apps.analytics.domain.metrics import Figures

from .document import total_label
from .domain.kinds import Kind
from .domain.rows import Line
from .domain.table import Row, cells, columns_of, total_cells

IN_MEMORY_BYTES = 2 * 1024 * 1024


class Spool:
    """Rows written once and read once; in between their number and their total are known.

    So the database is read quickly and let go, the page numbers are right, and what one format
    shows is what another one does.
    """

    def __init__(self, kind: Kind) -> None:
        self.columns = columns_of(kind)
        self.rows = 0
        self._names_day = kind.names_day
        self._figures = Figures()
        self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115 (closed by __exit__)
            IN_MEMORY_BYTES, mode="w+", encoding="utf-8"
        )

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, line: Line) -> None:
        """Keep a row."""
        row = cells(line, self.columns)
        print(json.dumps(row, default=date.isoformat), file=self._file)
        self._figures += line.figures
        self.rows += 1

    @property
    def total(self) -> Row | None:
        """The last row of the report; None where there are no rows."""
        if not self.rows:
            return None
        return total_cells(self._figures, self.columns, label=total_label())

    def read(self) -> Iterator[Row]:
        """The rows again, in their order."""
        self._file.seek(0)
        for text in self._file:
            row = json.loads(text)
            if self._names_day:
                row[0] = date.fromisoformat(row[0])
            yield tuple(row)
