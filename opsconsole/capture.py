"""What an operation prints or logs by other means still reaches its run."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from .context import RunContext

Current = Callable[[], RunContext | None]


class LineWriter(io.TextIOBase):
    """A stream that hands each whole line to the run."""

    def __init__(self, current: Current, *, method: str) -> None:
        self._current = current
        self._method = method
        self._rest = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._emit(line)
        return len(text)

    def close(self) -> None:
        self._emit(self._rest)
        self._rest = ""
        super().close()

    def _emit(self, line: str) -> None:
        ctx = self._current()
        if ctx is not None and line.strip():
            getattr(ctx, self._method)(line.rstrip())


class RunHandler(logging.Handler):
    """Log records of the operation's own thread become lines of its run."""

    def __init__(self, current: Current) -> None:
        super().__init__(logging.INFO)
        self._current = current
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        ctx = self._current()
        if ctx is None or record.thread != self._thread:
            return
        write = ctx.info
        if record.levelno >= logging.ERROR:
            write = ctx.error
        elif record.levelno >= logging.WARNING:
            write = ctx.warning
        write(self.format(record))


@contextmanager
def captured_output(current: Current) -> Iterator[None]:
    """Send prints and log records of the block to the run; for workers, one task at a time."""
    out, err = LineWriter(current, method="info"), LineWriter(current, method="warning")
    handler = RunHandler(current)
    logging.getLogger().addHandler(handler)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            yield
    finally:
        logging.getLogger().removeHandler(handler)
        out.close()
        err.close()
