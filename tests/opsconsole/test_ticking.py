"""Runs whose worker fell silent, and runs whose bell went missing."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_q.models import OrmQ

from opsconsole import watch
from opsconsole.execution import claim
from opsconsole.models import JobRun
from opsconsole.ticking import Ticked, ring_again, tick

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def fall_silent(run, *, seconds):
    """Claim the run as a worker would, and let it give no sign since."""
    claim(run.pk)
    JobRun.objects.filter(pk=run.pk).update(
        heartbeat_at=timezone.now() - timedelta(seconds=seconds)
    )


def test_a_silent_run_is_lost(submit):
    run = submit("count_slowly")
    fall_silent(run, seconds=31)

    assert tick() == Ticked(lost=1)

    run.refresh_from_db()
    assert run.status == "lost"
    assert "dejó de dar señales" in run.error
    assert run.finished_at is not None


def test_a_run_that_gave_a_sign_lately_is_left_alone(submit):
    run = submit("count_slowly")
    fall_silent(run, seconds=10)

    assert tick() == Ticked()

    run.refresh_from_db()
    assert run.status == "running"


def test_a_resumable_silent_run_goes_back_to_the_queue_with_a_bell(submit):
    run = submit("count_resumably")
    fall_silent(run, seconds=31)

    assert tick() == Ticked(lost=1, resumed=1)

    run.refresh_from_db()
    assert run.status == "queued"
    assert run.deaths == 1
    assert [row.task["args"] for row in OrmQ.objects.all()] == [(run.pk,)]


def test_a_resumable_run_that_keeps_killing_its_worker_fails_after_the_third_time(submit):
    run = submit("count_resumably")

    for _attempt in range(3):
        fall_silent(run, seconds=31)
        tick()

    run.refresh_from_db()
    assert run.status == "failed"
    assert run.error == "Falló: su worker murió 3 veces."
    assert (run.attempt, run.deaths) == (3, 3)
    assert claim(run.pk) is None


def test_a_silent_run_that_was_being_cancelled_is_lost_not_resumed(submit):
    run = submit("count_resumably")
    fall_silent(run, seconds=31)
    JobRun.objects.filter(pk=run.pk).update(status="cancelling")

    tick()

    run.refresh_from_db()
    assert run.status == "lost"


def test_a_queued_run_without_a_bell_is_rung_again_once(submit):
    run = submit("count_slowly")
    JobRun.objects.update(queued_at=timezone.now() - timedelta(minutes=2))

    assert tick() == Ticked(rung=1)
    JobRun.objects.update(rung_at=timezone.now() - timedelta(minutes=2))
    assert tick() == Ticked(rung=0)

    assert [row.task["args"] for row in OrmQ.objects.all()] == [(run.pk,)]


def test_a_run_just_queued_waits_for_its_own_bell(submit):
    submit("count_slowly", enqueue=True)

    assert tick() == Ticked()
    assert OrmQ.objects.count() == 1


def test_two_processes_that_find_the_same_forgotten_run_ring_once(submit):
    run = submit("count_slowly")
    JobRun.objects.update(queued_at=timezone.now() - timedelta(minutes=2))

    assert [ring_again(run.pk), ring_again(run.pk)] == [True, False]

    assert OrmQ.objects.count() == 1


def test_after_an_outage_of_the_database_silent_runs_get_a_moment_to_give_a_sign(submit):
    run = submit("count_slowly")
    fall_silent(run, seconds=90)

    assert watch.look(after_outage=True)
    assert JobRun.objects.get(pk=run.pk).status == "running"

    assert watch.look(after_outage=False)
    assert JobRun.objects.get(pk=run.pk).status == "lost"


@pytest.mark.parametrize(
    ("error", "answered"), [(OperationalError("away"), False), (TypeError("a bell of lead"), True)]
)
def test_nothing_that_goes_wrong_ends_the_watch(monkeypatch, error, answered):
    def fail(**options):
        raise error

    monkeypatch.setattr("opsconsole.ticking.tick", fail)

    assert watch.look(after_outage=False) is answered


@pytest.mark.parametrize(
    ("host", "sentinel", "status", "answer"),
    [
        ("here", 8, "Stopping", True),
        ("here", 8, "Stopped", True),
        ("here", 8, "Idle", False),
        ("here", 9, "Stopping", False),
        # Two containers, each with a sentinel of number 8.
        ("elsewhere", 8, "Stopping", False),
    ],
)
def test_only_the_stop_of_its_own_cluster_interrupts(monkeypatch, host, sentinel, status, answer):
    stat = SimpleNamespace(host=host, sentinel=sentinel, status=status)
    monkeypatch.setattr(watch.socket, "gethostname", lambda: "here")
    monkeypatch.setattr(watch.Stat, "get_all", lambda: [stat])

    assert watch.is_stopping(8) is answer
