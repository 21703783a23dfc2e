"""What a report is asked to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .dates import Dates, dates_of
from .kinds import Format, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """The rows, the days, the queue (None: all of them) and the format."""

    kind: Kind
    dates: Dates
    queue: str | None
    format: Format

    @property
    def file_name(self) -> str:
        """What the file is called on the desk of whoever downloads it."""
        about = [self.kind.replace("_", "-"), *([self.queue.lower()] if self.queue else [])]
        days = f"{self.dates.first.isoformat()}-{self.dates.last.isoformat()}"
        return f"metricas-{'-'.join(about)}-{days}.{self.format}"


def request_of(values: Mapping[str, Any], *, today: date, default_format: str) -> ReportRequest:
    """What the cleaned form asks for; raises InvalidDates."""
    return ReportRequest(
        kind=Kind(values["kind"]),
        dates=dates_of(
            period=values.get("period") or "",
            since=values.get("since"),
            until=values.get("until"),
            today=today,
        ),
        queue=values.get("queue") or None,
        format=Format(values.get("format") or default_format),
    )
