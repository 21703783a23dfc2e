"""The durations of the last successes as a small chart, drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ...models import JobRun
from ...selectors.runs import successes, usual_duration
from . import words

WIDTH, HEIGHT, GAP = 240, 54, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One run: where its bar stands, and what it says."""

    x: str
    y: str
    width: str
    height: str
    title: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spark:
    """The chart with its legend."""

    bars: tuple[Bar, ...]
    median: str
    slowest: str
    slowest_label: str
    slowest_url: str
    width: int = WIDTH
    height: int = HEIGHT


def spark_of(runs: Sequence[JobRun], *, current: JobRun | None = None) -> Spark | None:
    """The chart, oldest first; None with fewer than two runs."""
    shown = list(reversed(successes(runs)))
    if len(shown) < 2:
        return None
    slowest = max(shown, key=seconds)
    step = (WIDTH + GAP) / len(shown)
    return Spark(
        bars=tuple(
            bar(run, x=index * step, width=step - GAP, longest=seconds(slowest), current=current)
            for index, run in enumerate(shown)
        ),
        median=words.duration(usual_duration(runs)),
        slowest=words.duration(seconds(slowest)),
        slowest_label=f"#{slowest.pk}",
        slowest_url=slowest.get_absolute_url(),
    )


def bar(run: JobRun, *, x: float, width: float, longest: float, current: JobRun | None) -> Bar:
    """A run's bar: at least a sliver, so that it can be seen and clicked."""
    height = max(3.0, HEIGHT * seconds(run) / longest) if longest else 3.0
    return Bar(
        x=f"{x:.2f}",
        y=f"{HEIGHT - height:.2f}",
        width=f"{width:.2f}",
        height=f"{height:.2f}",
        title=f"#{run.pk} · {words.duration(seconds(run))}",
        url=run.get_absolute_url(),
        current=current is not None and run.pk == current.pk,
    )


def seconds(run: JobRun) -> float:
    """How long it took."""
    return (run.duration() or timedelta()).total_seconds()
