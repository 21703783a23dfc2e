"""A full load in parts: ranges of keys with about as many rows in each."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

MOST_PARTITIONS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """The calls above ``after``, up to and with ``last``; None: no end on that side.

    ``rows`` is how many there were when it was cut.
    """

    after: int | None = None
    last: int | None = None
    rows: int = 0

    @classmethod
    def of(cls, part: Mapping[str, Any]) -> "Partition":
        """Read back what ``as_part`` wrote."""
        return cls(after=part["after"], last=part["last"], rows=part["rows"])

    def as_part(self) -> dict[str, Any]:
        """As a run keeps it."""
        return asdict(self)


def even_sizes(rows: int, *, among: int) -> list[int]:
    """So many rows for each part, none of them empty unless there is nothing at all."""
    parts = max(1, min(rows, among))
    return [rows // parts + (number < rows % parts) for number in range(parts)]


def partitions(sizes: Sequence[int], *, cuts: Sequence[int]) -> list[Partition]:
    """The parts that end at the ``cuts``, and a last one that is open: rows may still come.

    Raises ValueError unless the cuts, one fewer than the sizes, ascend: a key belongs to one part.
    """
    if len(cuts) != len(sizes) - 1 or any(a >= b for a, b in pairwise(cuts)):
        raise ValueError(f"{list(cuts)} does not cut {len(sizes)} parts")
    bounds: list[int | None] = [None, *cuts, None]
    return [
        Partition(after=after, last=last, rows=rows)
        for (after, last), rows in zip(pairwise(bounds), sizes, strict=True)
    ]
