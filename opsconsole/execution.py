"""Claim a run, do its work, write its one ending."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from . import kept_plans, pausing, permissions, registry
from . import params as parameters
from .conf import setting
from .context import LogLine, RunContext, as_json
from .endings import Ending, ending_of, succeeded, written
from .events import announce
from .exceptions import OperationError, RunInterrupted
from .language import source_language
from .masking import Masker
from .models import JobRun
from .operations import Effect, Operation
from .parts import FanOut
from .recorder import Recorder
from .sealing import unseal
from .states import Status

Echo = Callable[[LogLine], None]
Capture = Callable[[RunContext], AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What ``execute`` came to; ``ending`` None: refused, or put back for another worker."""

    run: JobRun
    ending: Ending | None
    refused: bool = False


def execute(
    run_id: int,
    *,
    echo: Echo | None = None,
    capture: Capture = nullcontext,
    must_stop: Callable[[], bool] | None = None,
    listen: Callable[[RunContext], None] | None = None,
    on_hard_timeout: Callable[[], None] = lambda: os._exit(1),
    while_waiting: Callable[[], object] = lambda: None,
) -> Outcome:
    """Claim the run and do its work in this thread.

    ``echo`` gets each line as it comes; ``capture`` is the context in which the operation itself
    works; ``must_stop`` is asked at every beat whether this
    process was told to stop; ``listen`` gets the context before the work begins, to hang
    signals on it; ``while_waiting`` is called now and then while it waits for its parts, for a
    process that has no watch of its own. Whatever the operation raises ends on the run; only the
    database's own absence is raised from here.
    """
    run = claim(run_id)
    if run is None:
        return Outcome(run=JobRun.objects.get(pk=run_id), ending=None, refused=True)
    execution = Execution(run, echo=echo, capture=capture)
    execution.may_fan_out(while_waiting=while_waiting, on_hard_timeout=on_hard_timeout)
    if listen is not None:
        listen(execution.ctx)
    ending = execution.perform(must_stop=must_stop, on_hard_timeout=on_hard_timeout)
    if ending is not None:
        announce(run_id)
    run = JobRun.objects.get(pk=run_id)
    return Outcome(run=run, ending=ending and written(run, ending))


def claim(run_id: int) -> JobRun | None:
    """Take a queued run; None: it is not there to be taken, which is counted on it."""
    runs = JobRun.objects.filter(pk=run_id)
    taken = runs.filter(status=Status.QUEUED).update(
        status=Status.RUNNING,
        attempt=F("attempt") + 1,
        token=uuid.uuid4(),
        worker=f"{socket.gethostname()}:{os.getpid()}",
        started_at=Now(),
        heartbeat_at=Now(),
    )
    if not taken:
        # The bell of a part is late whenever its own run began on it first: nothing to tell of.
        runs.filter(parent=None).update(refused_claims=F("refused_claims") + 1)
        return None
    return runs.get()


class Execution:
    """One attempt at one run, in this process."""

    def __init__(
        self, run: JobRun, *, echo: Echo | None = None, capture: Capture = nullcontext
    ) -> None:
        self.run = run
        self.capture = capture
        self.operation = registry.find(run.operation)
        self.masker = Masker()
        self.ctx = RunContext(
            run_id=run.pk,
            attempt=run.attempt,
            continues=pausing.continued_by(run),
            requested_by=run.requested_by,
            plan_digest=run.plan_digest,
            masker=self.masker,
            echo=echo,
            first_seq=run.log_lines + 1,
            max_lines=setting("MAX_LOG_LINES"),
            max_characters=setting("MAX_LINE_CHARACTERS"),
        )
        self.ctx.progress_of(run)

    def may_fan_out(
        self, *, while_waiting: Callable[[], object], on_hard_timeout: Callable[[], None]
    ) -> None:
        """Let the operation spread its work; a part of it is worked here as a run of its own."""
        if self.run.is_part or self.operation is None or not self.operation.resumable:
            return
        work = partial(
            execute,
            capture=self.capture,
            must_stop=lambda: self.ctx.stop_requested,
            on_hard_timeout=on_hard_timeout,
        )
        figures = [figure.key for figure in self.operation.figures]
        fan = FanOut(self.run, self.ctx, work=work, figures=figures, while_waiting=while_waiting)
        self.ctx.spread = fan.join

    def perform(
        self, *, must_stop: Callable[[], bool] | None, on_hard_timeout: Callable[[], None]
    ) -> Ending | None:
        """Work and write the ending; None: the run went back, for another worker to resume."""
        resumable = self.operation is not None and self.operation.resumable
        recorder = Recorder(
            self.run,
            self.ctx,
            grace_seconds=self.operation.grace_seconds if self.operation else 0,
            must_stop=must_stop if must_stop and resumable else None,
            on_hard_timeout=on_hard_timeout,
        )
        with source_language():
            with recorder:
                ending, result = self._work()
                self.ctx.close()
            if ending is None and recorder.put_back() is not False:
                return None
            # Not put back: somebody had asked for its end meanwhile.
            ending = ending or Ending(status=Status.CANCELLED, exit_code=1)
            recorder.finish(ending, result=self._result(result))
        return ending

    def _work(self) -> tuple[Ending | None, dict[str, Any] | None]:
        """Run the operation; whatever comes out of it is an ending."""
        begun = False
        try:
            operation = self._operation()
            permissions.require(operation, self._requester())
            params = self._params(operation)
            if not self.run.is_part:
                self.ctx.plan = kept_plans.taken_by(self.run) if operation.keeps_plan else None
                self._check_plan(operation, params)
            self.ctx.check_cancelled()
            begun = True
            with self.capture(self.ctx):
                result = self._run(operation, params)
            return succeeded(), None if result is None else as_json(result)
        except RunInterrupted as error:
            # What has touched nothing yet may begin elsewhere, resumable or not.
            if not begun or (self.operation is not None and self.operation.resumable):
                return None, None
            return self._ending_of(error), None
        except BaseException as error:
            return self._ending_of(error), None

    def _run(self, operation: Operation, params: dict[str, Any]) -> dict[str, Any] | None:
        if self.run.is_part:
            return operation.run_part(params, self.run.part or {}, self.ctx)
        return operation.run(params, self.ctx)

    def _ending_of(self, error: BaseException) -> Ending:
        return ending_of(error, masker=self.masker, timeout_seconds=self.run.timeout_seconds)

    def _operation(self) -> Operation:
        if self.operation is None:
            raise OperationError(
                _("La operación «%(name)s» ya no existe.") % {"name": self.run.operation},
                cause=_("Se retiró su código mientras la corrida esperaba."),
                remedy=_("Instale la versión que la contiene, o lance otra operación."),
            )
        return self.operation

    def _requester(self) -> Any:
        """The account as it is now: a right taken away meanwhile counts."""
        if self.run.requested_by_id is None:
            return None
        return permissions.person(self.run.requested_by_id)

    def _params(self, operation: Operation) -> dict[str, Any]:
        """The parameters cleaned again, as the world may have changed since the click."""
        secrets = unseal(self.run.sealed_params)
        self.masker.add(secrets.values())
        return parameters.clean(operation.Params, self.run.params | secrets)

    def _check_plan(self, operation: Operation, params: dict[str, Any]) -> None:
        """What destroys does what was shown, or nothing; so does whatever was confirmed."""
        if operation.checks_own_plan or operation.keeps_plan:
            return  # run() does, in the transaction that changes what was shown
        if operation.effect is Effect.DESTROYS or self.run.plan_digest:
            operation.plan(params).require(self.run.plan_digest)

    def _result(self, returned: dict[str, Any] | None) -> dict[str, Any] | None:
        merged = {**self.ctx.state.figures, **(returned or {})}
        return self.masker.mask_deep(merged) if merged else None  # type: ignore[return-value]
