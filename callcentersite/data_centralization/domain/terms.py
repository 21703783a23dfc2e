"""For how long rows are kept, and what a policy may not do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_DAYS = 36_500
LEAST_FLOOR = 1
DEFAULT_FLOOR = 7


class BelowFloor(ValueError):
    """Fewer days than the policy's floor; or so many that no date is that old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Days, and the fewest that are allowed."""

    days: int
    floor: int = DEFAULT_FLOOR

    def __post_init__(self) -> None:
        if not max(self.floor, LEAST_FLOOR) <= self.days <= MOST_DAYS:
            raise BelowFloor(self.days)

    def cutoff(self, now: datetime) -> datetime:
        """Everything older than this may go."""
        return now - timedelta(days=self.days)
