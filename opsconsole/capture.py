"""What an operation prints or logs by other means still reaches its run."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from .context import RunContext


class LineWriter(io.TextIOBase):
    """A stream that hands each whole line to the run."""

    def __init__(self, ctx: RunContext, *, method: str) -> None:
        self._say = getattr(ctx, method)
        self._rest = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        # A progress bar draws its line again and again, each time after a carriage return.
        *lines, self._rest = (self._rest + text).replace("\r", "\n").split("\n")
        for line in lines:
            self._emit(line)
        return len(text)

    def close(self) -> None:
        self._emit(self._rest)
        self._rest = ""
        super().close()

    def _emit(self, line: str) -> None:
        if line.strip():
            self._say(line.rstrip())


class RunHandler(logging.Handler):
    """Log records of the operation's own thread become lines of its run."""

    def __init__(self, ctx: RunContext) -> None:
        super().__init__(logging.INFO)
        self._ctx = ctx
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread != self._thread:
            return
        try:
            text = self.format(record)
        except Exception:
            # As every handler of logging does: a wrong format string fails no operation.
            self.handleError(record)
            return
        write = self._ctx.info
        if record.levelno >= logging.ERROR:
            write = self._ctx.error
        elif record.levelno >= logging.WARNING:
            write = self._ctx.warning
        write(text)


@contextmanager
def captured_output(ctx: RunContext) -> Iterator[None]:
    """Send prints and log records of the block to the run; for workers, one task at a time."""
    out, err = LineWriter(ctx, method="info"), LineWriter(ctx, method="warning")
    handler = RunHandler(ctx)
    logging.getLogger().addHandler(handler)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            yield
    finally:
        logging.getLogger().removeHandler(handler)
        out.close()
        err.close()
