"""Fault tests start real processes and leave none behind."""

import os

import pytest

from opsconsole import registry, runner
from opsconsole.doors import terminal
from opsconsole.models import JobRun
from tests.faults.processes import Child, eventually
from tests.operations import EVERY

# These bring a PostgreSQL of their own: once, in the column that has servers, is enough.
collect_ignore = [] if os.environ.get("TEST_DATABASE_URL") else ["test_database_faults.py"]


@pytest.fixture(autouse=True)
def test_operations():
    for cls in EVERY:
        registry.register(cls)
    yield
    for cls in EVERY:
        registry.unregister(cls.name)


@pytest.fixture
def start(transactional_db, tmp_path):
    """Start a manage.py process: ``start("qcluster")``."""
    children = []

    def start(*words, **changes):
        child = Child(*words, log=tmp_path / f"{words[0]}-{len(children)}.log", **changes)
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill_all()


@pytest.fixture
def cluster(start):
    """A qcluster with two workers unless told otherwise, ready to work."""

    def cluster(**changes):
        child = start("qcluster", **changes)
        workers = int(changes.get("Q_WORKERS", 2))
        eventually(lambda: child.output.count("ready for work") >= workers, what="a ready cluster")
        return child

    return cluster


@pytest.fixture
def enqueue(transactional_db):
    """Submit an operation to the queue, as the page does."""

    def enqueue(name, **values):
        return runner.submit(registry.get(name), values, door=terminal())

    return enqueue


def becomes(run, *statuses, seconds=20):
    """Wait until the run is in one of the states; return it."""

    def answer():
        now = JobRun.objects.get(pk=run.pk)
        return now if now.status in statuses else None

    return eventually(answer, seconds=seconds, what=f"run {run.pk} becoming {statuses}")


def has_counted(run, number):
    """Wait until the run's progress is at least that far."""
    return eventually(
        lambda: (JobRun.objects.get(pk=run.pk).progress_current or 0) >= number,
        what=f"run {run.pk} counting to {number}",
    )
