"""The two nights of 2022 when the clocks of America/Mexico_City changed, the last ones so far.

In the spring night 02:00 to 02:59 never existed; in the autumn night 01:00 to 01:59 came twice.
A few calls are moved there, in such a way that the rules accept them: across the gap the clock on
the wall jumps an hour ahead, and in the double hour both ends lie in the same reading.
"""

from datetime import datetime

import polars as pl

from .draw import Draw

EPOCH = datetime(1970, 1, 1)
GAP = int((datetime(2022, 4, 3, 2) - EPOCH).total_seconds())  # 02:00:00 was 03:00:00
TWICE = int((datetime(2022, 10, 30, 1) - EPOCH).total_seconds())
HOUR = 3_600
NIGHT_SHARE = 0.004
TIMES = ("started", "answered", "ended", "updated")


def move_some_to_the_nights(calls: pl.LazyFrame, draw: Draw) -> pl.LazyFrame:
    """About four calls in a thousand happen in one of the two nights, half and half."""
    night = pl.when(draw.chance("night", NIGHT_SHARE)).then(
        pl.when(draw.chance("which night", 0.5)).then(GAP - HOUR).otherwise(TWICE)
    )
    moved = pl.col("night") + draw.below("night second", HOUR) - pl.col("started")
    return (
        calls.with_columns(night=night)
        .with_columns(moved=moved.fill_null(0))
        .with_columns(pl.col(name) + pl.col("moved") for name in TIMES)
        .with_columns(across_the_gap(name) for name in TIMES)
    )


def across_the_gap(name: str) -> pl.Expr:
    """What the clock on the wall says: nobody reads 02:15 in the spring night."""
    jumps = (pl.col("night") < TWICE) & (pl.col(name) >= GAP)
    return pl.col(name) + pl.when(jumps).then(HOUR).otherwise(0)
