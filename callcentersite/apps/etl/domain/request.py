"""What somebody asked a run of the ETL to read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from .watermark import STAMP

DEFAULT_BATCH_SIZE = 50_000
LARGEST_BATCH_SIZE = 500_000
MOST_CALL_IDS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The run's parameters, understood; ``until`` is the first stamp past the end."""

    since: str | None = None
    until: str | None = None
    full: bool = False
    batch_size: int = DEFAULT_BATCH_SIZE
    dry_run: bool = False
    call_ids: tuple[int, ...] = ()
    partitions: int = 1

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> "Request":
        """Understand the form's values; raises ValueError for what the form would refuse."""
        return cls(
            since=since_stamp(params.get("since") or ""),
            until=until_stamp(params.get("until") or ""),
            full=bool(params.get("full")),
            batch_size=int(params.get("batch_size") or DEFAULT_BATCH_SIZE),
            dry_run=bool(params.get("dry_run")),
            call_ids=call_ids(params.get("call_ids") or ""),
            partitions=int(params.get("partitions") or 1),
        )

    @property
    def is_range(self) -> bool:
        """Whether it asks for the calls of some time only."""
        return self.since is not None or self.until is not None


def since_stamp(text: str) -> str | None:
    """The first stamp of a range: a date is its midnight."""
    return moment(text)[0].strftime(STAMP) if text else None


def until_stamp(text: str) -> str | None:
    """The first stamp past a range: a date belongs to it, whole; a time is its end."""
    if not text:
        return None
    end, is_day = moment(text)
    return (end + timedelta(days=is_day)).strftime(STAMP)


def moment(text: str) -> tuple[datetime, bool]:
    """A local date or time, and whether it is a whole day.

    Accepts ``2025-01-31``, ``2025-01-31 18:00`` and ``2025-01-31T18:00:00``; raises ValueError for
    anything else, such as the 30th of February or a time with a zone.
    """
    text = str(text).strip()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is not None:
            raise ValueError("a time of the site has no zone") from None
        return instant, False
    return datetime.combine(day, datetime.min.time()), True


def call_ids(text: str) -> tuple[int, ...]:
    """The keys of a list separated by commas, each once, in order; raises ValueError."""
    return tuple(sorted({int(part) for part in str(text).replace(",", " ").split()}))
