"""Programmes launch registered operations in somebody's name, and nothing else."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django_q.models import Schedule

from opsconsole.exceptions import NotAllowed, UnknownOperation
from opsconsole.models import JobRun
from opsconsole.programmes.orders import (
    FUNCTION,
    Order,
    cron_problem,
    launch,
    next_times,
    order_of,
    upcoming,
)
from opsconsole.tasks import run_scheduled

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
MEXICO = ZoneInfo("America/Mexico_City")


def schedule(order=None, **changes):
    fields = {
        "func": FUNCTION,
        "kwargs": (order or Order(operation="count_slowly")).as_text(),
        "schedule_type": Schedule.CRON,
        "cron": "0 2 * * *",
    }
    return Schedule(**(fields | changes))


def test_it_launches_in_the_name_of_its_owner(operator):
    order = Order(operation="count_slowly", params={"steps": 9}, owner_id=str(operator.pk))

    said = launch(order)

    run = JobRun.objects.get()
    assert said == f"run {run.pk}"
    assert (run.origin, run.requested_by, run.params["steps"]) == ("schedule", "operadora.1", 9)


def test_the_right_counts_as_it_is_now(operator):
    operator.user_permissions.clear()

    with pytest.raises(NotAllowed):
        launch(Order(operation="count_slowly", owner_id=str(operator.pk)))

    assert JobRun.objects.count() == 0


@pytest.mark.parametrize("owner", ["", "999", "nadie"])
def test_without_an_owner_nothing_is_launched(engine_db, owner):
    with pytest.raises(NotAllowed):
        launch(Order(operation="count_slowly", owner_id=owner))

    assert JobRun.objects.count() == 0


def test_a_run_still_under_way_is_no_failure(operator, submit):
    running = submit("count_slowly")

    said = launch(Order(operation="count_slowly", owner_id=str(operator.pk)))

    assert said == f"under way: run {running.pk}"
    assert JobRun.objects.count() == 1


def test_what_django_q_could_not_read_launches_nothing(engine_db):
    with pytest.raises(UnknownOperation, match="no dice qué operación"):
        run_scheduled()

    assert JobRun.objects.count() == 0


def test_an_operation_that_is_gone_is_told(operator):
    with pytest.raises(UnknownOperation):
        run_scheduled(operation="gone_operation", params={}, owner_id=str(operator.pk))


def test_an_order_survives_being_written_as_text():
    order = Order(operation="x", params={"a": None, "b": [1, "ñ'\""], "c": True}, owner_id="3")

    assert order_of(schedule(order)) == order


@pytest.mark.parametrize(
    "changes",
    [
        {"func": "os.system"},
        {"kwargs": "a=1"},
        {"kwargs": "{"},
        {"kwargs": None},
        {"kwargs": "{'x': 1}"},
    ],
)
def test_a_row_of_another_kind_is_not_an_order(changes):
    assert order_of(schedule(**changes)) is None


@pytest.mark.parametrize("cron", ["0 2 * * *", "*/5 8-18 * * 1-5", "0 0 1 jan *", "0 2 * * 0"])
def test_good_crons(cron):
    assert cron_problem(cron) == ""


@pytest.mark.parametrize(
    "cron", ["", "hola", "61 * * * *", "0 0 31 2 *", "* * * * * *", "0 2 * *", "0 0 1 enero *"]
)
def test_crons_that_will_not_do(cron):
    assert cron_problem(cron) != ""


def test_its_next_times_are_local_and_stay_at_the_same_hour():
    first = dt.datetime(2026, 11, 22, 2, 0, tzinfo=MEXICO)

    times = next_times(schedule(next_run=first), count=3)

    assert [f"{moment:%d %H:%M}" for moment in times] == ["22 02:00", "23 02:00", "24 02:00"]


def test_once_is_once_and_a_pause_is_never():
    first = dt.datetime(2026, 11, 22, 2, 0, tzinfo=MEXICO)

    assert next_times(schedule(schedule_type=Schedule.ONCE, next_run=first)) == [first]
    assert next_times(schedule(next_run=first, repeats=0)) == []


def test_what_comes_next_is_of_the_operations_asked_for(engine_db):
    from opsconsole import registry

    schedule().save()
    schedule(Order(operation="raise_error")).save()
    schedule(func="os.system").save()

    found = upcoming([registry.get("count_slowly")])

    assert [item.operation.name for item in found] == ["count_slowly"]
