"""A run that spreads its work: its parts are runs of their own, and it works on them itself.

It never merely waits while a part is free to be taken, so one worker is enough to end what it
began; and it needs no state of its own, so the table of states knows nothing of parts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

from django.db import Error, InterfaceError, OperationalError, connections, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .bell import ring
from .cancelling import ask_to_end
from .conf import ops_alias, setting
from .context import Cut, PhaseClock, RunContext
from .doors import Door
from .exceptions import IllegalTransition, OperationError, RunCancelled, RunInterrupted
from .models import JobRun
from .states import IN_WORKER, Status

LOOK_SECONDS = 0.2
AWAITS_ITS_PARTS = sorted({Status.QUEUED, Status.RUNNING, Status.INTERRUPTED})


class FanOut:
    """The parts of one run, from the cutting to the joining."""

    def __init__(
        self,
        run: JobRun,
        ctx: RunContext,
        *,
        work: Callable[[int], object],
        figures: Sequence[str],
        while_waiting: Callable[[], object],
    ) -> None:
        self.run = run
        self.ctx = ctx
        self._work = work
        self._figures = figures
        self._while_waiting = while_waiting
        self._looked_at = time.monotonic()
        self._gathering = threading.Lock()

    def join(self, cut: Cut) -> list[dict[str, Any]]:
        """Cut, have every part done, return their results; see ``RunContext.fan_out``."""
        try:
            self._begin(cut)
            self.ctx.before_beat = self._gather_at_beat
            while not self._are_done():
                self.ctx.check_cancelled()
            self._require_uncancelled()
            return results_of(newest_parts(self.run.pk))
        except RunInterrupted:
            raise  # whoever goes on with the run goes on with its parts
        except BaseException:
            self._let_go()
            raise
        finally:
            # The last look of a beat is over before anybody tells how the whole came out.
            with self._gathering:
                self.ctx.before_beat = None

    def _gather_at_beat(self) -> None:
        """How far the parts are, also while this one works on one of them itself."""
        with self._gathering:
            if self.ctx.before_beat is not None:
                self._gather(newest_parts(self.run.pk))

    def _gather(self, parts: Sequence[JobRun]) -> None:
        if parts:
            self.ctx.gather(**sum_of(parts, figures=self._figures))

    def _begin(self, cut: Cut) -> None:
        """Write the parts with their bells, all or none, unless an earlier attempt has."""
        if JobRun.objects.filter(parent=self.run).exists():
            return
        pieces = list(cut())
        with transaction.atomic(using=ops_alias()):
            self._require_ours()
            for number, piece in enumerate(pieces, 1):
                part = new_part(self.run, number=number, piece=piece)
                part.save(force_insert=True)
                ring(part.pk)

    def _let_go(self) -> None:
        """Ask the parts to end; not those of a run that was taken over, which go on without us."""
        ours = JobRun.objects.filter(parent_id=self.run.pk, parent__token=self.run.token)
        with suppress(Error):  # else the next tick does it
            ask_to_end(ours, by="")

    def _require_ours(self) -> None:
        """Hold the run; one that was given up meanwhile cuts nothing any more."""
        runs = JobRun.objects.select_for_update().filter(pk=self.run.pk, token=self.run.token)
        if not runs.filter(status__in=sorted(IN_WORKER)).exists():
            raise RunCancelled

    def _require_uncancelled(self) -> None:
        """A part may hear of it before this run does, and would pass for one that went wrong."""
        if JobRun.objects.filter(pk=self.run.pk, status=Status.CANCELLING).exists():
            raise RunCancelled

    def _are_done(self) -> bool:
        """Work on a part that is free, or rest; where the database is away, rest."""
        try:
            parts = newest_parts(self.run.pk)
            with self._gathering:
                self._gather(parts)
            waiting = next((part for part in parts if part.status == Status.QUEUED), None)
            if waiting is not None:
                self._work(waiting.pk)
                return False
        except (OperationalError, InterfaceError):
            connections[ops_alias()].close()
        else:
            if all(part.has_ended for part in parts):
                return True
        self._rest()
        return False

    def _rest(self) -> None:
        time.sleep(LOOK_SECONDS)
        if time.monotonic() - self._looked_at > setting("TICK_SECONDS"):
            self._while_waiting()
            self._looked_at = time.monotonic()


def new_part(
    run: JobRun, *, number: int, piece: dict[str, Any], retry_of: JobRun | None = None
) -> JobRun:
    """The row to be. Its lock is the part's own, so no part is ever worked on twice at once."""
    return JobRun(
        operation=run.operation,
        title=run.title,
        params=run.params,
        sealed_params=run.sealed_params,
        lock_key=f"part-{run.pk}-{number}",
        requested_by=run.requested_by,
        requested_by_id=run.requested_by_id,
        origin=run.origin,
        timeout_seconds=run.timeout_seconds,
        progress_unit=run.progress_unit,
        retry_of=retry_of,
        parent=run,
        part_number=number,
        part=piece,
    )


def again(part: JobRun, *, door: Door) -> JobRun:
    """Write a part anew, in the caller's transaction; raises IllegalTransition."""
    runs = JobRun.objects.select_for_update().filter(status__in=AWAITS_ITS_PARTS)
    run = runs.filter(pk=part.parent_id or 0).first()
    if run is None:
        raise IllegalTransition(
            _("La parte %(number)s no se repite sola.") % {"number": part.part_number},
            cause=_("La corrida %(id)s, de la que es parte, ya no la espera.")
            % {"id": part.parent_id},
            remedy=_("Repita la corrida %(id)s entera.") % {"id": part.parent_id},
        )
    new = new_part(run, number=part.part_number or 0, piece=part.part or {}, retry_of=part)
    new.requested_by = door.person
    new.requested_by_id = None if door.user is None else str(door.user.pk)
    new.origin = door.origin
    new.save(force_insert=True)
    return new


def is_awaited(part: JobRun) -> bool:
    """Whether the run that it belongs to still waits for it."""
    return JobRun.objects.filter(pk=part.parent_id or 0, status__in=AWAITS_ITS_PARTS).exists()


def newest_parts(run_id: int) -> list[JobRun]:
    """The parts of a run in their order; of one that was repeated, the last try."""
    runs = JobRun.objects.filter(parent_id=run_id).defer("params", "sealed_params", "traceback")
    newest = {run.part_number or 0: run for run in runs.order_by("pk")}
    return [newest[number] for number in sorted(newest)]


def total_of(parts: Sequence[JobRun], key: str) -> int:
    """A figure of all of them."""
    return sum((part.result or {}).get(key) or 0 for part in parts)


def sum_of(parts: Sequence[JobRun], *, figures: Iterable[str]) -> dict[str, Any]:
    """How far they are together: rows, figures, and the time that each phase has taken."""
    return {
        "current": sum(part.progress_current or 0 for part in parts),
        "figures": {
            key: sum((part.result or {}).get(key) or 0 for part in parts) for key in figures
        },
        "phases": {key: phase_of(parts, key) for part in parts for key in part.phases},
    }


def phase_of(parts: Sequence[JobRun], key: str) -> PhaseClock:
    """A phase of all of them: its seconds add up, its share done is their mean."""
    clocks = [part.phases.get(key, {}) for part in parts]
    return PhaseClock(
        seconds=sum(clock.get("seconds") or 0.0 for clock in clocks),
        done=sum(clock.get("done") or 0.0 for clock in clocks) / len(parts),
    )


def results_of(parts: Sequence[JobRun]) -> list[dict[str, Any]]:
    """What each one returned; raises OperationError, with the first one that did not end well."""
    bad = [part for part in parts if part.status != Status.SUCCEEDED]
    if not bad:
        return [part.result or {} for part in parts]
    first = bad[0]
    raise OperationError(
        ngettext(
            "%(bad)s de %(all)s partes no terminó bien: la corrida %(id)s.",
            "%(bad)s de %(all)s partes no terminaron bien; la primera, la corrida %(id)s.",
            len(bad),
        )
        % {"bad": len(bad), "all": len(parts), "id": first.pk},
        cause=first.error or _("Se canceló."),
        remedy=first.error_remedy or _("Repita esta corrida entera: lo ya hecho se conserva."),
    )
