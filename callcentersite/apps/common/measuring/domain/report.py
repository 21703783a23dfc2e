"""The report of a run: all that its page, its files and a comparison are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from .frames import Owner
from .numbers import median, percentile

VERSION = 1
OTHERS = "(other)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was measured, as whom."""

    kind: str  # endpoint or function
    target: str
    method: str = ""
    params: str = "{}"
    user: str = ""

    def is_same(self, other: Subject) -> bool:
        """Whether figures of the two may be compared at all."""
        return (self.kind, self.target, self.method) == (other.kind, other.target, other.method)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionRow:
    """A line of the table; milliseconds and calls are totals over the iterations."""

    name: str
    place: str
    owner: str
    calls: int
    own_ms: float
    whole_ms: float
    share: float  # of the total, 0 to 1; the rows' own times add up to it


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRow:
    """Statements that differ only in their values; milliseconds are totals."""

    alias: str
    sql: str
    calls: int
    total_ms: float
    slowest_ms: float
    place: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to do, with what shows it; the fields that its kind does not need are empty."""

    kind: str
    place: str = ""
    template: str = ""
    sql: str = ""
    function: str = ""
    relation: str = ""
    fix: str = ""
    table: str = ""
    count: int = 0
    distinct: int = 0
    rows: int = 0
    used: int = 0
    ms: float = 0.0
    share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FlameStack:
    """A stack of the flame graph: numbers of functions, outermost first, and milliseconds."""

    frames: tuple[int, ...]
    ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FlameFrame:
    """A function of the flame graph."""

    name: str
    place: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole of it; ``durations_ms`` has one number per iteration."""

    subject: Subject
    durations_ms: tuple[float, ...]
    answer: str = ""
    functions: tuple[FunctionRow, ...] = ()
    queries: tuple[QueryRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    frames: tuple[FlameFrame, ...] = ()
    stacks: tuple[FlameStack, ...] = ()
    notes: tuple[str, ...] = field(default=())
    # «file:function» of each function of the project that was called; none in old reports.
    called: tuple[str, ...] = ()

    @property
    def iterations(self) -> int:
        return len(self.durations_ms)

    @property
    def total_ms(self) -> float:
        return sum(self.durations_ms)

    @property
    def average_ms(self) -> float:
        return self.total_ms / max(self.iterations, 1)

    @property
    def median_ms(self) -> float:
        return median(self.durations_ms)

    @property
    def p95_ms(self) -> float:
        return percentile(self.durations_ms, 95)

    @property
    def queries_per_iteration(self) -> float:
        return sum(query.calls for query in self.queries) / max(self.iterations, 1)

    def ran(self, row: FunctionRow) -> bool:
        """Whether the function was called here, perhaps for too short to have a row."""
        if row.owner != Owner.PROJECT or not row.place or not self.called:
            return True
        return called_name(row.place.rpartition(":")[0], row.name.rpartition(".")[2]) in self.called

    def with_findings(self, findings: Iterable[Finding]) -> Self:
        """The same, with what was found."""
        return replace(self, findings=tuple(findings))

    def as_json(self) -> dict[str, Any]:
        """For the file; ``report_of`` reads it again."""
        summary = {
            "iterations": self.iterations,
            "total_ms": self.total_ms,
            "average_ms": self.average_ms,
            "median_ms": self.median_ms,
            "p95_ms": self.p95_ms,
            "queries_per_iteration": self.queries_per_iteration,
        }
        return {"version": VERSION, "summary": summary, **asdict(self)}


def called_name(file: str, function: str) -> str:
    """As ``Report.called`` has it: neither the line, which moves, nor the class."""
    return f"{file}:{function}"


def report_of(data: Mapping[str, Any]) -> Report:
    """The report that a file holds; raises ValueError for anything else."""
    if data.get("version") != VERSION:
        raise ValueError(f"version {data.get('version')!r}")
    try:
        return Report(
            subject=Subject(**data["subject"]),
            durations_ms=tuple(data["durations_ms"]),
            answer=data["answer"],
            functions=tuple(FunctionRow(**row) for row in data["functions"]),
            queries=tuple(QueryRow(**row) for row in data["queries"]),
            findings=tuple(Finding(**row) for row in data["findings"]),
            frames=tuple(FlameFrame(**row) for row in data["frames"]),
            stacks=tuple(
                FlameStack(frames=tuple(row["frames"]), ms=row["ms"]) for row in data["stacks"]
            ),
            notes=tuple(data["notes"]),
            called=tuple(data.get("called", ())),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from error
