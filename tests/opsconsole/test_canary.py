"""The canary: released once a minute, heard by the database's clock, missed when it is silent."""

import logging
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_q.models import OrmQ

from opsconsole import canary, checks, logs, watch
from opsconsole.models import Canary
from opsconsole.selectors import queue
from opsconsole.selectors.canary import canary_state

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def age(**moments):
    """Let moments of the one row have been so many seconds ago."""
    now = timezone.now()
    ago = {name: now - timedelta(seconds=seconds) for name, seconds in moments.items()}
    Canary.objects.update(**ago)


def test_one_is_released_a_minute_and_the_next_waits_for_it_to_be_heard(engine_db):
    assert canary_state().age is None

    assert [canary.release(), canary.release()] == [True, False]
    (row,) = OrmQ.objects.all()
    assert (row.func(), row.task["save"]) == ("opsconsole.tasks.sing", False)
    assert canary_state().waits

    # Nobody takes it: another would only lengthen the queue.
    age(released_at=61)
    assert not canary.release()

    # It was taken, and lost with its worker.
    OrmQ.objects.update(lock=timezone.now() + timedelta(hours=6))
    assert canary.release()
    assert OrmQ.objects.count() == 2


def test_it_is_heard_by_the_clock_of_the_database_and_only_the_last_is_kept(engine_db):
    canary.release()
    age(born_at=500, released_at=61)

    assert canary_state().is_silent
    assert canary.sing() == "sung"

    heard = canary_state()
    assert heard.age < timedelta(seconds=60)  # it was born 500 ago
    assert not heard.is_silent and not heard.waits
    assert heard.worker.rpartition(":")[2].isdecimal()
    OrmQ.objects.all().delete()
    assert canary.release()
    assert Canary.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic(using="ops"):
        Canary.objects.create(number=2, born_at=timezone.now())


def test_two_workers_that_look_at_once_release_one(engine_db, monkeypatch):
    canary.bear()
    monkeypatch.setattr(canary, "unheard", Canary.objects.none)
    due = canary.due

    def raced():
        """Another worker is quicker, between the look and the UPDATE."""
        monkeypatch.setattr(canary, "due", due)
        found = due()
        assert found.exists() and canary.release()
        return found.model.objects.filter(pk=1)

    monkeypatch.setattr(canary, "due", raced)

    assert not canary.release()
    assert OrmQ.objects.count() == 1


def test_each_worker_sees_to_it_by_itself(engine_db):
    assert watch.look(after_outage=False)

    assert [row.func() for row in OrmQ.objects.all()] == [canary.TASK]


@pytest.mark.parametrize(
    ("since", "busy", "beat", "verdict"),
    [
        (600, False, 0, "deaf"),
        # A cluster that has just come was not there to be heard.
        (20, False, 0, "idle"),
        # Every worker has something to do, and does it.
        (600, True, 1, "busy"),
        # A frozen worker keeps its run and looks busy for ever.
        (600, True, 45, "deaf"),
    ],
)
def test_workers_that_look_alive_and_take_nothing_are_deaf(
    submit, monkeypatch, since, busy, beat, verdict
):
    began = timezone.now() - timedelta(seconds=since)
    alive = queue.Cluster(
        host="ops-1", pid=1, stopping=False, workers=("ops-1:4",), since=began, reincarnations=0
    )
    monkeypatch.setattr(queue, "living_clusters", lambda: (alive,))
    canary.bear()
    age(born_at=900, sung_at=101)
    if busy:
        run = submit("count_slowly")
        type(run).objects.filter(pk=run.pk).update(
            status="running",
            worker="ops-1:4",
            heartbeat_at=timezone.now() - timedelta(seconds=beat),
        )

    assert queue.queue_state().verdict.value == verdict


def test_it_waits_in_the_queue_without_being_counted_or_listed(engine_db):
    canary.release()

    assert queue.queue_state().waiting == 0
    assert queue.other_tasks() == []


def test_it_is_not_in_the_log_unless_it_fails():
    assert logs.CANARY == canary.TASK

    def passes(level):
        record = logging.LogRecord("django-q", level, "", 0, f"… '{canary.TASK}' …", None, None)
        return logs.NoBells().filter(record)

    assert not passes(logging.INFO)
    assert passes(logging.ERROR)


def test_what_would_always_be_late_is_refused_at_the_start(settings):
    assert checks.check_canary(None) == []

    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "CANARY_LATE_SECONDS": 70}

    assert [error.id for error in checks.check_canary(None)] == ["opsconsole.E012"]
