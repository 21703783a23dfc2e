"""The spool in the IVR's place: the same pages, from a file."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator

from ..domain.rows import Page
from ..domain.walks import Walk
from .completing import completed
from .reading import Spool


class FileSource:
    """What a pipeline reads; ``brought`` are the columns that the file has."""

    def __init__(self, spool: Spool, *, brought: Collection[str]) -> None:
        self.spool = spool
        self.brought = brought
        self.seconds = 0.0

    def pages(self, walk: Walk, *, size: int) -> Iterator[Page]:
        """Every page, each completed when it is asked for."""
        for frame in self.spool.frames():
            for part in frame.iter_slices(size):
                began = time.perf_counter()
                page = Page(frame=completed(part, brought=self.brought))
                self.seconds += time.perf_counter() - began
                yield page
