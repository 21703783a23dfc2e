"""The queue's broker on PostgreSQL: in order, each task to one cluster, heard of at once."""

import threading

import pytest
from django.db import connections, transaction
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ

from opsconsole.broker import ListeningBroker

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


@pytest.fixture
def broker():
    broker = get_broker()
    assert isinstance(broker, ListeningBroker)
    return broker


def beside(work):
    """Do it in a thread with connections of its own; return the thread."""

    def close_after():
        work()
        connections.close_all()

    thread = threading.Thread(target=close_after)
    thread.start()
    return thread


def test_tasks_come_in_their_order_and_what_another_cluster_looks_at_is_passed_over(broker):
    for task in ("one", "two", "three"):
        broker.enqueue(task)
    taken = []

    with transaction.atomic(using="ops"):
        taken.append(broker.dequeue()[0][1])
        beside(lambda: taken.append(get_broker().dequeue()[0][1])).join(10)
    taken.append(broker.dequeue()[0][1])

    assert taken == ["one", "two", "three"]
    assert broker.dequeue() is None
    assert (broker.queue_size(), broker.lock_size()) == (0, 3)


def test_a_task_that_was_not_acknowledged_comes_again_when_its_lock_has_run_out(broker):
    broker.enqueue("one")
    [(task, _payload)] = broker.dequeue()
    assert broker.dequeue() is None
    with connections["ops"].cursor() as cursor:
        cursor.execute(
            "UPDATE django_q_ormq SET lock = lock - %s * interval '1 second'", [Conf.RETRY]
        )

    assert broker.dequeue() == [(task, "one")]
    broker.acknowledge(task)
    assert OrmQ.objects.count() == 0


def test_who_waits_is_woken_by_the_commit_of_a_bell(broker, monkeypatch):
    monkeypatch.setattr("opsconsole.broker.LISTEN_SECONDS", 600)
    heard = []

    def wait():
        mine = get_broker()
        while not heard:
            heard.extend(mine.dequeue() or ())

    waiting = beside(wait)
    with transaction.atomic(using="ops"):
        broker.enqueue("bell")
        waiting.join(1)
        assert heard == []
    waiting.join(20)

    assert [payload for _task, payload in heard] == ["bell"]
