"""Days in portions: so many rows of (day, queue) at a time, never part of a day."""

from collections.abc import Iterator
from datetime import date, timedelta

DEFAULT_BATCH_SIZE = 1_000
LARGEST_BATCH_SIZE = 100_000


def days_a_batch(size: int, *, queues: int, most: int) -> int:
    """How many days a batch of ``size`` rows holds: at least one, at most ``most``."""
    return max(1, min(size // max(queues, 1), most))


def batches(first: date, last: date, *, size: int) -> Iterator[list[date]]:
    """The days from first to last, both included, ``size`` at a time and in their order."""
    while first <= last:
        end = min(first + timedelta(days=size - 1), last)
        yield [first + timedelta(days=number) for number in range((end - first).days + 1)]
        first = end + timedelta(days=1)
