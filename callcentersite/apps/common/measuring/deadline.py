"""The end of patience: what is measured stops wherever it is, asleep or in the database."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from django.db import connections

LOOK_SECONDS = 0.1


class TimeIsUp(KeyboardInterrupt):
    """Raised in the middle of anything; a KeyboardInterrupt, so that psycopg cancels its query."""


class Alarm:
    """A thread that watches the clock and the run, and interrupts the main one."""

    def __init__(self, seconds: float, *, should_stop: Callable[[], bool]) -> None:
        self._until = time.monotonic() + seconds
        self._should_stop = should_stop
        self._over = threading.Event()
        self._armed = True
        # SQLite looks at no signal while it works; it can be told from another thread.
        self._sqlite = [one for one in connections.all() if one.vendor == "sqlite"]
        self._thread = threading.Thread(target=self._watch, name="measuring-alarm", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """From now on nothing is interrupted."""
        self._armed = False
        self._over.set()
        self._thread.join()

    def ring(self, number: int, frame: FrameType | None) -> None:
        """The handler of the signal."""
        if self._armed:
            self._armed = False
            raise TimeIsUp

    def _watch(self) -> None:
        main = threading.main_thread().ident
        while not self._over.wait(LOOK_SECONDS):
            if main is not None and (time.monotonic() > self._until or self._should_stop()):
                signal.pthread_kill(main, signal.SIGUSR1)
                self._break_off()
                return

    def _break_off(self) -> None:
        for connection in self._sqlite:
            raw: Any = connection.connection
            if raw is not None:
                raw.interrupt()


@contextmanager
def interrupted_after(seconds: float, *, should_stop: Callable[[], bool]) -> Iterator[None]:
    """Raise TimeIsUp in the block after so long, or as soon as ``should_stop`` says so.

    Only the main thread can be interrupted; in another one the caller asks between iterations.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    alarm = Alarm(seconds, should_stop=should_stop)
    before = signal.signal(signal.SIGUSR1, alarm.ring)
    alarm.start()
    try:
        yield
    finally:
        alarm.stop()
        signal.signal(signal.SIGUSR1, before)
