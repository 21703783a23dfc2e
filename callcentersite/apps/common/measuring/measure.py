"""From a target to its report: warm up, time, sample, count, watch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace

from .calling import Call
from .domain import findings, table
from .domain.areas import SERIALIZATION
from .domain.calls import Calls, Key
from .domain.evidence import Evidence, SeenQuery
from .domain.numbers import share
from .domain.report import QueryRow, Report, Subject
from .domain.stacks import Samples, landmark, whole_seconds
from .isolation import isolated
from .passes.counting import Counting, as_samples
from .passes.one import Look, iterate
from .passes.sampling import Sampling
from .passes.timing import Timing
from .project import folder
from .watching.arguments import ArgumentWatch
from .watching.queries import QueryWatch
from .watching.rows import RowWatch
from .watching.scans import scans

Step = Callable[[], None]
PASSES = 3  # of the iterations asked for; beside them a warm-up and the iteration that is watched


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The report, and the recordings of the two profilers for those who have tools for them."""

    report: Report
    sampling: Sampling
    counting: Counting


def measure(
    call: Call, subject: Subject, *, iterations: int, step: Step = lambda: None
) -> Measured:
    """Call the target 3 × ``iterations`` + 2 times, and leave no trace of any of them.

    ``step`` is asked after each. Raises OperationError where the target fails.
    """
    answer = iterate(call, nullcontext)
    step()
    timing = Timing()
    repeat(call, timing.look, iterations, step)
    sampling = Sampling(expected_seconds=sum(timing.durations))
    repeat(call, sampling.look, iterations, step)
    counting = Counting()
    repeat(call, counting.look, iterations, step)
    calls = counting.calls()
    # Profilers slow down what they look at: theirs are the shares, the clock's is the total.
    samples = (sampling.samples() or as_samples(calls)).scaled(sum(timing.durations))
    evidence = replace(
        watch(call, candidates(samples, calls, iterations)),
        serialization_share=calls.share_of(SERIALIZATION, folder()),
    )
    step()
    report = report_of(subject, timing, samples, calls, evidence, answer=answer)
    return Measured(report=report, sampling=sampling, counting=counting)


def repeat(call: Call, look: Look, iterations: int, step: Step) -> None:
    """One pass."""
    for _number in range(iterations):
        iterate(call, look)
        step()


def report_of(
    subject: Subject,
    timing: Timing,
    samples: Samples,
    calls: Calls,
    evidence: Evidence,
    *,
    answer: str,
) -> Report:
    """Everything put together."""
    ours = folder()
    frames, stacks = table.flame(samples, ours)
    report = Report(
        subject=subject,
        durations_ms=tuple(1000 * seconds for seconds in timing.durations),
        answer=answer,
        functions=table.rows(samples, calls, ours),
        queries=tuple(placed(row, evidence.queries) for row in timing.query_rows()),
        frames=frames,
        stacks=stacks,
        called=calls.of_project(ours),
    )
    return report.with_findings(findings.find(report, evidence))


def placed(row: QueryRow, seen: tuple[SeenQuery, ...]) -> QueryRow:
    """The statement with the place that issued most of it."""
    same = [one for one in seen if (one.alias, one.sql) == (row.alias, row.sql)]
    if not same:
        return row
    most = max(same, key=lambda one: one.count)
    return replace(row, place=most.place, template=most.template)


# The iteration that is watched


def candidates(samples: Samples, calls: Calls, iterations: int) -> dict[Key, tuple[str, str]]:
    """Functions of the project that take a good part of the time and are called repeatedly."""
    ours, total = folder(), samples.total
    return {
        (one.frame.file, one.frame.line, one.frame.function): (
            one.name,
            table.place_of(one, ours),
        )
        for one, seconds in whole_seconds(samples, ours).items()
        if one.frame is not None
        and ours.owner(one.frame.file) == "project"
        and share(seconds, total) >= findings.CACHE_SHARE
        and calls.of(landmark(one.frame, ours), ours) >= 2 * iterations
    }


def watch(call: Call, names: dict[Key, tuple[str, str]]) -> Evidence:
    """What one more iteration shows."""
    queries, rows, arguments = QueryWatch(), RowWatch(), ArgumentWatch(names)

    @contextmanager
    def look() -> Iterator[None]:
        with ExitStack() as stack:
            for one in (queries.look(), rows.look(), arguments.look()):
                stack.enter_context(one)
            yield

    iterate(call, look)
    with isolated():
        found = scans(queries.issued.items())
    return Evidence(
        queries=queries.seen(),
        repeated=queries.repeated(),
        rows=rows.seen(),
        arguments=arguments.seen(),
        scans=found,
    )
