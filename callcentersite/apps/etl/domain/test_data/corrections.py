"""Corrections: rows changed in place afterwards, with ``updated_at`` moved forward.

Good rows change or turn bad, bad rows turn good: what a supervisor and a careless import do.
"""

from datetime import date, timedelta

import polars as pl

from .draw import Draw, u64
from .nights import EPOCH
from .rejected import KINDS
from .sample import CallSample

DAYS_AFTER = 5  # after the last day: later than any updated_at of the sample
TURN_BAD = 0.1
CORRECTED_NOTE = "Corregida por supervisión"


def chosen_ids(sample: CallSample, ids: pl.Series, *, share: float, turn: int) -> pl.Series:
    """The ids that this turn corrects, about ``share`` of them."""
    chance = correcting(sample, turn).chance("chosen", share)
    return ids.to_frame().filter(chance)["call_id"]


def correcting(sample: CallSample, turn: int) -> Draw:
    """The draws of a turn, apart from those that made the calls."""
    return Draw(Draw(sample.seed).number("corrections", turn))


def correct(calls: pl.LazyFrame, sample: CallSample, *, turn: int) -> pl.LazyFrame:
    """Change the rows, before the rejected dirt goes in."""
    draw = correcting(sample, turn)
    turned_bad = pl.when(draw.chance("turn bad", TURN_BAD)).then(draw.below("kind", len(KINDS)))
    longer = pl.when("is_answered").then(1 + draw.below("longer", 120)).otherwise(0)
    return calls.with_columns(longer=longer).with_columns(
        kind=pl.when(pl.col("kind").is_null()).then(turned_bad),
        ended=pl.col("ended") + pl.col("longer"),
        duration=pl.col("duration") + pl.col("longer"),
        notes=pl.lit(CORRECTED_NOTE),
        corrected=first_second(sample.until, turn) + draw.below("second", 3_600),
    )


def first_second(until: date, turn: int) -> pl.Expr:
    """The hour of a turn; each turn is later than the one before."""
    day = until + timedelta(days=DAYS_AFTER)
    seconds = (day - EPOCH.date()).days * 86_400 + turn * 3_600
    return u64(seconds).cast(pl.Int64)
