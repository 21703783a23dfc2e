"""Workers that look alive but consume nothing: the canary is missed in time."""

import signal

import psutil
import pytest
from django.core.cache import caches

from opsconsole.canary import TASK
from opsconsole.conf import DEFAULTS
from opsconsole.models import Canary
from opsconsole.selectors.queue import living_clusters
from tests.faults.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops", "legacy"])
QUICK = {"CANARY_SECONDS": 0.5, "CANARY_LATE_SECONDS": 3.0, "TICK_SECONDS": 0.3}
# How long a page may be shown that was made earlier.
CACHED_SECONDS = 10


def test_by_default_it_is_missed_within_two_minutes():
    assert DEFAULTS["CANARY_LATE_SECONDS"] + CACHED_SECONDS < 120


def test_frozen_workers_turn_the_health_red_and_thawed_ones_turn_it_back(cluster, client, settings):
    caches["q2"].clear()
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, **QUICK}
    child = cluster(**{f"OPSCONSOLE_{name}": str(value) for name, value in QUICK.items()})
    first = eventually(heard, what="a song").sung_at
    eventually(lambda: heard().sung_at > first, what="another song")
    eventually(
        lambda: client.get("/health/ready").json()["checks"]["canary"] == "ok", what="a good health"
    )
    workers = [psutil.Process(pid) for pid in workers_of(child)]

    for worker in workers:
        worker.send_signal(signal.SIGSTOP)

    red = eventually(lambda: not_ready(client), what="red")
    # The guard still reports of them: they look alive.
    assert red["checks"] == {
        "default": "ok", "ops": "ok", "migrations": "ok", "queue": "deaf", "canary": "fail",
    }  # fmt: skip
    assert sum(len(one.workers) for one in living_clusters()) == len(workers) == 2
    assert client.get("/health/ready/web").status_code == 200

    for worker in workers:
        worker.send_signal(signal.SIGCONT)

    eventually(lambda: client.get("/health/ready").status_code == 200, what="green")
    assert Canary.objects.count() == 1
    assert TASK not in child.output


def heard():
    """The canary, once it was heard."""
    return Canary.objects.filter(sung_at__isnull=False).first()


def workers_of(child):
    """The process ids of the workers, as their cluster reports of them."""
    family = {process.pid for process in child.family()}
    (one,) = [c for c in living_clusters() if c.pid in family]
    return [int(name.rpartition(":")[2]) for name in one.workers]


def not_ready(client):
    answer = client.get("/health/ready")
    return answer.json() if answer.status_code == 503 else None
