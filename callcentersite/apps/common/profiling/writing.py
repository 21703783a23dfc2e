"""The thread that writes what was recorded, so that no request waits for it or fails of it."""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Callable

from django.db import DatabaseError, connections

from .recorded import Recorded
from .storing import drop_oldest, store

logger = logging.getLogger(__name__)
MOST_WAITING = 200
DROP_EVERY = 100


class Writer:
    """One thread per process, started by the first request that is recorded.

    What finds the queue full is not kept: a profile with a gap is better than a slow site. What is
    still waiting when the process ends is lost as well.
    """

    def __init__(self, *, store: Callable[[Recorded], None] = store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._queue: queue.Queue[Recorded] = queue.Queue(MOST_WAITING)
        self._pid, self._written = 0, 0

    def put(self, found: Recorded) -> None:
        """Keep it soon; never waits."""
        self._start()
        try:
            self._queue.put_nowait(found)
        except queue.Full:
            logger.warning("a request is not recorded: %s wait to be written", MOST_WAITING)

    def flush(self) -> None:
        """Wait until everything so far is written."""
        if self._pid == os.getpid():
            self._queue.join()

    def _start(self) -> None:
        """A thread does not survive a fork: each process has its own."""
        with self._lock:
            if self._pid != os.getpid():
                self._begin()
                self._pid = os.getpid()
                threading.Thread(target=self._work, name="silk-writer", daemon=True).start()

    def _work(self) -> None:
        while True:
            found = self._queue.get()
            try:
                self._write(found)
            finally:
                if self._queue.empty():
                    connections.close_all()  # of this thread: nothing is held while it waits
                self._queue.task_done()

    def _write(self, found: Recorded) -> None:
        try:
            self._store(found)
            self._written += 1
            # Its first as well: a process that is replaced often never sees its hundredth.
            if self._written % DROP_EVERY == 1:
                drop_oldest()
        except DatabaseError:
            logger.warning("a request is not recorded: the database refused", exc_info=True)
        except Exception:
            # Nobody else would hear of it, and the thread has to live on.
            logger.exception("a request could not be recorded")


writer = Writer()
