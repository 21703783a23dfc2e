"""Local months, by which calls are archived."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

TEXT = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """``2025-01``."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Understand ``2025-01``; raises ValueError for anything else."""
        match = TEXT.fullmatch(text.strip())
        if match is None:
            raise ValueError(text)
        return cls.of(date(int(match[1]), int(match[2]), 1))

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def end(self) -> date:
        """The first day that is no longer of it."""
        return (self.first + timedelta(days=31)).replace(day=1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"
