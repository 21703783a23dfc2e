"""A call's values on their way out: phone numbers masked unless they may leave whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from callcentersite.apps.common.browsing import masked
from opsconsole.masking import Masker

Row = tuple[Any, ...]
Change = Callable[[Any], Any]


def discreet(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[Row]:
    """The rows without whole phone numbers: the caller's, and those that somebody noted down."""
    changes: dict[str, Change] = {"ani": masked, "notes": Masker().mask}
    at = [(columns.index(name), change) for name, change in changes.items() if name in columns]
    for row in rows:
        cells = list(row)
        for place, change in at:
            if cells[place]:
                cells[place] = change(cells[place])
        yield tuple(cells)
