"""What a plan to mend has seen, row by row, so that another row is noticed before it is touched."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from callcentersite.data_centralization.domain.seals import (
    Drift,
    Seal,
    Word,
    drift,
    records,
    sealed,
)
from callcentersite.data_centralization.sealing import Drifted
from opsconsole.models import SealedPlan

from .domain.findings import Offender
from .registry import Check, Key

BATCH = 500


def mendable(check: Check) -> Iterator[Offender]:
    """The offenders that a mend is for."""
    return (offender for offender in check.find() if offender.mendable)


def words(check: Check) -> Iterator[Word]:
    """A word a row, in the order of the numbers; sorted in memory where ``find`` has no order."""
    found = (word_of(offender) for offender in mendable(check))
    return found if check.in_order else iter(sorted(found))


def word_of(offender: Offender) -> Word:
    """The row stands for itself: one bit, one version."""
    return offender.number, 1, offender.version


@dataclass(slots=True, kw_only=True)
class SealFile:
    """The seals of several checks in one temporary file."""

    file: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    def write(self, check: Check) -> dict[str, Any]:
        """Seal what the check finds now; return what run() must not find out anew."""
        seal, begin = Seal(), self.file.tell()
        for block in seal.through(words(check)):
            self.file.write(block)
        place = [begin, self.file.tell() - begin]
        return {"name": check.name, "rows": seal.rows, "digest": seal.digest, "place": place}


def require_same(plan: SealedPlan, facts: dict[str, Any], check: Check) -> None:
    """Raise Drifted, with the difference, unless the check finds exactly what was sealed."""
    if sealed(words(check)).digest != facts["digest"]:
        raise Drifted({check.name: difference(plan, facts, words(check))})


def difference(plan: SealedPlan, facts: dict[str, Any], now: Iterator[Word]) -> Drift:
    """New, changed, gone."""
    with plan.seal_file.open("rb") as file:
        begin, length = facts["place"]
        file.seek(begin)
        return drift(records(file, length=length), now)


class Keys:
    """The keys of what is to be mended, on disk, while they are compared with the seal."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115 (closed by __exit__)
            1 << 20, mode="w+", encoding="utf-8"
        )

    def __enter__(self) -> Keys:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._file.close()

    def require_sealed(self, plan: SealedPlan, facts: dict[str, Any]) -> None:
        """Find them once more, and raise Drifted unless they are those of the plan."""
        found = (word_of(offender) for offender in self._noted())
        in_order = found if self.check.in_order else iter(sorted(found))
        if sealed(in_order).digest != facts["digest"]:
            raise Drifted({self.check.name: difference(plan, facts, words(self.check))})

    def _noted(self) -> Iterator[Offender]:
        for offender in mendable(self.check):
            self._file.write(f"{json.dumps(offender.key)}\n")
            yield offender

    def batches(self) -> Iterator[Sequence[Key]]:
        """Some hundred at a time."""
        self._file.seek(0)
        lines = iter(self._file)
        while batch := [json.loads(line) for line in islice(lines, BATCH)]:
            yield batch
