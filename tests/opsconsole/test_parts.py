"""A run that is fanned out: its parts are runs, it works on them itself, and joins them."""

import threading
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction

from opsconsole import Operation, RunContext, events, registry, runner
from opsconsole.doors import terminal
from opsconsole.exceptions import AlreadyRunning, IllegalTransition, InvalidOperation
from opsconsole.models import JobRun
from opsconsole.parts import new_part, newest_parts
from opsconsole.selectors import runs as history
from opsconsole.ticking import tick
from tests.faults.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def parts_of(run):
    return list(JobRun.objects.filter(parent=run).order_by("pk"))


@pytest.fixture
def in_thread():
    """Execute a run beside the test, as a worker would; join it at the end."""
    threads = []

    def work(run, **how):
        runner.execute(run.pk, **how)
        connections.close_all()

    def start(run, **how):
        threads.append(threading.Thread(target=work, args=[run], kwargs=how))
        threads[-1].start()
        return threads[-1]

    yield start
    for thread in threads:
        thread.join(20)


@pytest.fixture
def viewer_page(client, django_user_model):
    """What a superuser reads on a run's page."""
    client.force_login(django_user_model.objects.create_superuser("root", password="clave-1"))
    return lambda run: client.get(run.get_absolute_url()).content.decode()


def has_begun(run):
    """Wait until one of its parts is being worked on; return it."""
    parts = JobRun.objects.filter(parent=run, status="running", progress_current__gte=1)
    return eventually(parts.first, what="a part at work")


def test_alone_a_run_works_on_all_its_parts_and_joins_them(perform):
    told = []
    events.ended.connect(listener := lambda run, **kwargs: told.append(run.pk))

    run = perform("count_in_parts", parts=3, steps=4)

    events.ended.disconnect(listener)
    assert (run.status, run.result) == ("succeeded", {"counted": 12, "began": 0})
    assert (run.progress_current, run.phases["count"]["done"]) == (12, 1.0)
    parts = parts_of(run)
    assert [(part.part_number, part.part, part.status) for part in parts] == [
        (1, {"from": 0}, "succeeded"),
        (2, {"from": 10}, "succeeded"),
        (3, {"from": 20}, "succeeded"),
    ]
    assert {(part.requested_by, part.origin, part.log_lines) for part in parts} == {
        (run.requested_by, run.origin, 6)
    }
    # People asked for one run: they hear of one, and see one where their runs are listed.
    assert told == [run.pk]
    assert history.recent("count_in_parts") == [run]
    assert history.recent_by_operation(["count_in_parts"], limit=5) == {"count_in_parts": [run]}


def test_its_progress_is_that_of_its_parts_also_while_it_works_on_one_itself(
    submit, in_thread, viewer_page
):
    run = submit("count_in_parts", parts=2, steps=1_000, pause=0.01)
    in_thread(run)
    has_begun(run)

    seen = eventually(
        JobRun.objects.filter(pk=run.pk, progress_current__gte=1, phases__has_key="count").first,
        what="progress of the whole",
    )
    assert [part.status for part in parts_of(run)] == ["running", "queued"]
    assert seen.status == "running"
    assert "Los tiempos son la suma de los de las partes." in viewer_page(run)
    runner.cancel(run, door=terminal())


def test_the_bell_of_a_part_that_its_own_run_has_taken_tells_nobody_anything(perform):
    part = parts_of(perform("count_in_parts"))[0]

    assert runner.execute(part.pk).refused
    part.refresh_from_db()
    assert part.refused_claims == 0


def test_one_bad_part_fails_the_run_after_all_the_others_have_ended(perform):
    run = perform("count_in_parts", parts=3, fails=1)

    bad, *good = parts_of(run)
    assert run.status == "failed"
    assert run.error == (f"1 de 3 partes no terminó bien: la corrida {bad.pk}.")
    assert (run.error_cause, run.error_remedy) == ("No se deja contar.", "Pida otra")
    assert [part.status for part in good] == ["succeeded", "succeeded"]
    with pytest.raises(IllegalTransition) as refused:
        runner.retry(bad, door=terminal())
    assert refused.value.remedy == f"Repita la corrida {run.pk} entera."
    again = runner.retry(run, door=terminal(), enqueue=False)
    assert (again.parent_id, again.retry_of_id) == (None, run.pk)


def test_cancelling_the_run_cancels_its_parts_those_at_work_and_those_that_wait(submit, in_thread):
    run = submit("count_in_parts", parts=3, steps=1_000, pause=0.02)
    in_thread(run)
    has_begun(run)

    runner.cancel(run, door=terminal())

    statuses = eventually(
        lambda: (seen := {part.status for part in parts_of(run)}) == {"cancelled"} and seen,
        what="the end of all parts",
    )
    eventually(lambda: JobRun.objects.get(pk=run.pk).has_ended, what="the end of the run")
    assert statuses == {"cancelled"} == {JobRun.objects.get(pk=run.pk).status}


def test_a_part_that_was_cancelled_can_be_repeated_while_its_run_waits(submit, in_thread):
    run = submit("count_in_parts", parts=2, steps=30, pause=0.02)
    in_thread(run)
    first = has_begun(run)
    second = JobRun.objects.get(parent=run, part_number=3 - first.part_number)

    second = runner.cancel(second, door=terminal())
    again = runner.retry(second, door=terminal())

    assert (again.part, again.part_number, again.retry_of) == (second.part, 2, second)
    with pytest.raises(AlreadyRunning):
        runner.retry(second, door=terminal())
    run = eventually(
        lambda: (now := JobRun.objects.get(pk=run.pk)).has_ended and now, what="the join"
    )
    assert (run.status, run.result["counted"]) == ("succeeded", 60)
    assert newest_parts(run.pk)[1] == again


def test_a_worker_told_to_stop_puts_run_and_part_back_and_the_next_one_cuts_nothing_anew(submit):
    run = submit("count_in_parts", parts=2, steps=40, pause=0.02)
    heard = []

    runner.execute(run.pk, listen=heard.append, must_stop=lambda: bool(parts_of(run)))

    run.refresh_from_db()
    assert run.status == "interrupted"
    assert sorted(part.status for part in parts_of(run)) in (
        ["interrupted", "queued"],
        ["queued", "queued"],
    )
    assert heard[0].stop_requested
    tick()
    parts = [part.pk for part in parts_of(run)]
    assert {part.status for part in parts_of(run)} == {"queued"}
    runner.execute(run.pk)
    run.refresh_from_db()
    assert (run.status, run.attempt, run.result["counted"]) == ("succeeded", 2, 80)
    assert [part.pk for part in parts_of(run)] == parts


def test_an_attempt_that_was_taken_over_leaves_the_parts_to_the_one_that_took_over(
    submit, in_thread
):
    run = submit("count_in_parts", parts=2, steps=1_000, pause=0.02)
    attempt = in_thread(run)
    has_begun(run)

    JobRun.objects.filter(pk=run.pk).update(token=uuid4())
    attempt.join(20)

    assert sorted(part.status for part in parts_of(run)) == ["interrupted", "queued"]


def test_parts_of_a_run_that_is_gone_are_cancelled_by_the_next_tick(submit):
    run = submit("count_in_parts")
    for number in (1, 2):
        new_part(run, number=number, piece={"from": 0}).save()
    JobRun.objects.filter(pk=run.pk).update(status="failed")

    tick()

    assert {part.status for part in parts_of(run)} == {"cancelled"}


def test_no_part_is_worked_on_twice_at_once(submit):
    run = submit("count_in_parts")
    new_part(run, number=1, piece={}).save()

    with pytest.raises(IntegrityError), transaction.atomic(using="ops"):
        new_part(run, number=1, piece={}).save()
    with pytest.raises(IntegrityError), transaction.atomic(using="ops"):
        JobRun.objects.create(operation="count_in_parts", origin="cli", part_number=1)


def test_what_has_no_run_cannot_be_fanned_out_and_what_fans_out_must_be_resumable():
    with pytest.raises(RuntimeError):
        RunContext().fan_out(list)
    with pytest.raises(InvalidOperation, match="must be resumable"):

        class Spread(Operation):
            name, title = "spread_badly", "Mal"

            def run(self, params, ctx):
                ctx.fan_out(list)

            def run_part(self, params, part, ctx):
                return None

    assert registry.find("spread_badly") is None


def test_a_part_shows_its_run_and_the_run_its_parts(perform, client, admin_user, capsys):
    run = perform("count_in_parts", parts=2, steps=7)
    part = parts_of(run)[1]
    client.force_login(admin_user)

    page = client.get(run.get_absolute_url()).content.decode()
    of_part = client.get(part.get_absolute_url()).content.decode()
    listed = client.get("/admin/opsconsole/jobrun/").content.decode()
    call_command("console", "runs")

    assert f'<a href="{part.get_absolute_url()}">Parte 2, corrida {part.pk}</a> · 7 de 7' in page
    assert f'parte 2 de la <a href="{run.get_absolute_url()}">corrida {run.pk}</a>' in of_part
    assert f"#{part.pk} · parte 2 de #{run.pk}" in listed
    assert f" · parte 2 de #{run.pk}\n" in capsys.readouterr().out
