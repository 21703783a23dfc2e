"""Believable calls for the legacy database: a pure function of size, seed, dirt and last day.

``calls_of`` gives the rows in blocks, ``corrections_of`` the changed rows of one turn of
corrections. Each block is a frame with exactly the columns of ``ivr_calls``, in order; dates are
text as MariaDB and SQLite take it, zero dates included.
"""

from collections.abc import Iterator

import polars as pl

from .clean import clean_calls
from .corrections import chosen_ids, correct
from .mended import ZERO_DATE, add_mended_dirt
from .nights import move_some_to_the_nights
from .rejected import KINDS, REASONS, add_rejected_dirt, kind_number
from .sample import BLOCK_CALLS, FIRST_CALL_ID, MOST_CALLS, UNTIL, CallSample
from .vocabulary import AGENTS, QUEUES

__all__ = [
    "AGENTS", "BLOCK_CALLS", "COLUMNS", "FIRST_CALL_ID", "KINDS", "MOST_CALLS", "QUEUES",
    "REASONS", "UNTIL", "CallSample", "calls_of", "corrections_of", "rows_of",
]  # fmt: skip

COLUMNS = (
    "call_id", "ani", "dnis", "queue_code", "agent_code", "started_at", "answered_at", "ended_at",
    "duration_s", "wait_s", "disposition", "menu_path", "language", "customer_id",
    "recording_file", "notes", "updated_at",
)  # fmt: skip


def calls_of(sample: CallSample, *, block_calls: int = BLOCK_CALLS) -> Iterator[pl.DataFrame]:
    """The calls of the sample, in blocks of at most ``block_calls``, ordered by call_id."""
    for ids in sample.ids(block_calls):
        yield rows_of(sample, ids)


def rows_of(sample: CallSample, ids: pl.Series) -> pl.DataFrame:
    """The rows with these ids, alone."""
    return finished(add_rejected_dirt(before_rejected_dirt(sample, ids), sample.draw))


def corrections_of(
    sample: CallSample, *, share: float, turn: int = 1, block_calls: int = BLOCK_CALLS
) -> Iterator[pl.DataFrame]:
    """About ``share`` of the sample's rows as a turn of corrections leaves them.

    Good rows changed or turned bad, bad rows turned good, ``updated_at`` later than in every
    earlier turn. The same turn twice is the same rows.
    """
    for ids in sample.ids(block_calls):
        chosen = chosen_ids(sample, ids, share=share, turn=turn)
        if len(chosen):
            corrected = correct(before_rejected_dirt(sample, chosen), sample, turn=turn)
            dirty = add_rejected_dirt(corrected, sample.draw)
            yield finished(dirty.with_columns(updated="corrected"))


def before_rejected_dirt(sample: CallSample, ids: pl.Series) -> pl.LazyFrame:
    calls = move_some_to_the_nights(clean_calls(sample, ids), sample.draw)
    return add_mended_dirt(calls, sample.draw).with_columns(kind=kind_number(sample))


def finished(calls: pl.LazyFrame) -> pl.DataFrame:
    """The columns of ``ivr_calls``, dates as text."""
    return calls.select(
        *("call_id", "ani", "dnis", "queue_code", "agent_code"),
        *(date_text(name).alias(f"{name}_at") for name in ("started", "answered", "ended")),
        pl.col("duration").alias("duration_s"),
        pl.col("wait").alias("wait_s"),
        *("disposition", "menu_path", "language", "customer_id", "recording_file", "notes"),
        date_text("updated").alias("updated_at"),
    ).collect()


def date_text(name: str) -> pl.Expr:
    """YYYY-MM-DD HH:MM:SS; null stays null."""
    is_zero = pl.col(name) == ZERO_DATE
    text = pl.from_epoch(pl.when(~is_zero).then(name)).dt.strftime("%Y-%m-%d %H:%M:%S")
    return pl.when(is_zero).then(pl.lit("0000-00-00 00:00:00")).otherwise(text)
