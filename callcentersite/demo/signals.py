"""Ctrl-C, SIGTERM and a closed terminal end the demo; while it stops, a second one hurries it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(BaseException):
    """The demo was told to stop."""


def controls_us(descriptor: int) -> bool:
    """Whether it is our session's terminal, and still there."""
    try:
        return os.tcgetpgrp(descriptor) > 0
    except OSError:
        return False


class Signals:
    """The first signal raises Stopped, where that is safe; later ones are only remembered."""

    def __init__(self) -> None:
        self.number = 0
        self.again = False
        self._held = False
        self._terminals: list[int] = []
        signal.signal(signal.SIGINT, self._receive)
        signal.signal(signal.SIGTERM, self._receive)
        # Who starts it with nohup wants it to outlive the terminal.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._receive)
            self._terminals = [number for number in (0, 1, 2) if controls_us(number)]

    def check(self) -> None:
        """Raise Stopped if a signal came where it could not be raised, or never came.

        A closed terminal tells its session's first process, and a ``make`` that is the first
        waits for us without a word.
        """
        if not self.number and not all(map(controls_us, self._terminals)):
            self.number = signal.SIGHUP
        if self.number:
            raise Stopped

    @contextmanager
    def held(self) -> Iterator[None]:
        """A block that a signal must not cut: a process begun there has to be remembered."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        self.check()

    def hold(self) -> None:
        """From now on raise nothing: what was started is being stopped."""
        self._held = True

    def _receive(self, number: int, frame: FrameType | None) -> None:
        first = not self.number
        self.number = self.number or number
        self.again = not first
        if first and not self._held:
            raise Stopped
