"""What a report has a row for."""

from enum import StrEnum


class Kind(StrEnum):
    """The rows of a report."""

    DAY_QUEUE = "day_queue"
    DAY = "day"
    QUEUE = "queue"

    @property
    def names_day(self) -> bool:
        """Whether each row is of one day."""
        return self is not Kind.QUEUE

    @property
    def names_queue(self) -> bool:
        """Whether each row is of one queue."""
        return self is not Kind.DAY


class Format(StrEnum):
    """How a report is written; the ending of its file."""

    PDF = "pdf"
    CSV = "csv"
    XLSX = "xlsx"
