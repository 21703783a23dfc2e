"""What becomes of a run, from the click to its one ending."""

import threading
import time

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError
from django_q.models import OrmQ

from opsconsole import registry, runner
from opsconsole.doors import Door, terminal
from opsconsole.exceptions import (
    AlreadyRunning,
    BadInput,
    IllegalTransition,
    NotAllowed,
    UnknownOperation,
    UnknownRun,
)
from opsconsole.execution import claim
from opsconsole.models import JobLog, JobRun, Origin
from opsconsole.recorder import Recorder
from opsconsole.states import Status
from tests.faults.processes import eventually
from tests.operations import CountSlowly, Stubborn
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def messages(run):
    return list(JobLog.objects.filter(run=run).order_by("seq").values_list("message", flat=True))


def test_a_run_succeeds_with_its_log_progress_phases_and_result(perform):
    run = perform("count_slowly", steps=2)

    assert run.status == "succeeded"
    assert messages(run) == ["Empiezo a contar", "numero 1", "numero 2", "Conteo terminado"]
    assert (run.progress_current, run.progress_total, run.progress_unit) == (2, 2, "números")
    assert run.phases["count"]["done"] == 1.0
    assert run.result == {"counted": 2}
    assert run.log_lines == 4
    assert run.attempt == 1
    assert run.started_at <= run.finished_at


def test_submitting_writes_the_run_and_its_bell_together(submit):
    run = submit("count_slowly", enqueue=True)

    assert run.status == "queued"
    assert [row.task["args"] for row in OrmQ.objects.all()] == [(run.pk,)]


def test_without_the_right_nothing_is_written(submit, stranger):
    with pytest.raises(NotAllowed) as refusal:
        submit("count_slowly", user=stranger, enqueue=True)

    assert refusal.value.exit_code == 4
    assert "opsconsole.run_count_slowly" in str(refusal.value.cause)
    assert JobRun.objects.count() == 0
    assert OrmQ.objects.count() == 0


def test_an_inactive_account_may_do_nothing_even_as_superuser(submit, django_user_model):
    former = django_user_model.objects.create_superuser("antes", password="x", is_active=False)

    with pytest.raises(NotAllowed):
        submit("count_slowly", user=former)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"steps": 0}, "--steps: "),
        ({"steps": "muchos"}, "--steps: "),
        ({"color": "rojo"}, "--color: Opción desconocida."),
    ],
)
def test_bad_parameters_are_refused_by_name_and_nothing_is_written(submit, values, sentence):
    with pytest.raises(BadInput) as refusal:
        submit("count_slowly", **values)

    assert refusal.value.exit_code == 2
    assert sentence in str(refusal.value.cause)
    assert JobRun.objects.count() == 0


def test_an_unknown_operation_is_refused_with_the_names_there_are():
    with pytest.raises(UnknownOperation) as refusal:
        registry.get("cuenta")

    assert "count_slowly" in str(refusal.value.remedy)


def test_a_second_exclusive_run_is_led_to_the_first(submit):
    first = submit("count_slowly")

    with pytest.raises(AlreadyRunning) as refusal:
        submit("count_slowly")

    assert refusal.value.exit_code == 6
    assert refusal.value.run_id == first.pk


def test_the_database_itself_refuses_a_second_active_run_of_a_lock(submit):
    submit("count_slowly")

    with pytest.raises(IntegrityError):
        JobRun.objects.create(operation="count_slowly", lock_key="count_slowly", origin="cli")


def test_after_the_ending_the_lock_is_free_again(perform):
    assert perform("count_slowly").status == "succeeded"
    assert perform("count_slowly").status == "succeeded"


def test_five_claims_of_one_run_are_one_accepted_and_four_refused_and_visible(submit):
    run = submit("count_slowly")
    outcomes = []

    threads = [threading.Thread(target=lambda: outcomes.append(deliver(run.pk))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    run.refresh_from_db()
    assert sorted(outcomes) == [False, True, True, True, True]
    assert run.refused_claims == 4
    assert run.status == "succeeded"
    assert messages(run).count("numero 1") == 1


def deliver(pk):
    """Execute as a worker does, on a thread's own connections; True: it was refused."""
    from django.db import connections

    try:
        return runner.execute(pk).refused
    finally:
        connections.close_all()


def test_a_foreseen_error_ends_the_run_with_its_three_parts(perform):
    run = perform("raise_error")

    assert run.status == "failed"
    assert (run.error, run.error_cause, run.error_remedy) == (
        "No hay datos.",
        "Tabla vacía",
        "Cargue datos",
    )
    assert run.traceback == ""
    assert messages(run) == ["antes del error"]


def test_a_bug_keeps_class_and_traceback_without_the_password(perform):
    run = perform("raise_error", kind="bug")

    assert run.status == "failed"
    assert run.error == "ValueError: postgres://ana:••••@db/iact no responde"
    assert run.error_class == "ValueError"
    assert "raise ValueError" in run.traceback
    assert "secreta" not in run.traceback


def test_a_sensitive_parameter_is_used_but_never_written(submit):
    run = submit("keep_secret", password="ábrete-sésamo", enqueue=True)
    waiting = JobRun.objects.get(pk=run.pk)
    runner.execute(run.pk)
    run.refresh_from_db()

    assert waiting.params == {"password": "••••", "host": "localhost"}
    assert "sésamo" not in waiting.sealed_params
    assert run.status == "succeeded"
    assert run.result == {"length": 13, "seen": "••••"}
    assert messages(run) == ["conecto con •••• a localhost"]
    assert run.sealed_params == ""


def test_a_waiting_run_is_cancelled_at_once(submit):
    run = runner.cancel(submit("count_slowly"), door=terminal())

    assert run.status == "cancelled"
    assert run.finished_at is not None


def test_a_running_run_is_cancelled_at_its_next_safe_place(submit):
    run = submit("count_slowly", steps=200, pause=0.05)
    canceller = threading.Thread(target=cancel_when_running, args=(run.pk,))
    canceller.start()

    runner.execute(run.pk)

    canceller.join()
    run.refresh_from_db()
    assert run.status == "cancelled"
    assert 0 < run.progress_current < 200
    assert run.result == {"counted": run.progress_current}
    assert "Conteo terminado" not in messages(run)


def cancel_when_running(pk):
    from django.db import connections

    while not JobLog.objects.filter(run_id=pk).exists():
        time.sleep(0.02)
    assert runner.cancel(JobRun.objects.get(pk=pk), door=terminal()).status == "cancelling"
    connections.close_all()


def test_log_and_progress_are_seen_while_the_operation_still_runs(submit, monkeypatch):
    def work(self, params, ctx):
        for number in (1, 2, 3):
            ctx.info(f"numero {number}")
            ctx.progress(number)
            eventually(lambda: JobRun.objects.get().progress_current == number)  # noqa: B023
            seen.append(JobLog.objects.latest("seq").message)

    seen = []
    monkeypatch.setattr(CountSlowly, "run", work)
    runner.execute(submit("count_slowly").pk)

    assert seen == ["numero 1", "numero 2", "numero 3"]


def test_an_ended_run_can_be_neither_cancelled_nor_claimed(perform):
    run = perform("count_slowly")

    with pytest.raises(IllegalTransition):
        runner.cancel(run, door=terminal())
    assert claim(run.pk) is None
    run.refresh_from_db()
    assert run.status == "succeeded"


def test_only_those_with_the_right_cancel_what_others_asked_for(submit, operator, stranger):
    run = submit("count_slowly")

    with pytest.raises(NotAllowed):
        runner.cancel(run, door=Door(origin=Origin.ADMIN, user=stranger))
    run.refresh_from_db()
    assert run.status == "queued"

    chief = allow(stranger, "cancel_jobrun")
    assert runner.cancel(run, door=Door(origin=Origin.ADMIN, user=chief)).status == "cancelled"


def test_whoever_asked_for_a_run_may_cancel_it(submit, operator):
    run = submit("count_slowly", user=operator)

    assert runner.cancel(run, door=Door(origin=Origin.ADMIN, user=operator)).status == "cancelled"


def test_a_retry_is_a_new_run_with_the_same_parameters(perform):
    run = perform("raise_error", kind="bug")

    again = runner.retry(run, door=terminal())

    assert again.pk != run.pk
    assert again.retry_of_id == run.pk
    assert again.params == {"kind": "bug"}
    assert again.status == "queued"


def test_a_retry_of_a_secret_asks_for_it_again(perform):
    run = perform("keep_secret", password="ábrete-sésamo")

    with pytest.raises(BadInput) as refusal:
        runner.retry(run, door=terminal())

    assert "--password" in str(refusal.value.cause)


def test_what_destroys_is_not_retried_without_a_new_plan(perform):
    run = perform("remove_people")

    with pytest.raises(IllegalTransition) as refusal:
        runner.retry(run, door=terminal())

    assert "Eliminar cuentas" in str(refusal.value.remedy)
    assert JobRun.objects.count() == 1


def test_an_active_run_is_not_retried(submit):
    with pytest.raises(IllegalTransition):
        runner.retry(submit("count_slowly"), door=terminal())


def test_a_right_taken_away_while_it_waited_fails_the_run_before_it_works(submit, operator):
    run = submit("count_slowly", user=operator)
    operator.user_permissions.clear()

    runner.execute(run.pk)

    run.refresh_from_db()
    assert run.status == "failed"
    assert "run_count_slowly" in run.error_cause
    assert messages(run) == []


def test_an_operation_removed_while_it_waited_fails_the_run_in_a_sentence(submit):
    run = submit("count_slowly")
    registry.unregister("count_slowly")

    runner.execute(run.pk)

    run.refresh_from_db()
    assert run.status == "failed"
    assert run.error == "La operación «count_slowly» ya no existe."


def test_the_soft_deadline_ends_it_at_the_next_safe_place(submit):
    run = submit("count_slowly", steps=100, pause=0.1)
    JobRun.objects.filter(pk=run.pk).update(timeout_seconds=1)

    runner.execute(run.pk)

    run.refresh_from_db()
    assert run.status == "failed"
    assert "tiempo agotado" in run.error
    assert run.progress_current < 100


def test_past_the_grace_the_ending_is_written_before_the_process_dies(submit, monkeypatch):
    run, states = submit("stubborn"), []
    monkeypatch.setattr(Stubborn, "run", lambda *args: eventually(lambda: states))

    runner.execute(
        run.pk, on_hard_timeout=lambda: states.append(JobRun.objects.get(pk=run.pk).status)
    )

    run.refresh_from_db()
    assert states[0] == "failed"
    assert run.status == "failed"
    assert "tiempo agotado" in run.error


def test_a_late_finisher_is_refused_by_its_token(submit):
    run = submit("count_slowly")
    claimed = claim(run.pk)
    JobRun.objects.filter(pk=run.pk).update(status="lost", token=None)
    recorder = Recorder(claimed, fresh_context(), grace_seconds=1, on_hard_timeout=lambda: None)

    from opsconsole.endings import succeeded

    assert recorder.finish(succeeded(), result={"counted": 3}) is False
    run.refresh_from_db()
    assert run.status == "lost"
    assert run.result is None


def fresh_context():
    from opsconsole.context import RunContext

    ctx = RunContext()
    ctx.info("tarde")
    return ctx


def test_a_destroying_run_without_its_plan_changes_nothing(submit, django_user_model):
    django_user_model.objects.create_user("viejo.1")
    run = submit("remove_people")

    runner.execute(run.pk)

    run.refresh_from_db()
    assert run.status == "failed"
    assert run.error == "El plan ya no vale: no se cambió nada."
    assert django_user_model.objects.filter(username="viejo.1").exists()


def test_a_destroying_run_does_exactly_what_its_plan_showed(engine_db, django_user_model):
    django_user_model.objects.create_user("viejo.1")
    operation = registry.get("remove_people")
    digest = operation.plan({"prefix": "viejo"}).digest()
    run = runner.submit(operation, {}, door=terminal(), enqueue=False, plan_digest=digest)

    runner.execute(run.pk)

    run.refresh_from_db()
    assert run.status == "succeeded"
    assert run.result == {"deleted": 1}


def test_an_unknown_run_is_refused_by_its_number():
    with pytest.raises(UnknownRun) as refusal:
        runner.find(404)

    assert str(refusal.value) == "No existe la corrida 404."


def test_the_database_refuses_a_state_that_does_not_exist(submit):
    run = submit("count_slowly")

    with pytest.raises(IntegrityError):
        JobRun.objects.filter(pk=run.pk).update(status="perhaps")


def test_status_words_are_spanish():
    assert Status.SUCCEEDED.label == "Terminó bien"


def test_a_dsn_with_its_password_is_sealed_though_nobody_marked_it_sensitive(submit, monkeypatch):
    from tests.operations import KeepSecret

    monkeypatch.setattr(KeepSecret, "run", lambda self, params, ctx: ctx.info(params["host"]))
    run = submit("keep_secret", password="x1y2", host="mysql://ivr:s3creta@db/ivr")

    assert run.params == {"password": "••••", "host": "••••"}
    runner.execute(run.pk)
    assert messages(run) == ["••••"]
    with pytest.raises(BadInput):
        runner.retry(JobRun.objects.get(pk=run.pk), door=terminal())


def test_a_cut_traceback_leaves_no_half_of_a_secret(monkeypatch):
    from opsconsole.endings import trace
    from opsconsole.masking import Masker

    monkeypatch.setattr("opsconsole.endings.MAX_TRACEBACK", 12)
    error = ValueError("postgres://ana:un-secreto-muy-largo@db/")

    assert "largo" not in trace(error, Masker())


def test_a_cancellation_at_the_moment_of_the_claim_is_not_refused(submit):
    from django.db import connections

    run = submit("count_slowly")
    claimed = []

    def claim_after_the_first_statement(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if not claimed:
            claimed.append(1)
            claim(run.pk)
        return result

    with connections["ops"].execute_wrapper(claim_after_the_first_statement):
        assert runner.cancel(run, door=terminal()).status == "cancelled"


def test_a_second_cancellation_changes_nothing(submit):
    run = submit("count_slowly")
    claim(run.pk)

    assert runner.cancel(run, door=terminal()).status == "cancelling"
    again = runner.cancel(run, door=terminal())

    assert (again.status, again.finished_at) == ("cancelling", None)


def test_a_stop_before_the_work_began_puts_the_run_back_untouched(submit):
    from opsconsole.exceptions import RunInterrupted

    run = submit("count_slowly")

    outcome = runner.execute(run.pk, listen=lambda ctx: ctx.request_stop(RunInterrupted))

    run.refresh_from_db()
    assert outcome.ending is None
    assert run.status == "interrupted"
    assert messages(run) == []


def test_a_cancellation_before_the_work_began_does_none_of_it(submit):
    run = submit("count_slowly")

    runner.execute(run.pk, listen=lambda ctx: ctx.request_stop())

    run.refresh_from_db()
    assert run.status == "cancelled"
    assert messages(run) == []


def test_a_lock_whose_holder_has_just_ended_is_taken(submit, monkeypatch):
    holder = submit("count_slowly")
    found = runner.holder_of

    def ends_meanwhile(run):
        JobRun.objects.filter(pk=holder.pk).update(status="cancelled")
        return found(run)

    monkeypatch.setattr(runner, "holder_of", ends_meanwhile)

    assert submit("count_slowly").pk != holder.pk


@pytest.mark.parametrize("origin", [Origin.ADMIN, Origin.API, Origin.SCHEDULE])
def test_only_the_terminal_is_trusted_without_an_account(origin):
    with pytest.raises(ValueError, match="without an account"):
        Door(origin=origin)


def test_the_unit_is_kept_in_the_sites_language_whoever_clicked(submit, monkeypatch):
    from django.utils.translation import gettext_lazy, override

    from tests.operations import CountSlowly

    monkeypatch.setattr(CountSlowly, "unit", gettext_lazy("Yes"))

    with override("en"):
        run = submit("count_slowly")

    assert run.progress_unit == "Sí"


def test_an_error_that_cannot_say_what_it_is_still_ends_its_run(submit, monkeypatch):
    from tests.operations import CountSlowly

    class Mute(Exception):
        def __str__(self):
            raise RuntimeError

    def fail(self, params, ctx):
        raise Mute

    monkeypatch.setattr(CountSlowly, "run", fail)
    run = submit("count_slowly")

    runner.execute(run.pk)

    run.refresh_from_db()
    assert (run.status, run.error) == ("failed", "Mute")


@pytest.mark.parametrize(
    ("error", "first_line"),
    [
        (ProgrammingError('relation "x" does not exist'), "falta una tabla"),
        (OperationalError("deadlock detected"), "base de datos ocupada"),
        (OperationalError("connection refused"), "database connection failed"),
    ],
)
def test_a_database_error_is_said_in_three_lines(submit, monkeypatch, error, first_line):
    from tests.operations import CountSlowly

    def fail(self, params, ctx):
        raise error

    monkeypatch.setattr(CountSlowly, "run", fail)
    run = submit("count_slowly")

    runner.execute(run.pk)

    run.refresh_from_db()
    assert first_line in run.error
    assert run.error_remedy
