"""Seals on their way to a file and back."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from django.utils.translation import gettext as _

from opsconsole.models import SealedPlan
from opsconsole.plans import StalePlan

from .domain.seals import Drift, Seal, Word, coarse, drift, records, sealed
from .selection import Selection
from .tables import open_table
from .tables.base import FINE_UP_TO

__all__ = ["Drifted", "SealFile", "coarse", "digest_of", "require_same", "words_of"]


@dataclass(slots=True, kw_only=True)
class SealFile:
    """Several seals in one temporary file, found by their places."""

    file: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    fine_up_to: int = FINE_UP_TO

    def write(self, name: str, selection: Selection) -> tuple[Seal, bool]:
        """Seal the rows as they are now; return the seal, and whether it is fine."""
        table, where = open_table(selection.target), selection.where()
        fine, seal, begin = table.is_small(where, most=self.fine_up_to), Seal(), self.file.tell()
        for block in seal.through(table.words(where, fine=fine)):
            self.file.write(block)
        self.places[name] = (begin, self.file.tell() - begin)
        return seal, fine


@contextmanager
def words_of(plan: SealedPlan, facts: dict[str, Any]) -> Iterator[Iterator[Word]]:
    """The words that were sealed for one policy of a plan."""
    with plan.seal_file.open("rb") as file:
        begin, length = facts["place"]
        file.seek(begin)
        yield records(file, length=length)


def require_same(plan: SealedPlan, facts: dict[str, Any], selection: Selection) -> None:
    """Raise StalePlan, with the difference, unless the rows are those that were sealed."""
    table, where = open_table(selection.target), selection.where()
    if sealed(table.words(where, fine=facts["fine"])).digest == facts["digest"]:
        return
    with words_of(plan, facts) as before:
        found = drift(before, table.words(where, fine=facts["fine"]))
    raise Drifted({facts["name"]: found})


class Drifted(StalePlan):
    """The refusal, table by table: ``audit_logs +3 ~1 −2``."""

    def __init__(self, found: dict[str, Drift]) -> None:
        self.found = found
        text = ", ".join(f"{name} {difference}" for name, difference in found.items())
        super().__init__(
            cause=_("Los datos cambiaron desde que se mostró (+nuevas ~cambiadas −idas): %(text)s.")
            % {"text": text}
        )


def digest_of(facts: list[dict[str, Any]]) -> str:
    """One text that stands for all the seals, the cut-offs and the terms."""
    return json.dumps(facts, sort_keys=True, default=str)
