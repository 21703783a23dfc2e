"""One set of calls: how many, from which seed, how dirty, until when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from .draw import Draw
from .schedule import Schedule

# A range of their own, beyond 32 bits: real calls in the same database are left alone.
FIRST_CALL_ID = 3_000_000_001
MOST_CALLS = 100_000_000
UNTIL = date(2026, 10, 31)
BLOCK_CALLS = 100_000
MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSample:
    """The rows are a function of these four values and of nothing else.

    ``dirty`` is the share of rows that the ETL's rules reject (0 to 1); dirt that the rules mend
    comes on top. ``until`` is the last day with calls: fixed, because "today" would make other
    rows tomorrow.
    """

    calls: int
    seed: int
    dirty: float = 0.03
    until: date = UNTIL

    @property
    def draw(self) -> Draw:
        return Draw(self.seed)

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.calls, self.until, self.draw)

    @property
    def end_call_id(self) -> int:
        """The first id after the last call."""
        return FIRST_CALL_ID + self.calls

    @property
    def dirty_ppm(self) -> int:
        return round(self.dirty * MILLION)

    def ids(self, block_calls: int = BLOCK_CALLS) -> Iterator[pl.Series]:
        """The call ids, in blocks that bound the memory."""
        for first in range(FIRST_CALL_ID, self.end_call_id, block_calls):
            last = min(first + block_calls, self.end_call_id)
            yield pl.int_range(first, last, dtype=pl.Int64, eager=True).alias("call_id")
