"""What a check finds: rows that break a promise, how many, and a few of them to look at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

SAMPLE = 20


class Severity(StrEnum):
    """How bad it is: an error is wrong by itself, a warning is what somebody should look at."""

    WARNING = "warning"
    ERROR = "error"

    def reaches(self, least: Severity) -> bool:
        """Whether it is at least as bad."""
        order = list(Severity)
        return order.index(self) >= order.index(least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offender:
    """One row, by its key, with a sentence about it.

    ``version`` changes with the row, as far as its mending is concerned. ``mendable`` false: of
    this one row only a person can say what is right. ``sought`` is what the list of its model is
    filtered by, where that is not the key.
    """

    key: int | str
    text: str
    version: int = 0
    mendable: bool = True
    sought: str = ""

    @property
    def number(self) -> int:
        """63 bits that stand for the key: itself, where it is a number."""
        return self.key if isinstance(self.key, int) else mixed(self.key)


def mixed(*values: object) -> int:
    """63 bits that change with any of the values."""
    digest = hashlib.blake2b(repr(values).encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check came to; ``mendable`` are those of ``count`` that the console can mend."""

    check: str
    severity: Severity
    count: int = 0
    mendable: int = 0
    sample: tuple[Offender, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What all of them came to."""

    findings: tuple[Finding, ...]

    @property
    def issues(self) -> int:
        """All offenders."""
        return sum(one.count for one in self.findings)

    @property
    def mendable(self) -> int:
        """Those that the console can mend."""
        return sum(one.mendable for one in self.findings)

    @property
    def broken(self) -> tuple[Finding, ...]:
        """The checks that found something, the worst first."""
        found = (one for one in self.findings if one.count)
        return tuple(sorted(found, key=lambda one: one.severity is not Severity.ERROR))

    def of(self, severity: Severity) -> int:
        """Offenders of one severity."""
        return sum(one.count for one in self.findings if one.severity is severity)

    def fails(self, fail_on: Severity) -> bool:
        """Whether anything is at least so bad."""
        return any(one.severity.reaches(fail_on) for one in self.broken)


def counted(found: Iterable[Offender], *, check: str, severity: Severity) -> Finding:
    """Count what passes by; holds no more than the sample."""
    count = mendable = 0
    sample: list[Offender] = []
    for offender in found:
        count += 1
        mendable += offender.mendable
        if len(sample) < SAMPLE:
            sample.append(offender)
    return Finding(
        check=check, severity=severity, count=count, mendable=mendable, sample=tuple(sample)
    )
