"""A real qcluster, and what becomes of its runs when it is treated badly."""

import os
import signal

import psutil
import pytest
from django.db import transaction

from opsconsole import runner
from opsconsole.bell import ring
from opsconsole.conf import DEFAULTS
from opsconsole.doors import terminal
from opsconsole.models import JobLog, JobRun
from tests.faults.conftest import becomes, has_counted
from tests.faults.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops", "legacy"])


def worker_of(run):
    """The process id of the worker that has the run."""
    return int(JobRun.objects.get(pk=run.pk).worker.rpartition(":")[2])


def test_a_worker_executes_a_run_and_its_prints_and_log_reach_the_page(cluster, enqueue):
    cluster()

    run = becomes(enqueue("count_slowly", steps=3), "succeeded")

    messages = list(
        JobLog.objects.filter(run=run).order_by("seq").values_list("message", flat=True)
    )
    assert messages == ["Empiezo a contar", "numero 1", "numero 2", "numero 3", "Conteo terminado"]
    assert run.attempt == 1


def test_a_run_whose_worker_is_killed_is_lost(cluster, enqueue):
    cluster()
    run = enqueue("count_slowly", steps=500, pause=0.1)
    has_counted(run, 2)

    os.kill(worker_of(run), signal.SIGKILL)

    run = becomes(run, "lost")
    assert "dejó de dar señales" in run.error
    # The lock is free: the operation can be launched again, and a new worker takes it.
    assert becomes(enqueue("count_slowly", steps=1), "succeeded").pk != run.pk


def test_by_default_a_killed_run_is_declared_lost_well_within_a_minute():
    assert DEFAULTS["LOST_AFTER_SECONDS"] + DEFAULTS["TICK_SECONDS"] + 2 < 60


def test_a_resumable_run_survives_the_kill_of_its_whole_cluster(cluster, enqueue):
    first = cluster()
    run = enqueue("count_resumably", steps=20, pause=0.1)
    has_counted(run, 2)

    first.kill_all()
    cluster()

    run = becomes(run, "succeeded")
    assert (run.attempt, run.deaths) == (2, 1)
    assert run.result == {"counted": 20}


def test_a_run_that_kills_its_worker_is_tried_three_times_and_fails(cluster, enqueue):
    cluster()

    run = becomes(enqueue("kill_worker"), "failed", seconds=40)

    assert run.error == "Falló: su worker murió 3 veces."
    assert run.attempt == 3
    assert becomes(enqueue("count_slowly", steps=1), "succeeded")


def test_one_run_delivered_five_times_is_worked_once_and_refused_four_times(cluster, enqueue):
    run = enqueue("count_slowly", steps=5, pause=0.1)
    with transaction.atomic(using="ops"):
        for _bell in range(4):
            ring(run.pk)

    cluster()

    becomes(run, "succeeded")
    eventually(
        lambda: JobRun.objects.get(pk=run.pk).refused_claims == 4, what="four refused claims"
    )
    assert JobLog.objects.filter(run=run, message="numero 1").count() == 1


def test_a_stubborn_run_is_ended_by_its_hard_deadline_and_the_worker_replaced(cluster, enqueue):
    cluster()

    run = becomes(enqueue("stubborn", seconds=60), "failed")

    assert "tiempo agotado" in run.error
    assert becomes(enqueue("count_slowly", steps=1), "succeeded")


def test_a_run_in_a_worker_is_cancelled_from_elsewhere(cluster, enqueue):
    cluster()
    run = enqueue("count_slowly", steps=500, pause=0.05)
    has_counted(run, 2)

    runner.cancel(JobRun.objects.get(pk=run.pk), door=terminal())

    run = becomes(run, "cancelled")
    assert run.progress_current < 500


def test_sigterm_lets_a_resumable_run_reach_a_safe_place_and_wait_for_another_worker(
    cluster, enqueue
):
    first = cluster()
    run = enqueue("count_resumably", steps=300, pause=0.1)
    has_counted(run, 2)

    first.signal(signal.SIGTERM)

    assert first.wait() == 0
    assert first.family() == []
    run = becomes(run, "interrupted", "queued")
    assert run.finished_at is None
    JobRun.objects.filter(pk=run.pk).update(params={"steps": 3, "pause": 0})
    cluster()
    assert becomes(run, "succeeded").attempt == 2


def test_sigterm_lets_a_run_that_cannot_be_resumed_finish(cluster, enqueue):
    child = cluster()
    run = enqueue("count_slowly", steps=15, pause=0.1)
    has_counted(run, 2)

    child.signal(signal.SIGTERM)

    assert child.wait() == 0
    assert child.family() == []
    assert becomes(run, "succeeded").result == {"counted": 15}


def test_sigterm_to_the_whole_group_leaves_no_run_running_and_no_process(cluster, enqueue):
    child = cluster()
    resumable = enqueue("count_resumably", steps=300, pause=0.1)
    other = enqueue("count_slowly", steps=300, pause=0.1)
    has_counted(resumable, 2)
    has_counted(other, 2)

    child.signal_group(signal.SIGTERM)

    assert becomes(resumable, "interrupted", "queued").finished_at is None
    other = becomes(other, "failed")
    assert "Interrumpida" in other.error
    eventually(
        lambda: not psutil.pid_exists(int(other.worker.rpartition(":")[2])), what="worker's end"
    )
