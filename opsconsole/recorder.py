"""The thread that writes while the operation works, on a database connection of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from itertools import islice
from typing import Any

from django.db import Error, connections, transaction
from django.db.models.functions import Now

from . import artifacts, log_store
from .conf import least_level, ops_alias, setting
from .context import RunContext
from .database_errors import first_line
from .endings import Ending, timed_out
from .exceptions import RunCancelled, RunInterrupted, RunTimedOut
from .models import JobRun
from .states import IN_WORKER, Status, sources

logger = logging.getLogger(__name__)
MAX_BATCH = 5_000
GIVE_UP_SECONDS = 30.0


class Recorder:
    """Log, progress and heartbeat out; cancel, deadline and the worker's stop in.

    Use it as a context manager around the operation, then call ``finish`` once. Nothing here
    fails the operation: a beat that finds the database locked or away keeps its lines and tries
    again at the next.
    """

    def __init__(
        self,
        run: JobRun,
        ctx: RunContext,
        *,
        grace_seconds: float,
        must_stop: Callable[[], bool] | None = None,
        on_hard_timeout: Callable[[], None],
    ) -> None:
        self.run = run
        self.ctx = ctx
        self.alias = ops_alias()
        self._deadline = time.monotonic() + run.timeout_seconds
        self._grace_seconds = grace_seconds
        self._must_stop = must_stop
        self._on_hard_timeout = on_hard_timeout
        self._closing = threading.Event()
        self._asked_at: float | None = None
        self._unsure = False
        self._behind = False
        self._written = run.log_lines
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)

    def __enter__(self) -> Recorder:
        self._hear_level()
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._closing.set()
        self._thread.join()

    def finish(self, ending: Ending, *, result: dict[str, Any] | None) -> bool | None:
        """Write what is left and the ending in one transaction; False: somebody was quicker.

        Called from the operation's own thread, after the recorder's has ended. Tries again for
        half a minute where the database is away, then returns None and leaves the run to be
        declared lost.
        """
        fields: dict[str, Any] = {"finished_at": Now(), "sealed_params": ""}
        if result is not None:
            fields["result"] = result
        return self._insist(lambda: self._write(ending.fields() | fields))

    def put_back(self) -> bool | None:
        """Leave the run interrupted, for another worker to go on with; answers as ``finish``."""
        return self._insist(
            lambda: self._write({"status": Status.INTERRUPTED, "token": None, "worker": ""})
        )

    def _insist(self, write: Callable[[], bool]) -> bool | None:
        until = time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                return write()
            except Error:
                self._unsure = True
                connections[self.alias].close()
                if time.monotonic() > until:
                    logger.exception("run %s: its ending could not be written", self.run.pk)
                    return None
                time.sleep(0.5)

    def _work(self) -> None:
        """Beat until told to close; every beat may fail, none may end the thread."""
        try:
            while not self._closing.wait(self._pause()):
                self._beat()
        finally:
            connections.close_all()

    def _pause(self) -> float:
        """Seconds until the next beat; none while more lines wait than one beat takes."""
        return 0.0 if self._behind else float(setting("BEAT_SECONDS"))

    def _hear_level(self) -> None:
        """The level is the site's to say, by code of its own: its mistakes fail no run."""
        try:
            self.ctx.least_level = least_level()
        except Exception as error:
            reason = first_line(str(error))
            logger.warning("run %s: LEAST_LEVEL: %s; the last one stays", self.run.pk, reason)

    def _beat(self) -> None:
        self._hear_level()
        try:
            self._behind = False
            if self._unsure:
                connections.close_all()
            self._listen()
            if self.ctx.before_beat is not None:
                self.ctx.before_beat()
            if not self._write({}):
                # Declared lost, or finished by somebody else: nobody will take our ending.
                self.ctx.request_stop(RunCancelled)
        except Error as error:
            self._unsure = True
            reason = first_line(str(error))
            logger.warning("run %s: a beat could not be written: %s", self.run.pk, reason)
        except Exception:
            # A cache that cannot be read, say. Without this thread the run would be called lost.
            self._unsure = True
            logger.exception("run %s: a beat failed", self.run.pk)

    def _listen(self) -> None:
        """Turn deadlines and the worker's stop into requests; past the grace, end it ourselves."""
        now = time.monotonic()
        if self._asked_at is not None and now - self._asked_at > self._grace_seconds:
            self._write(
                timed_out(self.run.timeout_seconds).fields()
                | {"finished_at": Now(), "sealed_params": ""}
            )
            self._on_hard_timeout()
        elif now > self._deadline:
            # The grace begins when we ask: a beat that waited for the database takes none of it.
            self._asked_at = self._asked_at or now
            self.ctx.request_stop(RunTimedOut)
        elif self._must_stop is not None and self._must_stop():
            self.ctx.request_stop(RunInterrupted)

    def _write(self, fields: dict[str, Any]) -> bool:
        """One transaction: a batch of lines, the state, the heartbeat, and ``fields``."""
        if self._unsure:
            self._forget_stored_lines()
        ending = "status" in fields
        artifacts.store(self.run.pk, self.ctx)
        batch = list(islice(self.ctx.pending.copy(), None if ending else MAX_BATCH))
        with transaction.atomic(using=self.alias):
            written = self._update(fields, lines=len(batch))
            if written:
                log_store.append(self.run.pk, batch, using=self.alias)
        if written:
            self._written += len(batch)
            for _line in batch:
                self.ctx.pending.popleft()
            self._behind = len(self.ctx.pending) >= MAX_BATCH
        return written

    def _update(self, fields: dict[str, Any], *, lines: int) -> bool:
        """The guarded UPDATE; 0 rows: the run is no longer ours."""
        allowed = IN_WORKER
        if "status" in fields:
            allowed = IN_WORKER & sources(fields["status"])
        runs = JobRun.objects.using(self.alias).filter(pk=self.run.pk, token=self.run.token)
        columns = {**self._state(), "log_lines": self._written + lines, **fields}
        if not runs.filter(status__in=sorted(allowed)).update(heartbeat_at=Now(), **columns):
            return False
        if "status" not in fields and runs.filter(status=Status.CANCELLING).exists():
            self.ctx.request_stop(RunCancelled)
        return True

    def _state(self) -> dict[str, Any]:
        state = self.ctx.state
        columns: dict[str, Any] = {
            "progress_current": state.progress.current,
            "progress_total": state.progress.total,
            "progress_unit": state.progress.unit[:40],
            "phase": state.phase[:64],
            "phases": self.ctx.clocks(),
            "log_dropped": state.dropped,
        }
        return columns | ({"result": state.figures} if state.figures else {})

    def _forget_stored_lines(self) -> None:
        """After an error nobody knows whether the batch was committed: ask how far it got."""
        last = log_store.stored(self.run.pk, using=self.alias)
        while self.ctx.pending and self.ctx.pending[0].seq <= last:
            self.ctx.pending.popleft()
            self._written += 1
        self._unsure = False
