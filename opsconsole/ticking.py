"""Look after the runs: declare lost ones, put resumable ones back, ring forgotten ones again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django_q.models import OrmQ

from . import approvals, kept_plans, registry
from .bell import TASK, ring
from .cancelling import ask_to_end
from .conf import ops_alias, setting
from .events import announce, announce_forgotten, send, ticked
from .language import source_language
from .models import JobRun
from .programmes import expectations, launching, untaken
from .states import ENDINGS, IN_WORKER, Status

MAX_BELLS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """How many runs were found in which need."""

    lost: int = 0
    resumed: int = 0
    rung: int = 0
    expired: int = 0
    launched: int = 0
    missed: int = 0
    suspended: int = 0

    def __str__(self) -> str:
        text = _("%(lost)s perdidas, %(resumed)s reanudadas, %(rung)s avisadas de nuevo") % {
            "lost": self.lost,
            "resumed": self.resumed,
            "rung": self.rung,
        }
        rest = (
            (self.expired, _("%(count)s vencidas")),
            (self.launched, _("lanzadas por una tarea programada: %(count)s")),
            (self.missed, _("no ejecutadas: %(count)s")),
            (self.suspended, _("tareas programadas suspendidas: %(count)s")),
        )
        return ", ".join([text, *(said % {"count": count} for count, said in rest if count)])


def tick(*, bury_silent: bool = True, launch: bool = False) -> Ticked:
    """Do it once. Any number of processes may, at any time: each change is guarded.

    ``bury_silent`` false leaves silent runs alone, for whoever knows why they are silent;
    ``launch`` also launches the programmes whose time has come, for whoever has workers.
    """
    with source_language():
        lost = sum(bury(run) for run in silent_runs()) if bury_silent else 0
        cancel_orphans()
        resumed = sum(put_back(run) for run in JobRun.objects.filter(status=Status.INTERRUPTED))
        expired = approvals.expire()
        looked = launching.look_after(launch=launch)
        absent = expectations.look_after() + untaken.look_after()
        announce_forgotten()
        kept_plans.forget_expired()
        rung = ring_forgotten()
        send(ticked)
        return Ticked(
            lost=lost,
            resumed=resumed,
            rung=rung,
            expired=expired,
            launched=looked.launched,
            missed=looked.missed + absent,
            suspended=looked.suspended,
        )


def silent_runs() -> list[JobRun]:
    """Runs whose worker gave no sign for too long, by the database's clock."""
    silence = timedelta(seconds=setting("LOST_AFTER_SECONDS"))
    return list(
        JobRun.objects.filter(status__in=sorted(IN_WORKER), heartbeat_at__lt=Now() - silence)
    )


def bury(run: JobRun) -> bool:
    """End a silent run, or leave it interrupted where it can be resumed."""
    operation = registry.find(run.operation)
    if run.status == Status.RUNNING and operation is not None and operation.resumable:
        if run.deaths + 1 < setting("MAX_DEATHS"):
            return update(run, status=Status.INTERRUPTED, deaths=F("deaths") + 1, worker="")
        return update(run, **died_too_often(run.deaths + 1))
    return update(run, **lost(run))


def lost(run: JobRun) -> dict[str, Any]:
    """The ending of a run whose worker vanished."""
    return {
        "status": Status.LOST,
        "error": _("Perdida: el worker %(worker)s dejó de dar señales.") % {"worker": run.worker},
        "error_cause": _("El proceso murió o el equipo se detuvo."),
        "error_remedy": _("Revise el servicio de workers y repita la corrida."),
        "deaths": F("deaths") + 1,
        "finished_at": Now(),
        "sealed_params": "",
    }


def died_too_often(deaths: int) -> dict[str, Any]:
    """The ending of a run that takes its worker down each time."""
    return {
        "status": Status.FAILED,
        "error": _("Falló: su worker murió %(deaths)s veces.") % {"deaths": deaths},
        "error_cause": _("Cada intento terminó con la muerte del proceso que lo ejecutaba."),
        "error_remedy": _("Revise la memoria del equipo y avise al equipo técnico."),
        "deaths": F("deaths") + 1,
        "finished_at": Now(),
        "sealed_params": "",
    }


def update(run: JobRun, **fields: Any) -> bool:
    """The guarded change: only if the run is still as it was seen, and still silent."""
    silence = timedelta(seconds=setting("LOST_AFTER_SECONDS"))
    same = JobRun.objects.filter(pk=run.pk, token=run.token, status=run.status)
    changed = bool(same.filter(heartbeat_at__lt=Now() - silence).update(token=None, **fields))
    if changed and fields["status"] in ENDINGS:
        announce(run.pk)
    return changed


def cancel_orphans() -> int:
    """Parts that nobody waits for: their run ended without them, or died."""
    return ask_to_end(JobRun.objects.filter(parent__status__in=sorted(ENDINGS)), by="")


def put_back(run: JobRun) -> bool:
    """Queue an interrupted run again, with a bell, in one transaction."""
    with transaction.atomic(using=ops_alias()):
        queued = JobRun.objects.filter(pk=run.pk, status=Status.INTERRUPTED).update(
            status=Status.QUEUED
        )
        if queued:
            ring(run.pk)
    return bool(queued)


def ring_forgotten() -> int:
    """Ring again for queued runs whose bell went missing; the claim makes extra bells harmless."""
    runs = list(forgotten().order_by("pk").values_list("pk", flat=True)[:MAX_BELLS])
    if not runs or OrmQ.objects.count() > MAX_BELLS:
        return 0
    waiting = waiting_bells()
    return sum(ring_again(pk) for pk in runs if pk not in waiting)


def forgotten() -> QuerySet[JobRun]:
    """Runs that have waited for long since their last bell."""
    silence = timedelta(seconds=setting("RING_AGAIN_SECONDS"))
    return JobRun.objects.filter(status=Status.QUEUED).filter(
        Q(rung_at__lt=Now() - silence) | Q(rung_at=None, queued_at__lt=Now() - silence)
    )


def ring_again(run_id: int) -> bool:
    """One bell, however many processes found the run at once: the first UPDATE wins."""
    with transaction.atomic(using=ops_alias()):
        first = bool(forgotten().filter(pk=run_id).update(rung_at=Now()))
        if first:
            ring(run_id)
    return first


def waiting_bells() -> set[int]:
    """The runs that a bell in the queue stands for, and no worker has taken yet."""
    tasks = (row.task for row in OrmQ.objects.filter(lock__lte=Now()))
    return {task["args"][0] for task in tasks if task.get("func") == TASK and task.get("args")}
