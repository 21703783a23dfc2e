"""Ctrl-C, SIGTERM and a closed terminal end the demo; while it stops, a second one hurries it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """The demo was told to stop."""


class Signals:
    """The first signal raises Stopped, where that is safe; later ones are only remembered."""

    def __init__(self) -> None:
        self.number = 0
        self.again = False
        self._held = False
        for number in NUMBERS:
            signal.signal(number, self._receive)

    def check(self) -> None:
        """Raise Stopped if a signal came where it could not be raised."""
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
