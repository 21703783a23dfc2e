"""Calls as they should be: who called when, how long it took, how it ended.

Times are local seconds since 1970 without a zone (Int64) and become text at the very end.
"""

import polars as pl

from .draw import Draw, one_of
from .sample import FIRST_CALL_ID, CallSample
from .vocabulary import (
    AGENTS,
    AGENTS_PER_SEGMENT,
    AREAS,
    BUSY_ENDINGS,
    BUSY_FROM,
    BUSY_WAIT,
    CALM_ENDINGS,
    CALM_WAIT,
    DAY_LOAD,
    DNIS,
    HOUR_LOAD,
    PATIENCE,
    QUEUES,
    SEGMENTS,
    TALK,
    TALK_PERCENT,
)

ANSWERED = ("ANSWERED", "TRANSFERRED")
THURSDAY = 3  # 1 January 1970
CALLS_PER_CALLER = 3


def clean_calls(sample: CallSample, ids: pl.Series) -> pl.LazyFrame:
    """The calls with these ids, without any dirt."""
    draw = sample.draw
    return (
        ids.to_frame()
        .lazy()
        .with_columns(index=pl.col("call_id") - FIRST_CALL_ID)
        .with_columns(started=sample.schedule.started("index"), queue=queue_number(draw))
        .with_columns(busy=busy(), segment=segment_number())
        .with_columns(disposition=disposition(draw), caller=caller(sample))
        .with_columns(is_answered=pl.col("disposition").is_in(ANSWERED))
        .with_columns(wait=wait(draw), talk=talk(draw), number=number(draw))
        .with_columns(duration=pl.col("wait") + pl.col("talk"))
        .with_columns(**call_columns(draw))
    )


def call_columns(draw: Draw) -> dict[str, pl.Expr]:
    answered = pl.col("is_answered")
    codes = pl.Series([queue.queue_code for queue in QUEUES])
    dnis = pl.Series([DNIS[segment] for segment in SEGMENTS])
    return {
        "answered": pl.when(answered).then(pl.col("started") + pl.col("wait")),
        "ended": pl.col("started") + pl.col("duration"),
        "queue_code": pl.lit(codes).gather(pl.col("queue")),
        "dnis": pl.lit(dnis).gather(pl.col("segment")),
        "agent_code": pl.when(answered).then(agent_code(draw)),
        "updated": pl.col("started") + pl.col("duration") + 1 + draw.below("updated", 5),
    }


def queue_number(draw: Draw) -> pl.Expr:
    weights: dict[str | None, int] = {
        str(number): weight for number, weight in enumerate(QUEUES.values())
    }
    return one_of(weights, draw.below("queue", sum(weights.values()))).cast(pl.Int64)


def segment_number() -> pl.Expr:
    segments = pl.Series([SEGMENTS.index(queue.segment) for queue in QUEUES], dtype=pl.Int64)
    return pl.lit(segments).gather(pl.col("queue"))


def busy() -> pl.Expr:
    """Whether the call comes at an hour when the agents cannot keep up."""
    hour = pl.lit(pl.Series(HOUR_LOAD, dtype=pl.Int64)).gather(pl.col("started") // 3_600 % 24)
    weekday = (pl.col("started") // 86_400 + THURSDAY) % 7
    return hour * pl.lit(pl.Series(DAY_LOAD, dtype=pl.Int64)).gather(weekday) >= BUSY_FROM


def disposition(draw: Draw) -> pl.Expr:
    return (
        pl.when(pl.col("busy"))
        .then(draw.pick("disposition", BUSY_ENDINGS))
        .otherwise(draw.pick("disposition", CALM_ENDINGS))
    )


def wait(draw: Draw) -> pl.Expr:
    """Seconds until somebody answered or the caller gave up."""
    served = (
        pl.when(pl.col("busy"))
        .then(draw.quantile("wait", BUSY_WAIT))
        .otherwise(draw.quantile("wait", CALM_WAIT))
    )
    return pl.when(pl.col("is_answered")).then(served).otherwise(draw.quantile("wait", PATIENCE))


def talk(draw: Draw) -> pl.Expr:
    percents = pl.Series([TALK_PERCENT[segment] for segment in SEGMENTS], dtype=pl.Int64)
    seconds = draw.quantile("talk", TALK) * pl.lit(percents).gather(pl.col("segment")) // 100
    return pl.when(pl.col("is_answered")).then(seconds).otherwise(0)


def caller(sample: CallSample) -> pl.Expr:
    """Who calls: the same people come back, from the same number."""
    return sample.draw.below("caller", sample.calls // CALLS_PER_CALLER + 1)


def number(draw: Draw) -> pl.Expr:
    """The caller's ten digits, as a number: area code and subscriber."""
    position = draw.below("area", sum(AREAS.values()), "caller")
    area = one_of(AREAS, position).cast(pl.Int64)
    short = area * 10**8 + 2 * 10**7 + draw.below("number", 8 * 10**7, "caller")
    long = area * 10**7 + 2 * 10**6 + draw.below("number", 8 * 10**6, "caller")
    return pl.when(area < 100).then(short).otherwise(long)


def agent_code(draw: Draw) -> pl.Expr:
    codes = pl.Series([agent.agent_code for agent in AGENTS])
    position = pl.col("segment") * AGENTS_PER_SEGMENT + draw.below("agent", AGENTS_PER_SEGMENT)
    return pl.lit(codes).gather(position)
