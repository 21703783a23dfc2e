"""A full load shared by two clusters, treated badly, and equal to the quiet one all the same."""

import os
import signal

import pytest
from django.core.management import call_command
from django.db import connections

from callcentersite.apps.analytics.models import Call
from opsconsole import runner
from opsconsole.doors import terminal
from opsconsole.models import JobRun
from tests.faults.conftest import becomes
from tests.faults.processes import eventually

# SQLite has one writer at a time: there a few are enough to see that it works.
ON_SERVERS = bool(os.environ.get("TEST_DATABASE_URL"))
CALLS, BATCH, PARTS = (80_000, 1_000, 4) if ON_SERVERS else (12_000, 500, 3)

# Not compared: who loaded it and when, and numbers that only count rows.
TABLES = {
    "calls": "SELECT * FROM calls ORDER BY call_id",
    "call_rejections": "SELECT call_id, reasons, raw, last_good FROM call_rejections ORDER BY 1",
    "daily_metrics": (
        "SELECT day, queue, offered, answered, abandoned, within_sla, wait_sum_s, wait_max_s, "
        "talk_sum_s, talk_max_s FROM daily_metrics ORDER BY 1, 2"
    ),
    "queues": "SELECT * FROM queues ORDER BY code",
    "agents": "SELECT * FROM agents ORDER BY code",
    "stale_days": "SELECT * FROM stale_days",
    "etl_watermarks": "SELECT name, updated_at, call_id FROM etl_watermarks ORDER BY 1",
}


def as_text():
    """Every table that the ETL writes, whole."""
    texts = {}
    with connections["default"].cursor() as cursor:
        for table, query in TABLES.items():
            cursor.execute(query)
            texts[table] = "\n".join(map(repr, cursor.fetchall()))
    return texts


@pytest.fixture
def alone(legacy):
    """What a load in one part leaves, of demo calls 3 % of which the rules reject."""
    call_command("create_test_data", "--calls", str(CALLS), "--seed", "11", verbosity=0)
    call_command("run_etl", "--full", verbosity=0)
    texts = as_text()
    with connections["default"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")
    assert Call.objects.count() == 0
    return texts


def part_at_work(run, *, among=None):
    """Wait for a part that has come some way, in a worker that is one of these processes."""

    def found():
        parts = JobRun.objects.filter(parent=run, status="running", progress_current__gte=1)
        return next((part for part in parts if among is None or pid_of(part) in among), None)

    return eventually(found, what="a part at work")


def pid_of(run):
    return int(run.worker.rpartition(":")[2])


def ended_well(run):
    run = becomes(run, "succeeded", "failed", "lost", "cancelled", seconds=90)
    assert (run.status, run.error) == ("succeeded", "")
    return run


def test_two_clusters_share_a_full_load_and_a_killed_worker_changes_nothing(
    alone, cluster, enqueue
):
    clusters = [cluster(), cluster()] if ON_SERVERS else [cluster()]
    families = [{process.pid for process in one.family()} for one in clusters]
    run = enqueue("run_etl", full=True, partitions=PARTS, batch_size=BATCH)
    joining = pid_of(becomes(run, "running"))
    elsewhere = set().union(*(family for family in families if joining not in family))
    victim = part_at_work(run, among=elsewhere or families[0] - {joining})

    os.kill(pid_of(victim), signal.SIGKILL)

    run = ended_well(run)
    parts = list(JobRun.objects.filter(parent=run).order_by("part_number"))
    assert [part.status for part in parts] == ["succeeded"] * PARTS
    assert JobRun.objects.get(pk=victim.pk).deaths == 1
    assert as_text() == alone


def test_a_cancelled_part_is_repeated_a_killed_parent_resumed_and_the_tables_are_the_same(
    alone, cluster, enqueue
):
    cluster()
    run = enqueue("run_etl", full=True, partitions=PARTS, batch_size=BATCH)
    part_at_work(run)
    waiting = JobRun.objects.filter(parent=run).order_by("-part_number").first()
    runner.cancel(waiting, door=terminal())
    cancelled = becomes(waiting, "cancelled", "succeeded")
    if cancelled.status == "cancelled":
        runner.retry(cancelled, door=terminal())

    os.kill(pid_of(becomes(run, "running")), signal.SIGKILL)

    run = ended_well(run)
    assert (run.attempt, run.deaths) == (2, 1)
    assert as_text() == alone


def test_one_worker_alone_is_enough_and_a_cancelled_load_is_made_good_by_the_next(
    alone, cluster, enqueue
):
    cluster(Q_WORKERS="1")
    run = enqueue("run_etl", full=True, partitions=PARTS, batch_size=BATCH)
    part_at_work(run)

    runner.cancel(JobRun.objects.get(pk=run.pk), door=terminal())

    becomes(run, "cancelled")
    assert {part.status for part in JobRun.objects.filter(parent=run)} <= {"cancelled", "succeeded"}
    assert as_text() != alone
    again = runner.retry(JobRun.objects.get(pk=run.pk), door=terminal())
    ended_well(again)
    assert len(set(JobRun.objects.filter(parent=again).values_list("worker", flat=True))) == 1
    assert as_text() == alone
