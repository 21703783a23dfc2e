"""A turn that nobody takes off the queue is a missed run, and does not wait for three days."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule

from opsconsole.models import JobRun, ProgrammeTerms
from opsconsole.programmes import launching, untaken
from opsconsole.programmes.orders import FUNCTION, Order
from opsconsole.selectors.queue import Verdict

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
MINUTES, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def start():
    return timezone.now().replace(minute=0, second=0, microsecond=0) + HOUR


@pytest.fixture
def programme(operator):
    """Make an hourly one, with its policy; its turns are given out to a queue."""

    def programme(on_missed, start):
        order = Order(operation="count_slowly", owner_id=str(operator.pk))
        (schedule,) = Schedule.objects.bulk_create([
            Schedule(func=FUNCTION, kwargs=order.as_text(), schedule_type="C", cron="0 * * * *",
                     next_run=start)
        ])  # fmt: skip
        return ProgrammeTerms.objects.create(schedule=schedule, on_missed=on_missed).schedule

    return programme


@pytest.fixture
def queue(monkeypatch):
    """What the queue is found to be."""
    found = SimpleNamespace(verdict=Verdict.DEAF)
    monkeypatch.setattr(untaken, "queue_state", lambda: found)
    return found


def hours(count, start):
    """Give out a turn an hour, look six minutes later each time; what was told."""
    told = []
    for hour in range(count):
        moment = start + hour * HOUR
        launching.look_after(launch=True, now=moment + MINUTES)
        told.append(untaken.look_after(now=moment + 6 * MINUTES))
    return told


def waiting():
    return [row.task["kwargs"]["due"] for row in OrmQ.objects.order_by("pk")]


def test_three_hours_of_deaf_workers_are_told_each_and_nothing_is_left_to_run(
    programme, start, queue
):
    programme("skip", start)

    told = hours(3, start)

    assert told == [1, 1, 1]
    assert JobRun.objects.filter(status="missed").count() == 3
    assert waiting() == []


def test_what_is_to_run_once_leaves_one_turn_for_the_worker_that_comes(programme, start, queue):
    programme("once", start)

    told = hours(3, start)

    assert told == [1, 1, 1]
    assert waiting() == [(start + 2 * HOUR).isoformat()]


def test_behind_workers_that_are_busy_it_only_waits(programme, start, queue):
    queue.verdict = Verdict.BUSY
    programme("skip", start)

    assert hours(2, start) == [0, 0]
    assert len(waiting()) == 2


def test_two_who_look_at_once_tell_it_once(programme, start, queue):
    schedule = programme("skip", start)
    launching.look_after(launch=True, now=start + MINUTES)
    (row,) = OrmQ.objects.all()
    turns = [untaken.turn_of(row)]

    assert [untaken.give_up(schedule.pk, turns), untaken.give_up(schedule.pk, turns)] == [
        True, False,
    ]  # fmt: skip


def test_a_turn_that_a_deaf_cluster_holds_goes_back_to_the_others(programme, start, queue):
    queue.verdict = Verdict.WORKING
    programme("skip", start)
    launching.look_after(launch=True, now=start + MINUTES)
    taken = start + MINUTES
    OrmQ.objects.update(lock=taken + timedelta(seconds=Conf.RETRY))

    moments = (taken + 14 * MINUTES, taken + 16 * MINUTES, taken + 17 * MINUTES)

    assert [untaken.give_back(now=moment) for moment in moments] == [0, 1, 0]
    assert OrmQ.objects.get().lock == taken + 16 * MINUTES
