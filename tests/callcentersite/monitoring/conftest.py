"""A console that does well, so that a test says only what is wrong."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from callcentersite.apps.monitoring import selectors
from callcentersite.apps.monitoring.domain.facts import DiskFacts
from opsconsole.models import Canary, JobRun
from opsconsole.selectors import queue


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What an earlier test gathered is not shown in this one."""
    cache.clear()


@pytest.fixture
def healthy(monkeypatch, transactional_db):
    """Two workers that take things off the queue, an hourly ETL, room on the disk."""
    now = timezone.now()
    alive = queue.Cluster(
        host="ops-1", pid=1, stopping=False, workers=("ops-1:4", "ops-1:5"),
        since=now - timedelta(days=1), reincarnations=0,
    )  # fmt: skip
    monkeypatch.setattr(queue, "living_clusters", lambda: (alive,))
    roomy = (DiskFacts(place="data", total_bytes=1_000, free_bytes=600),)
    monkeypatch.setattr(selectors, "disks", lambda: roomy)
    Canary.objects.create(born_at=now, released_at=now, sung_at=now)
    JobRun.objects.bulk_create(etl_run(hours) for hours in range(12, 0, -1))


def etl_run(hours, **changes):
    """A load that ended so many hours ago, a twentieth of it rejected."""
    ended = timezone.now() - timedelta(hours=hours - 0.5)
    result = {"read": 1_000, "rejected": 50}
    return JobRun(
        **{"operation": "run_etl", "status": "succeeded", "params": {}, "result": result}
        | {"queued_at": ended, "finished_at": ended, "origin": "schedule"}
        | changes
    )
