"""What many measurements of the same thing come to."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """The middle one; 0 of none."""
    return statistics.median(values) if values else 0.0


def percentile(values: Sequence[float], percent: int) -> float:
    """The least value that ``percent`` of all do not exceed (nearest rank); 0 of none."""
    if not values:
        return 0.0
    rank = math.ceil(percent / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]


def share(part: float, whole: float) -> float:
    """``part`` of ``whole``, 0 to 1."""
    return part / whole if whole > 0 else 0.0
