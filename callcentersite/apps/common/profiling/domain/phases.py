"""How much is recorded after profiling is switched on: everything for a while, then a sample."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Phases:
    """``minutes`` of every request; after them ``sample_percent`` of the requests, for good."""

    minutes: int
    sample_percent: float

    def __post_init__(self) -> None:
        if self.minutes < 0:
            raise ValueError("PROFILING_MINUTES: no puede ser negativo.")
        if not 0 <= self.sample_percent <= 100:
            raise ValueError("PROFILING_SAMPLE_PERCENT: debe estar entre 0 y 100.")

    def everything_until(self, since: datetime) -> datetime:
        """When the first phase ends, for what was switched on at ``since``."""
        return since + timedelta(minutes=self.minutes)

    def share(self, since: datetime | None, *, now: datetime) -> float:
        """The share of the requests to record now; ``since`` None: nobody knows, so a sample."""
        if since is not None and since <= now < self.everything_until(since):
            return 1.0
        return self.sample_percent / 100
