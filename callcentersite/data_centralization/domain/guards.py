"""What looks wrong about a removal before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

USUAL_TIMES = 5
LAST_RUNS = 10
FEWEST_RUNS = 3
MOST_SHARE = 0.8
FEWEST_FOR_SHARE = 100
CLOCKS_MAY_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What the last removals of a policy came to."""

    least: int
    most: int
    median: float


def usual(rows: Sequence[int]) -> Usual | None:
    """Of the last ten; None where there are too few to know."""
    last = [count for count in rows if count][:LAST_RUNS]
    if len(last) < FEWEST_RUNS:
        return None
    return Usual(least=min(last), most=max(last), median=median(last))


def is_far_beyond(rows: int, known: Usual | None) -> bool:
    """Whether so many rows have hardly ever gone before."""
    return known is not None and rows > USUAL_TIMES * known.median


def is_nearly_everything(rows: int, *, total: int) -> bool:
    """Whether next to nothing of the table would be left."""
    return rows >= FEWEST_FOR_SHARE and rows >= MOST_SHARE * total


def clocks_disagree(ours: datetime, theirs: datetime) -> bool:
    """Whether this computer and its database live in different times."""
    return abs(ours - theirs) > CLOCKS_MAY_DIFFER
