"""Programmes launch by themselves; what is missed is told once; what is broken stops alone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from opsconsole import events
from opsconsole.exceptions import NotAllowed
from opsconsole.models import JobRun, ProgrammeTerms
from opsconsole.programmes import launching
from opsconsole.programmes.launching import Looked
from opsconsole.programmes.orders import FUNCTION, Order
from opsconsole.tasks import run_scheduled
from opsconsole.ticking import tick
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now().replace(minute=30, second=0, microsecond=0)


@pytest.fixture
def programme(operator, now):
    """Make one: hourly by cron, due half an hour ago unless it is said otherwise."""

    def programme(operation="count_slowly", *, terms=None, **changes):
        order = Order(operation=operation, params={}, owner_id=str(operator.pk))
        fields = {
            "func": FUNCTION, "kwargs": order.as_text(), "schedule_type": "C", "cron": "0 * * * *",
            "next_run": now.replace(minute=0), "name": operation,
        } | changes  # fmt: skip
        # As other code may write it: past the checks of save().
        (schedule,) = Schedule.objects.bulk_create([Schedule(**fields)])
        ProgrammeTerms.objects.create(schedule=schedule, **(terms or {}))
        return schedule

    return programme


@pytest.fixture
def heard():
    """What is told of programmes and of runs that ended."""
    told = []

    def suspended(change, programme, user, **kwargs):
        told.append((change, programme.name, programme.reason))

    def ended(run, **kwargs):
        told.append((run.status, run.operation, run.error))

    events.changed_schedule.connect(suspended)
    events.ended.connect(ended)
    yield told
    events.changed_schedule.disconnect(suspended)
    events.ended.disconnect(ended)


def take_turns():
    """What a worker does with what was rung."""
    for row in OrmQ.objects.filter(key__isnull=False).order_by("pk"):
        task = row.task
        if task["func"] == FUNCTION:
            row.delete()
            run_scheduled(**task["kwargs"])


def test_its_time_comes_and_it_is_launched_once(programme, now, operator):
    schedule = programme(next_run=now - timedelta(minutes=2))

    first = launching.look_after(launch=True, now=now)
    second = launching.look_after(launch=True, now=now)
    take_turns()

    run = JobRun.objects.get()
    schedule.refresh_from_db()
    assert (first, second) == (Looked(launched=1), Looked())
    assert (run.origin, run.requested_by, run.status) == ("schedule", "operadora.1", "queued")
    assert schedule.next_run == now.replace(minute=0) + HOUR
    assert (schedule.terms.last_run, schedule.terms.last_word) == (run, "Se lanzó.")


def test_a_turn_that_the_queue_delivers_twice_makes_one_run(programme, now, operator):
    schedule = programme()
    told = {
        "operation": "count_slowly", "params": {}, "owner_id": str(operator.pk),
        "schedule_id": schedule.pk, "due": now.isoformat(),
    }  # fmt: skip

    run_scheduled(**told)
    JobRun.objects.update(status="succeeded", finished_at=now)
    said = run_scheduled(**told)

    assert said == f"delivered again: run {JobRun.objects.get().pk}"


def test_a_long_stop_is_one_missed_run_that_says_how_many(programme, now, heard):
    schedule = programme(next_run=now.replace(minute=0) - 2000 * HOUR)

    looked = launching.look_after(launch=True, now=now)

    run = JobRun.objects.get()
    schedule.refresh_from_db()
    assert looked == Looked(missed=1)
    assert (run.status, run.result) == ("missed", {"missed": 2001})
    assert run.error.startswith("No se ejecutó 2001 veces, del ")
    assert run.requested_by == "operadora.1"
    assert heard == [("missed", "count_slowly", run.error)]
    assert schedule.next_run == now.replace(minute=0) + HOUR
    assert OrmQ.objects.count() == 0


def test_what_is_wished_once_runs_once_after_the_stop(programme, now):
    programme(next_run=now.replace(minute=0) - 5 * HOUR, terms={"on_missed": "once"})

    looked = launching.look_after(launch=True, now=now)
    take_turns()

    assert looked == Looked(launched=1, missed=1)
    assert list(JobRun.objects.order_by("pk").values_list("status", flat=True)) == [
        "missed",
        "queued",
    ]


def test_without_workers_each_missed_time_is_told_once_and_waits_where_it_is(programme, now):
    schedule = programme()

    first = tick_at(now)
    again = tick_at(now + timedelta(minutes=1))
    hour_later = tick_at(now + HOUR)
    back = launching.look_after(launch=True, now=now + HOUR)

    schedule.refresh_from_db()
    assert [one.missed for one in (first, again, hour_later, back)] == [1, 0, 1, 0]
    assert JobRun.objects.filter(status="missed").count() == 2
    assert schedule.next_run == now.replace(minute=0) + 2 * HOUR


def tick_at(now):
    return launching.look_after(launch=False, now=now)


def test_two_who_look_at_once_write_one_missed_run(programme, now):
    schedule = programme()
    terms = schedule.terms
    late = launching.overdue(schedule, terms, now=now)

    assert launching.declare(schedule, terms, late) is True
    assert launching.declare(schedule, terms, late) is False
    assert JobRun.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"func": "os.system"}, "No lanza una operación registrada, sino os.system."),
        ({"kwargs": "{'operation':"}, "Sus argumentos no se pueden leer."),
        ({"args": "(", "kwargs": "a=1"}, "Sus argumentos no se pueden leer."),
        ({"cron": "0 0 31 2 *"}, "Cron «0 0 31 2 *»: "),
        ({"next_run": None}, "No tiene próxima vez."),
        ({"schedule_type": "ZZ"}, "No se sabe cada cuánto se ejecuta."),
        (
            {"terms": {"zone": "America/Atlantida"}},
            "No existe la zona horaria «America/Atlantida».",
        ),
    ],
)
def test_a_broken_row_is_suspended_with_its_reason_and_stops_no_other(
    programme, now, heard, changes, reason
):
    broken = programme(**({"name": "roto", "next_run": now - 9 * HOUR} | changes))
    programme(name="sano", next_run=now - timedelta(minutes=1))

    looked = launching.look_after(launch=True, now=now)
    again = launching.look_after(launch=True, now=now)

    broken.refresh_from_db()
    assert (looked.suspended, looked.launched, again) == (1, 1, Looked())
    assert broken.repeats == 0
    assert broken.terms.suspended_because.startswith(reason)
    assert heard == [("suspended", "roto", broken.terms.suspended_because)]


def test_a_fault_of_ours_suspends_nothing_and_leaves_the_turn_for_the_next_look(
    programme, now, monkeypatch
):
    unlucky, _lucky = programme(name="uno"), programme(name="dos")
    Schedule.objects.update(next_run=now - timedelta(minutes=1))
    ring = launching.ring

    def fails_for_one(schedule, due):
        if schedule.pk == unlucky.pk:
            raise RuntimeError("no room")
        ring(schedule, due)

    monkeypatch.setattr(launching, "ring", fails_for_one)
    looked = launching.look_after(launch=True, now=now)
    monkeypatch.undo()
    again = launching.look_after(launch=True, now=now)

    assert (looked, again) == (Looked(launched=1), Looked(launched=1))
    assert OrmQ.objects.count() == 2


def test_parameters_that_are_accepted_no_more_suspend_it(programme, now, operator):
    order = Order(operation="count_slowly", params={"pasos": 3}, owner_id=str(operator.pk))
    schedule = programme(kwargs=order.as_text())

    launching.look_after(launch=True, now=now)

    schedule.refresh_from_db()
    assert "Sus parámetros ya no valen. --pasos: Opción desconocida." in (
        schedule.terms.suspended_because
    )


@pytest.mark.parametrize("loses", ["the right", "the account", "its being in force"])
def test_a_programme_whose_owner_may_no_more_is_suspended(programme, operator, now, heard, loses):
    schedule = programme(next_run=now + HOUR)
    launching.look_after(launch=True, now=now)
    if loses == "the right":
        operator.user_permissions.clear()
    elif loses == "the account":
        operator.delete()
    else:
        type(operator).objects.update(is_active=False)

    too_soon = launching.look_after(launch=True, now=now + timedelta(minutes=1))
    looked = launching.look_after(launch=True, now=now + timedelta(minutes=6))

    schedule.refresh_from_db()
    assert (too_soon, looked) == (Looked(), Looked(suspended=1))
    assert (schedule.repeats, JobRun.objects.count()) == (0, 0)
    assert schedule.terms.suspended_because
    assert [said[0] for said in heard] == ["suspended"]


def test_a_right_lost_on_the_way_to_the_worker_is_a_missed_run_and_a_suspension(
    programme, operator, now
):
    schedule = programme(next_run=now - timedelta(minutes=1))
    launching.look_after(launch=True, now=now)
    operator.user_permissions.clear()

    with pytest.raises(NotAllowed):
        take_turns()

    run = JobRun.objects.get()
    schedule.refresh_from_db()
    assert (run.status, schedule.repeats) == ("missed", 0)
    assert "Falta el permiso opsconsole.run_count_slowly" in run.error_cause


def test_a_plan_past_its_limits_is_told_as_a_missed_run(programme, operator, now, monkeypatch):
    monkeypatch.setattr("opsconsole.limits.TYPE_ABOVE", 0)
    allow(operator, "run_remove_kept")
    type(operator).objects.create_user("viejo.1")
    programme("remove_kept", next_run=now - timedelta(minutes=1))
    launching.look_after(launch=True, now=now)

    with pytest.raises(Exception, match="Nadie ha leído este plan"):
        take_turns()

    run = JobRun.objects.get()
    assert (run.status, run.operation) == ("missed", "remove_kept")
    assert type(operator).objects.filter(username="viejo.1").exists()


def test_once_is_once_and_stays_to_be_read(programme, now):
    schedule = programme(schedule_type="O", cron="", next_run=now - timedelta(minutes=1))

    launching.look_after(launch=True, now=now)
    again = launching.look_after(launch=True, now=now + HOUR)

    schedule.refresh_from_db()
    assert (schedule.repeats, again) == (0, Looked())


def test_a_programme_follows_the_clock_of_its_own_zone(programme, now):
    schedule = programme(
        cron="0 2 * * *", next_run=now - timedelta(minutes=1), terms={"zone": "Asia/Tokyo"}
    )

    launching.look_after(launch=True, now=now)

    schedule.refresh_from_db()
    assert schedule.next_run.hour == 17  # 02:00 in Tokyo, by UTC


def test_the_tick_of_a_worker_launches_and_the_one_of_cron_does_not(programme):
    programme(next_run=timezone.now() - timedelta(seconds=5), cron="* * * * *")

    assert tick().launched == 0
    assert str(tick(launch=True)).endswith("lanzadas por una tarea programada: 1")
