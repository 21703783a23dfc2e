"""What an operation talks to while it runs: memory only, so that talking never waits."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from .exceptions import RunCancelled, RunStopped
from .masking import Masker
from .models.levels import WEIGHTS, Level
from .text import Text

if TYPE_CHECKING:
    from .models import JobRun, SealedPlan

T = TypeVar("T")
Cut = Callable[[], Sequence[dict[str, Any]]]
MAX_COUNT = 2**63 - 1


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line on its way to the log; ``bare`` ones show no level on the terminal."""

    seq: int
    level: str
    message: str
    at: datetime
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file on its way to the storage: text, bytes, or the path of a file to be moved there."""

    name: str
    content: bytes | Path
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Where the run happens in somebody's terminal: its folder, and its standard output."""

    folder: Path
    write: Callable[[str], object]


@dataclass(slots=True)
class Progress:
    """How far it is, in units of the operation's own."""

    current: int | None = None
    total: int | None = None
    unit: str = ""


@dataclass(slots=True)
class PhaseClock:
    """Seconds spent in a phase, and how much of it is done (0 to 1) where that is known."""

    seconds: float = 0.0
    done: float | None = None


@dataclass(slots=True)
class State:
    """Everything but the log: what a beat writes on the run."""

    progress: Progress = field(default_factory=Progress)
    phase: str = ""
    phases: dict[str, PhaseClock] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    dropped: int = 0


def as_json(values: dict[str, Any]) -> dict[str, Any]:
    """The values as JSON holds them: dates and decimals as text.

    Raises TypeError for anything else, and ValueError for NaN and infinity, which databases
    refuse.
    """
    return dict(json.loads(json.dumps(values, cls=DjangoJSONEncoder, allow_nan=False)))


def whole(number: float) -> int:
    """A count as the run's row holds it; ValueError, OverflowError for what is none."""
    count = int(number)
    if abs(count) > MAX_COUNT:
        raise OverflowError(f"{number} is no count.")
    return count


class RunContext:
    """The operation's way to report, and to learn that it should stop.

    Every method is cheap and may be called from any thread; ``check_cancelled`` belongs to safe
    places, where all that was begun is either committed or can be forgotten.
    """

    def __init__(
        self,
        *,
        run_id: int | None = None,
        attempt: int = 1,
        continues: int | None = None,
        requested_by: str = "",
        plan_digest: str = "",
        masker: Masker | None = None,
        echo: Callable[[LogLine], None] | None = None,
        first_seq: int = 1,
        max_lines: int = 100_000,
        max_characters: int = 4_000,
    ) -> None:
        self.run_id = run_id
        self.attempt = attempt
        self.continues = continues  # the run whose checkpoint this one goes on from
        self.requested_by = requested_by
        self.plan_digest = plan_digest  # of the plan that was confirmed, if one was
        self.plan: SealedPlan | None = None
        self.state = State()
        self.closed = False
        self.terminal: Terminal | None = None  # None: a worker's run
        self.least_level = Level.DEBUG  # what is below is shown, and not kept
        self.spread: Callable[[Cut], list[dict[str, Any]]] | None = None
        self.before_beat: Callable[[], object] | None = None  # what has to be looked up for it
        self.artifacts: deque[Artifact] = deque()
        self.pending: deque[LogLine] = deque()
        self._masker = masker or Masker()
        self._echo = echo
        self._next_seq = first_seq
        self._max_lines = max_lines
        self._max_characters = max_characters
        self._lock = threading.Lock()
        self._stop: type[RunStopped] | None = None
        self._phase_began: float | None = None

    # The log

    @property
    def lines(self) -> list[LogLine]:
        """The lines that nobody has taken yet."""
        return list(self.pending)

    def say(self, message: Text) -> None:
        """A line that the terminal shows without its level: the guide's first and last ones."""
        self._add(Level.INFO, message, bare=True)

    def debug(self, message: Text) -> None:
        """For the run page, and the terminal at verbosity 2."""
        self._add(Level.DEBUG, message)

    def info(self, message: Text) -> None:
        """What happened."""
        self._add(Level.INFO, message)

    def success(self, message: Text) -> None:
        """What was achieved."""
        self._add(Level.SUCCESS, message)

    def warning(self, message: Text) -> None:
        """What somebody should look at."""
        self._add(Level.WARNING, message)

    def error(self, message: Text) -> None:
        """What went wrong, though the run goes on."""
        self._add(Level.ERROR, message)

    def _add(self, level: Level, message: Text, *, bare: bool = False) -> None:
        text = self._masker.mask(str(message))
        if len(text) > self._max_characters:
            text = f"{text[: self._max_characters - 1]}…"
        with self._lock:
            line = LogLine(self._next_seq, str(level), text, datetime.now(UTC), bare)
            if WEIGHTS[level] >= WEIGHTS[self.least_level]:
                self._keep(line)
        if self._echo is not None:
            self._echo(line)

    def _keep(self, line: LogLine) -> None:
        """Queue the line; past the limit count it, after one line that says so."""
        if line.seq <= self._max_lines:
            self.pending.append(line)
            self._next_seq += 1
            return
        if self.state.dropped == 0:
            self.pending.append(replace(line, level=Level.WARNING, message=self._limit_notice()))
        self.state.dropped += 1

    def _limit_notice(self) -> str:
        return _(
            "Registro lleno: se guardaron %(count)s líneas; las demás se cuentan, no se guardan."
        ) % {"count": self._max_lines}

    # Progress

    def progress(self, current: int, *, total: int | None = None, unit: Text | None = None) -> None:
        """How far it is; an absent total or unit stays as it was."""
        progress = self.state.progress
        progress.current = whole(current)
        if total is not None:
            progress.total = whole(total)
        if unit is not None:
            progress.unit = self._masker.mask(str(unit))

    def progress_of(self, run: JobRun) -> None:
        """Begin where the run's row says it is: its unit, and what an earlier attempt left."""
        self.state.progress = Progress(run.progress_current, run.progress_total, run.progress_unit)
        self.state.phases = {key: PhaseClock(**clock) for key, clock in run.phases.items()}
        self.state.dropped = run.log_dropped

    def track(
        self, items: Iterable[T], *, total: int | None = None, unit: Text | None = None
    ) -> Iterator[T]:
        """Yield each item; count it when it is done, and stop there if asked to."""
        if total is None and isinstance(items, Sized):
            total = len(items)
        self.progress(0, total=total, unit=unit)
        for number, item in enumerate(items, 1):
            yield item
            self.progress(number)
            self.check_cancelled()

    def figures(self, **values: Any) -> None:
        """Numbers of the result so far, by the keys of the operation's figures.

        Raises TypeError or ValueError here, where the mistake is, for what JSON cannot hold.
        """
        masked = self._masker.mask_deep(as_json(values))
        with self._lock:
            self.state.figures = {**self.state.figures, **masked}  # type: ignore[dict-item]

    @contextmanager
    def step(self, key: str) -> Iterator[None]:
        """The phase that the work is in; its clock runs until the end of the block.

        A block that ends in an exception leaves its phase undone.
        """
        began = time.monotonic()
        self.state.phase, self._phase_began = self._masker.mask(key), began
        done = None
        try:
            yield
            done = 1.0
        finally:
            self._phase_began = None
            self.spend(key, time.monotonic() - began, done=done)

    def clocks(self) -> dict[str, dict[str, float | None]]:
        """Each phase's seconds and share done, the current one's up to now."""
        clocks = {key: asdict(clock) for key, clock in self.state.phases.items()}
        began, key = self._phase_began, self.state.phase
        if began is not None:
            clock = clocks.setdefault(key, asdict(PhaseClock()))
            clock["seconds"] = (clock["seconds"] or 0.0) + time.monotonic() - began
        return clocks

    def spend(self, key: str, seconds: float, *, done: float | None = None) -> None:
        """Add to the clock of a phase that overlaps with others; it is the latest one at work."""
        key = self._masker.mask(key)
        with self._lock:
            if self._phase_began is None:
                self.state.phase = key
            clock = self.state.phases.get(key, PhaseClock())
            phases = {
                **self.state.phases,
                key: PhaseClock(clock.seconds + seconds, clock.done if done is None else done),
            }
            self.state.phases = phases

    def gather(
        self, *, current: int, figures: dict[str, Any], phases: dict[str, PhaseClock]
    ) -> None:
        """What the parts of a run have come to, taken together."""
        self.progress(current, total=max(current, self.state.progress.total or 0))
        self.figures(**figures)
        self.state.phases = phases

    # The parts

    @property
    def can_fan_out(self) -> bool:
        """Whether there is a run to be fanned out, and it is not itself a part."""
        return self.spread is not None

    def fan_out(self, cut: Cut) -> list[dict[str, Any]]:
        """Have every part that ``cut`` returns done by ``run_part``; return their results in order.

        The parts are runs of their own for whatever workers there are, and this one works on them
        too, so that they are done also where it is the only worker. A later attempt finds the
        parts of the one before it, and ``cut`` is not called again. Raises OperationError when a
        part did not end well, after all of them have ended.
        """
        if self.spread is None:
            raise RuntimeError("Only a run that is kept, and no part of another, can fan out.")
        return self.spread(cut)

    def artifact(
        self, name: str, content: str | bytes | Path, *, content_type: str = "text/plain"
    ) -> None:
        """Leave a file with the run; a Path is moved to the storage."""
        data = content.encode() if isinstance(content, str) else content
        self.artifacts.append(Artifact(self._masker.mask(Path(name).name), data, content_type))

    # The end

    def check_cancelled(self) -> None:
        """Raise what ends the run, if something should; call it at safe places."""
        if self._stop is not None:
            raise self._stop()

    def close(self) -> None:
        """The work is over: from now on only the ending is written."""
        self.closed = True

    @property
    def stop_requested(self) -> bool:
        """Whether the next ``check_cancelled`` will raise."""
        return self._stop is not None

    def request_stop(self, reason: type[RunStopped] = RunCancelled) -> None:
        """Let the next safe place raise ``reason``; the first reason stays."""
        if self._stop is None:
            self._stop = reason
