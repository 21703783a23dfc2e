"""The daily sums of a chunk of calls, as ``analytics.daily`` adds them up."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from .rules import SPOKEN

spoken = pl.col("disposition").is_in(SPOKEN)
wait, talk = (pl.col(name).filter(spoken).cast(pl.Int64) for name in ("wait_s", "talk_s"))


def daily_sums(calls: pl.DataFrame, *, zone: str, sla: Mapping[str, int]) -> list[tuple[Any, ...]]:
    """One row per local day and queue: (day, queue, offered, answered, abandoned, within the
    queue's ``sla`` seconds, sum and maximum of the wait, of the talk); the last four in seconds
    and of answered calls only.
    """
    day = pl.col("started_at").dt.convert_time_zone(zone).dt.date().alias("day")
    limit = pl.col("queue_code").replace_strict(
        list(sla), list(sla.values()), default=None, return_dtype=pl.Int64
    )
    sums = calls.group_by(day, "queue_code").agg(
        pl.len().alias("offered"),
        spoken.sum().alias("answered"),
        (pl.col("disposition") == "ABANDONED").sum().alias("abandoned"),
        (spoken & (pl.col("wait_s") <= limit)).sum().alias("within_sla"),
        wait.sum().alias("wait_sum_s"),
        wait.max().fill_null(0).alias("wait_max_s"),
        talk.sum().alias("talk_sum_s"),
        talk.max().fill_null(0).alias("talk_max_s"),
    )
    # Always in the same order: two writers would otherwise wait for each other.
    return sums.sort("day", "queue_code").rows()


def months_of(calls: pl.DataFrame, *, zone: str) -> dict[str, int]:
    """How many calls began in each local month: ``2024-01``."""
    month = pl.col("started_at").dt.convert_time_zone(zone).dt.strftime("%Y-%m").alias("month")
    return dict(calls.group_by(month).len().sort("month").rows())
