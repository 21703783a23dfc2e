"""What travels from the rules to the target, and what comes back."""

from dataclasses import dataclass, field, fields

from .rules import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How far a reading has come once the chunk is committed; a row of ``EtlWatermark``."""

    name: str
    updated_at: str | None
    call_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """The unit of commit, progress, cancel and memory.

    ``lowest`` and ``highest`` bound its keys.
    """

    verdict: Verdict
    rows: int
    lowest: int
    highest: int
    checkpoint: Checkpoint | None = None


@dataclass(slots=True)
class Tally:
    """What a run has done; once loaded, valid is inserted + updated + unchanged + removed."""

    read: int = 0
    valid: int = 0
    rejected: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0  # archived or deleted here on purpose: not loaded
    removed_bad: int = 0  # the same, and rejected: not kept as a rejection either
    spared: int = 0  # rejected now in a file, but here and good: left as they are
    withdrawn: int = 0  # good once, rejected now
    cleared: int = 0  # rejected once, good now
    vanished: int = 0  # known here, gone from the legacy tables
    removed_months: dict[str, int] = field(default_factory=dict)  # the good ones of them
    reasons: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)

    def add(self, other: "Tally") -> None:
        """Add another tally to this one."""
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            total = merged(mine, theirs) if isinstance(mine, dict) else mine + theirs
            setattr(self, each.name, total)


def merged(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    """The sums of two counts."""
    return {name: one.get(name, 0) + other.get(name, 0) for name in sorted({*one, *other})}


def judged(verdict: Verdict, *, rows: int) -> Tally:
    """What the rules alone say of a chunk."""
    return Tally(
        read=rows,
        valid=verdict.good.height,
        rejected=verdict.bad.height,
        reasons=verdict.reasons,
        warnings=verdict.warnings,
    )
