"""The thread that owns the connection to the target, so that reading and loading overlap."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from django.db import connections, transaction

Work = Callable[[], None]

DEPTH = 2  # chunks waiting: enough to keep both sides busy, few enough to keep memory flat
LOOK_SECONDS = 0.1


class Writer(Protocol):
    """Does work on the target, in the order in which it was given."""

    def submit(self, work: Work) -> None:
        """Have it done; raises what earlier work raised."""
        ...

    def finish(self) -> None:
        """Wait until all of it is done; raises what it raised."""
        ...


class InlineWriter:
    """Does the work at once, here.

    For a caller that already holds a transaction on the target (a test, a shell): from a second
    connection its rows would be invisible, and on SQLite locked.
    """

    def submit(self, work: Work) -> None:
        work()

    def finish(self) -> None:
        """Nothing waits."""


class ThreadWriter:
    """Does the work in a thread with connections of its own, at most DEPTH behind."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Work | None] = queue.Queue(maxsize=DEPTH)
        self._error: BaseException | None = None
        self._abandoned = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="etl-load", daemon=True)
        self._thread.start()

    def submit(self, work: Work) -> None:
        self._put(work)

    def finish(self) -> None:
        self._put(None)
        self._thread.join()
        self._raise()

    def abandon(self) -> None:
        """Let the chunk that is being loaded end, whole; forget those that wait."""
        self._abandoned.set()
        self._thread.join()

    def _put(self, work: Work | None) -> None:
        while True:
            self._raise()
            try:
                return self._waiting.put(work, timeout=LOOK_SECONDS)
            except queue.Full:
                continue

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _loop(self) -> None:
        try:
            while (work := self._next()) is not None:
                work()
        except BaseException as error:  # carried to the thread that waits for it
            self._error = error
        finally:
            connections.close_all()

    def _next(self) -> Work | None:
        while not self._abandoned.is_set():
            try:
                return self._waiting.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                continue
        return None


@contextmanager
def open_writer(*, using: str = "default") -> Iterator[Writer]:
    """A writer for the target; whatever ends the block also ends its thread."""
    if transaction.get_connection(using).in_atomic_block:
        yield InlineWriter()
        return
    writer = ThreadWriter()
    try:
        yield writer
    except BaseException:
        writer.abandon()
        raise
