"""A run as its page shows it; works for operations whose code is gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from ... import registry
from ...models import JobRun
from ...operations import Operation
from ...states import Status
from ...text import Text
from . import words


def title_of(run: JobRun) -> str:
    """What its operation is called in the reader's language; as it was where its code is gone."""
    operation = registry.find(run.operation)
    if operation is not None:
        return str(operation.title)
    return run.title or run.operation or _("Operación retirada")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressView:
    """How far it is; without a total there is no bar, only a count."""

    current: str
    total: str = ""
    unit: str = ""
    value: int = 0
    maximum: int = 0
    percent: int = 0
    rate: str = ""
    left: str = ""


def progress_of(run: JobRun, *, now: datetime | None = None) -> ProgressView | None:
    """The progress with its rate, and the time left while it runs."""
    if run.progress_current is None:
        return None
    current, total = run.progress_current, run.progress_total or 0
    rate = rate_of(run, now=now)
    left = ""
    if run.status == Status.RUNNING and rate and total > current:
        left = words.duration(timedelta(seconds=max(1, round((total - current) / rate))))
    return ProgressView(
        current=words.number(current),
        total=words.number(total) if total else "",
        unit=run.progress_unit,
        value=min(current, total),
        maximum=total,
        percent=min(100, current * 100 // total) if total else 0,
        rate=words.number(round(rate) if rate >= 10 else round(rate, 1)) if rate else "",
        left=left,
    )


def rate_of(run: JobRun, *, now: datetime | None = None) -> float:
    """Units per second; 0 where it cannot be told, as after a resume, which began elsewhere."""
    passed = run.duration(now=now)
    if run.attempt > 1 or passed is None or passed.total_seconds() < 0.5:
        return 0.0
    return (run.progress_current or 0) / passed.total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseView:
    """A phase, its time, and its share done in percent."""

    title: Text
    time: str
    percent: int
    current: bool


def phases_of(run: JobRun, operation: Operation | None) -> list[PhaseView]:
    """The declared phases in their order, then any others that the run knows; none unless begun."""
    if run.has_ended and run.started_at is None:
        return []
    declared_phases = operation.phases if operation else ()
    titles: dict[str, Text] = {phase.key: phase.title for phase in declared_phases}
    titles |= {key: key for key in run.phases if key not in titles}
    return [
        PhaseView(
            title=title,
            time=words.duration(run.phases[key]["seconds"]) if key in run.phases else "–",
            percent=phase_percent(run, key),
            current=run.phase == key and run.is_active,
        )
        for key, title in titles.items()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareView:
    """A part of a run: a run with its progress, and how long it has taken."""

    run: JobRun
    progress: ProgressView | None
    took: timedelta | None


def shares_of(parts: Iterable[JobRun], *, now: datetime) -> list[ShareView]:
    """The parts that a run was fanned out into."""
    return [
        ShareView(run=part, progress=progress_of(part, now=now), took=part.duration(now=now))
        for part in parts
    ]


def phase_percent(run: JobRun, key: str) -> int:
    """What the phase says of itself, else what its state implies."""
    clock = run.phases.get(key)
    if clock is None:
        return 0
    if run.status == Status.SUCCEEDED:
        return 100
    if clock.get("done") is not None:
        return round(float(clock["done"]) * 100)
    if run.phase == key and run.progress_total:
        return min(100, (run.progress_current or 0) * 100 // run.progress_total)
    return 0


def origin_sentence(run: JobRun) -> str:
    """Through which door it came."""
    return {
        "cli": _("desde la terminal"),
        "admin": _("desde la página"),
        "schedule": _("por una tarea programada"),
        "api": _("por la API"),
    }.get(run.origin, run.origin)


def clock(moment: datetime | None) -> str:
    """The local time of day, to the second."""
    return timezone.localtime(moment).strftime("%H:%M:%S") if moment else ""
