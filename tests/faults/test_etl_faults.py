"""The ETL in a real worker, stopped in the worst places: nothing lost, nothing twice."""

import signal

import pytest
from django.core.management import call_command
from django.db import connections

from callcentersite.apps.analytics.models import Call, DailyMetrics
from callcentersite.apps.etl.models import CallRejection
from opsconsole.models import JobRun
from tests.faults.conftest import becomes, has_counted
from tests.faults.processes import eventually

CALLS = 60_000


@pytest.fixture
def full_legacy(legacy):
    """Demo calls, 3 % of which the rules reject."""
    call_command("create_test_data", "--calls", str(CALLS), "--seed", "7", verbosity=0)
    return legacy


def legacy_ids():
    with connections["legacy"].cursor() as cursor:
        cursor.execute("SELECT call_id FROM ivr_calls ORDER BY call_id")
        return [row[0] for row in cursor.fetchall()]


def loaded_ids():
    return sorted(
        [
            *Call.objects.values_list("call_id", flat=True),
            *CallRejection.objects.values_list("call_id", flat=True),
        ]
    )


def everything():
    """All that the ETL wrote, to compare one way of getting there with another."""
    metrics = DailyMetrics.objects.order_by("day", "queue").values_list(
        "day", "queue", "offered", "answered", "abandoned", "within_sla"
    )
    return (
        list(Call.objects.order_by("call_id").values_list()),
        list(CallRejection.objects.order_by("call_id").values_list("call_id", "reasons")),
        list(metrics),
    )


def test_an_etl_whose_cluster_is_killed_is_resumed_and_the_rows_are_exactly_right(
    full_legacy, cluster, enqueue
):
    first = cluster()
    run = enqueue("run_etl", batch_size=2_000)
    has_counted(run, 2_000)
    first.kill_all()
    partial = Call.objects.count()
    assert 0 < partial < CALLS

    cluster()
    run = becomes(run, "succeeded", seconds=60)

    assert (run.attempt, run.deaths) == (2, 1)
    assert loaded_ids() == legacy_ids()
    resumed = everything()
    Call.objects.all().delete()
    CallRejection.objects.all().delete()
    DailyMetrics.objects.all().delete()
    call_command("run_etl", "--full", verbosity=0)
    assert everything() == resumed


def test_sigterm_in_the_middle_leaves_whole_batches_and_the_next_worker_goes_on(
    full_legacy, cluster, enqueue
):
    first = cluster()
    run = enqueue("run_etl", batch_size=2_000)
    has_counted(run, 2_000)

    first.signal(signal.SIGTERM)
    assert first.wait(30) == 0
    assert first.family() == []

    assert becomes(run, "interrupted", "queued", "succeeded")
    cluster()
    assert becomes(run, "succeeded", seconds=60).deaths == 0
    assert loaded_ids() == legacy_ids()


def test_a_command_killed_in_the_middle_is_completed_by_the_next_one(full_legacy, start):
    command = start("run_etl", "--batch-size", "2000")
    run = eventually(lambda: JobRun.objects.filter(operation="run_etl").first(), what="the run")
    has_counted(run, 2_000)

    command.signal(signal.SIGKILL)
    command.wait()
    JobRun.objects.filter(pk=run.pk).update(status="lost", token=None)
    assert 0 < Call.objects.count() < CALLS
    call_command("run_etl", verbosity=0)

    assert loaded_ids() == legacy_ids()


def test_a_command_stopped_by_ctrl_c_keeps_whole_batches_and_says_cancelled(full_legacy, start):
    command = start("run_etl", "--batch-size", "2000")
    run = eventually(lambda: JobRun.objects.filter(operation="run_etl").first(), what="the run")
    has_counted(run, 2_000)

    command.signal(signal.SIGINT)

    assert command.wait() == 130, command.output
    run.refresh_from_db()
    assert run.status == "cancelled"
    call_command("run_etl", verbosity=0)
    assert loaded_ids() == legacy_ids()
