"""The dirt that the rules reject, each kind with the reason it earns.

Every window of 1/dirty calls has one such row at a random place, and the kinds take turns: the
share is exact and no kind is missing from a sample of some size.
"""

import polars as pl

from .draw import Draw, u64
from .mended import ZERO_DATE
from .nights import GAP, HOUR
from .sample import FIRST_CALL_ID, MILLION, CallSample

REASONS = {
    "started null": "started_missing",
    "started zero": "started_missing",
    "started in the hour that never was": "started_missing",
    "ended null": "ended_missing",
    "ended zero": "ended_missing",
    "ended in the hour that never was": "ended_missing",
    "ended first": "ended_before_started",
    "answered null": "answered_missing",
    "answered zero": "answered_missing",
    "answered too early": "answered_out_of_range",
    "answered too late": "answered_out_of_range",
    "duration null": "duration_invalid",
    "duration negative": "duration_invalid",
    "duration huge": "duration_invalid",
    "duration wrong": "duration_mismatch",
    "queue null": "queue_unknown",
    "queue unknown": "queue_unknown",
    "queue cut": "queue_unknown",
    "disposition null": "disposition_unknown",
    "disposition unknown": "disposition_unknown",
    "everything": "disposition_unknown",
}  # kind: the reason it earns at least; "everything" earns four
KINDS = tuple(REASONS)

UNKNOWN_QUEUES: dict[str | None, int] = {"VENTAS9": 1, "COLA-99": 1, "NA VENTAS": 1, "": 1}
UNKNOWN_ENDINGS: dict[str | None, int] = {
    "ANSWERD": 1, "ABANDONO": 1, "": 1, "TRANSFERRED_EXTERNAL"[:16]: 1,
}  # fmt: skip
HUGE: dict[str | None, int] = {"86401": 1, "90000": 1, "2147483647": 1}  # the last is INT's limit

Changes = dict[str, dict[str, pl.Expr]]  # column → kind → what it holds then


def kind_number(sample: CallSample) -> pl.Expr:
    """Which kind of dirt the call has (its place in KINDS); null when it has none."""
    ppm, index = sample.dirty_ppm, pl.col("call_id") - FIRST_CALL_ID
    if ppm == 0:
        return pl.lit(None, dtype=pl.Int64)
    frame_window = index * ppm // MILLION
    first = (frame_window * MILLION + ppm - 1) // ppm
    after = ((frame_window + 1) * MILLION + ppm - 1) // ppm
    chosen = first + place_in_window(sample.draw, frame_window, after - first)
    turn = (frame_window + sample.seed % len(KINDS)) % len(KINDS)
    return pl.when(index == chosen).then(turn)


def place_in_window(draw: Draw, window: pl.Expr, size: pl.Expr) -> pl.Expr:
    mixed = (window.cast(pl.UInt64) + u64(1)) * u64(draw.start("window") | 1)
    return ((mixed // u64(2**24)) % size.cast(pl.UInt64)).cast(pl.Int64)


def add_rejected_dirt(calls: pl.LazyFrame, draw: Draw) -> pl.LazyFrame:
    """Spoil the rows that have a kind. Only they are touched, so the others cost nothing."""
    clean = calls.filter(pl.col("kind").is_null())
    dirty = calls.filter(pl.col("kind").is_not_null())
    for changes in (moved_to_the_gap(draw), spoiled(draw)):
        dirty = dirty.with_columns(
            **{column: by_kind(column, kinds) for column, kinds in changes.items()}
        )
    return pl.concat([clean, dirty]).sort("call_id")


def by_kind(column: str, kinds: dict[str, pl.Expr]) -> pl.Expr:
    result = pl.col(column)
    for kind, expression in kinds.items():
        chosen = pl.col("kind") == KINDS.index(kind)
        result = pl.when(chosen).then(expression).otherwise(result)
    return result


def moved_to_the_gap(draw: Draw) -> Changes:
    """The calls of the spring night, when one end lies in the hour that never was."""
    before, after = pl.lit(GAP - HOUR), pl.lit(GAP + HOUR)
    start, end = "started in the hour that never was", "ended in the hour that never was"
    return {
        "started": {start: GAP + draw.below("gap second", HOUR), end: before},
        "answered": {
            start: pl.when("is_answered").then(after + pl.col("wait").fill_null(0)),
            end: pl.when("is_answered").then(before + pl.col("wait").fill_null(0)),
        },
        "ended": {start: after + pl.col("duration"), end: GAP + draw.below("gap second", HOUR)},
        "updated": {start: after + pl.col("duration") + 5, end: after},
    }


def spoiled(draw: Draw) -> Changes:
    none, zero = pl.lit(None, dtype=pl.Int64), pl.lit(ZERO_DATE)
    some, text = 1 + draw.below("spoiled by", 60), pl.lit(None, dtype=pl.String)
    answered, queues = pl.lit("ANSWERED"), draw.pick("wrong queue", UNKNOWN_QUEUES)
    return {
        "started": {"started null": none, "started zero": zero, "everything": zero},
        "ended": {
            "ended null": none, "ended zero": zero, "ended first": pl.col("started") - some,
        },
        "answered": {
            "answered null": none, "answered zero": zero,
            "answered too early": pl.col("started") - some,
            "answered too late": pl.col("ended") + some,
        },
        "duration": {
            "duration null": none, "duration negative": -some, "everything": -some,
            "duration huge": draw.pick("huge", HUGE).cast(pl.Int64),
            "duration wrong": pl.col("ended") - pl.col("started") + 2 + some * some // 2 + 1,
        },
        "queue_code": {
            "queue null": text, "queue unknown": queues, "everything": queues,
            "queue cut": pl.lit("PUE_LENGUAS_ORIGINARIAS"[:16]),
        },
        "disposition": {
            "disposition null": text, "everything": pl.lit(""),
            "disposition unknown": draw.pick("wrong disposition", UNKNOWN_ENDINGS),
            "answered null": answered, "answered zero": pl.lit("TRANSFERRED"),
            "answered too early": answered, "answered too late": answered,
        },
    }  # fmt: skip
