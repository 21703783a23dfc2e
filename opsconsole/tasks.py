"""What django-q2 calls."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType
from typing import Any

from . import watch
from .capture import captured_output
from .context import RunContext
from .exceptions import RunInterrupted
from .execution import execute


def execute_run(run_id: int) -> str:
    """Execute the run in this worker; return a word for the task list.

    A SIGTERM sent to the worker itself (a whole process group told to stop) lets the run reach
    a safe place first, and the process ends after it.
    """
    stopper = Stopper()
    with stopper:
        outcome = execute(
            run_id, capture=captured_output, must_stop=watch.must_stop(), listen=stopper.hang_on
        )
    if stopper.told:
        sys.exit(0)
    if outcome.refused:
        return f"refused: {outcome.run.status}"
    return str(outcome.run.status)


class Stopper:
    """Turns SIGTERM into a request to the run, while there is one."""

    def __init__(self) -> None:
        self.told = False
        self._ctx: RunContext | None = None

    def hang_on(self, ctx: RunContext) -> None:
        """From now on a signal is for this run."""
        self._ctx = ctx
        if self.told:
            ctx.request_stop(RunInterrupted)

    def __enter__(self) -> Stopper:
        self._in_main = threading.current_thread() is threading.main_thread()
        if self._in_main:
            self._before = signal.signal(signal.SIGTERM, self._on_signal)
        return self

    def __exit__(self, *exc: object) -> None:
        if self._in_main:
            signal.signal(signal.SIGTERM, self._before)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.told = True
        if self._ctx is not None:
            self._ctx.request_stop(RunInterrupted)


def tick() -> str:
    """Look after the runs, for a schedule."""
    from .ticking import tick

    return str(tick(launch=True))


def sing() -> str:
    """A canary has come out of the queue."""
    from .canary import sing

    return sing()


def run_scheduled(**arguments: Any) -> str:
    """Submit what a programme orders; its arguments are those of ``schedules.Order``."""
    from .programmes.turns import take

    return take(arguments)
