"""The terminal: what it prints, and what it exits with."""

import os
import signal
import sys
from contextlib import nullcontext
from io import StringIO

import pytest
from django.core.management import CommandError, call_command, load_command_class

from opsconsole import registry, runner
from opsconsole.context import RunContext
from opsconsole.doors import terminal
from opsconsole.management.base import OperationCommand, Signals
from opsconsole.models import JobRun
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def console(*words, **options):
    """Run ``manage.py console …``; return what it printed."""
    out = StringIO()
    call_command("console", *words, stdout=out, **options)
    return out.getvalue()


def refused(*words):
    """The error of a command that must be refused."""
    with pytest.raises(CommandError) as refusal:
        console(*words)
    return refusal.value


def test_a_run_prints_its_lines_and_nothing_else(engine_db):
    assert console("run", "count_slowly", "--steps", "2").splitlines() == [
        "Empiezo a contar",
        "[INFO] numero 1",
        "[INFO] numero 2",
        "Conteo terminado",
    ]
    run = JobRun.objects.get()
    assert (run.status, run.origin) == ("succeeded", "cli")
    assert run.requested_by


def test_verbosity_2_adds_the_runs_number_and_page(engine_db):
    first = console("run", "count_slowly", "--verbosity", "2").splitlines()[0]

    run = JobRun.objects.get()
    assert first == (
        f"Corrida {run.pk}: http://127.0.0.1:8000/admin/opsconsole/jobrun/{run.pk}/change/"
    )


def test_verbosity_0_prints_nothing(engine_db):
    assert console("run", "count_slowly", "--verbosity", "0") == ""


def test_a_named_command_is_a_shell_of_its_operation(engine_db):
    class Command(OperationCommand):
        operation = "count_slowly"

    out = StringIO()
    call_command(Command(), "--steps", "1", stdout=out)

    assert out.getvalue().splitlines()[-1] == "Conteo terminado"
    assert Command().help == "Contar despacio. Cuenta hasta un número."


def test_enqueue_leaves_the_run_to_a_worker(engine_db):
    printed = console("run", "count_slowly", "--enqueue")

    run = JobRun.objects.get()
    assert printed == f"Corrida {run.pk} en cola.\n"
    assert run.status == "queued"


def test_a_failed_run_exits_1_with_its_three_lines(engine_db):
    error = refused("run", "raise_error")

    assert error.returncode == 1
    assert str(error).splitlines() == [
        "ERROR: No hay datos.",
        "CAUSA: Tabla vacía",
        "SOLUCION: Cargue datos",
    ]


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("run", "count_slowly", "--steps", "0"), 2, "--steps: "),
        (("run", "count_slowly", "--color", "rojo"), 2, "Opción desconocida: --color"),
        (("run", "count_slowly", "--steps"), 2, "--steps: falta su valor"),
        (("run", "nada"), 2, "'count_slowly'"),
        (("show", "404"), 2, "No existe la corrida 404."),
        (("show", "x"), 2, "ID: valor no válido"),
        (("cancel", "404"), 2, "No existe la corrida 404."),
        (("run", "count_slowly", "--as", "nadie"), 2, "No existe la cuenta «nadie»."),
        (("run", "count_slowly", "--as", "extraña"), 4, "opsconsole.run_count_slowly"),
        (("run", "remove_people"), 2, "Sin terminal"),
    ],
)
def test_each_refusal_has_its_exit_code_and_names_what_is_wrong(stranger, words, code, part):
    error = refused(*words)

    assert error.returncode == code
    assert part in str(error)
    assert JobRun.objects.count() == 0


def test_a_second_exclusive_run_exits_6(submit):
    submit("count_slowly")

    assert refused("run", "count_slowly").returncode == 6


def test_a_dry_run_shows_the_plan_and_changes_nothing(engine_db, django_user_model):
    django_user_model.objects.create_user("viejo.1")

    assert console("run", "remove_people", "--dry-run").splitlines() == [
        "[INFO] cuenta: viejo.1",
        "Se eliminarán 1 cuentas.",
    ]
    assert JobRun.objects.count() == 0
    assert django_user_model.objects.count() == 1


def test_force_does_what_the_plan_says(engine_db, django_user_model):
    django_user_model.objects.create_user("viejo.1")

    console("run", "remove_people", "--force")

    assert JobRun.objects.get().result == {"deleted": 1}
    assert django_user_model.objects.count() == 0


def test_a_plan_gone_stale_exits_3_and_changes_nothing(engine_db, django_user_model, monkeypatch):
    django_user_model.objects.create_user("viejo.1")
    operation = registry.get("remove_people")
    plan = type(operation).plan

    def plan_and_then_the_world_moves(self, params):
        made = plan(self, params)
        django_user_model.objects.get_or_create(username="viejo.2")
        return made

    monkeypatch.setattr(type(operation), "plan", plan_and_then_the_world_moves)

    assert refused("run", "remove_people", "--force").returncode == 3
    assert django_user_model.objects.count() == 2


def test_list_names_every_operation():
    assert "count_slowly                 Contar despacio\n" in console("list")


def test_runs_lists_the_latest_first_and_filters(perform):
    perform("count_slowly")
    failed = perform("raise_error")

    lines = console("runs").splitlines()
    assert [line.split()[0] for line in lines] == [str(failed.pk), str(failed.pk - 1)]
    assert len(console("runs", "--status", "failed").splitlines()) == 1
    assert console("runs", "--operation", "keep_secret") == "No hay corridas.\n"


def test_show_tells_the_state_the_command_and_the_error(perform):
    text = console("show", str(perform("raise_error", kind="bug").pk))

    assert "Estado: Falló\n" in text
    assert "Comando: python manage.py console run raise_error --kind bug\n" in text
    assert "ERROR: ValueError: postgres://ana:••••@db/iact no responde" in text


def test_log_prints_the_lines_with_their_levels(perform):
    lines = console("log", str(perform("count_slowly", steps=1).pk)).splitlines()

    assert [line.split(" ", 1)[1] for line in lines] == [
        "[INFO] Empiezo a contar",
        "[INFO] numero 1",
        "[INFO] Conteo terminado",
    ]


def test_cancel_and_retry_work_from_the_terminal(submit):
    run = submit("count_slowly")

    assert console("cancel", str(run.pk)) == f"Corrida {run.pk}: cancelada.\n"
    assert console("retry", str(run.pk)).splitlines()[-1] == "Conteo terminado"
    assert JobRun.objects.latest("pk").retry_of_id == run.pk


def test_tick_says_what_it_found(engine_db):
    assert console("tick") == "0 perdidas, 0 reanudadas, 0 avisadas de nuevo\n"


def test_retry_of_a_waiting_run_is_refused(submit):
    assert refused("retry", str(submit("count_slowly").pk)).returncode == 1


def test_a_run_submitted_by_the_terminal_is_not_anybodys(engine_db):
    run = runner.submit(registry.get("count_slowly"), {}, door=terminal(), enqueue=False)

    assert run.requested_by_id is None


def test_options_are_not_abbreviated_behind_console_run_either(engine_db):
    error = refused("run", "count_slowly", "--step", "2")

    assert error.returncode == 2
    assert "Opción desconocida: --step" in str(error)


def test_a_flag_with_a_value_is_refused_in_spanish(engine_db):
    assert "--dry-run: no lleva valor." in str(refused("run", "remove_people", "--dry-run=yes"))


def test_an_operation_may_have_a_parameter_called_name_or_verb(engine_db, named):
    assert console("run", "greet", "--name", "Ana", "--verb", "saluda").splitlines() == [
        "[INFO] Ana saluda"
    ]
    assert console("run", "greet").splitlines() == ["[INFO] nadie calla"]


@pytest.fixture
def named():
    from django import forms

    from opsconsole import Operation

    class Greet(Operation):
        name = "greet"
        title = "Saludar"

        class Params(forms.Form):
            name = forms.CharField(label="Nombre", help_text="Quién.", initial="nadie")
            verb = forms.CharField(label="Verbo", help_text="Qué.", initial="calla")

        def run(self, params, ctx):
            ctx.info(f"{params['name']} {params['verb']}")

    registry.register(Greet)
    yield
    registry.unregister("greet")


def test_the_plan_is_not_shown_to_an_account_that_may_not_run_it(stranger, capsys):
    with pytest.raises(CommandError) as refusal:
        call_command("console", "run", "remove_people", "--dry-run", "--as", "extraña")

    assert refusal.value.returncode == 4
    assert "Se eliminarán" not in capsys.readouterr().out


def test_a_command_whose_run_was_lost_meanwhile_does_not_exit_0(engine_db, monkeypatch):
    from tests.operations import CountSlowly

    def be_lost(self, params, ctx):
        JobRun.objects.update(status="lost", token=None, error="Perdida: sin señales.")

    monkeypatch.setattr(CountSlowly, "run", be_lost)

    error = refused("run", "count_slowly")

    assert error.returncode == 1
    assert str(error) == "ERROR: Perdida: sin señales."


def test_a_run_of_removed_code_is_shown_with_its_parameters(perform):
    run = perform("count_slowly", steps=2)
    registry.unregister("count_slowly")

    assert "Parámetros: {'pause': 0.0, 'steps': 2}" in console("show", str(run.pk)).replace(
        "{'steps': 2, 'pause': 0.0}", "{'pause': 0.0, 'steps': 2}"
    )


def test_a_second_signal_does_not_cut_the_writing_of_the_ending():
    received = Signals()
    ctx = RunContext()
    received.hang_on(ctx)
    received.receive(signal.SIGINT, None)

    with pytest.raises(KeyboardInterrupt):
        received.receive(signal.SIGINT, None)
    ctx.close()
    received.receive(signal.SIGINT, None)

    assert ctx.stop_requested


def test_a_signal_while_the_run_is_being_submitted_ends_it_as_cancelled(engine_db, monkeypatch):
    submit = runner.submit

    def submit_and_be_told(*args, **kwargs):
        run = submit(*args, **kwargs)
        signal.raise_signal(signal.SIGTERM)
        return run

    monkeypatch.setattr(runner, "submit", submit_and_be_told)

    assert refused("run", "count_slowly").returncode == 143
    assert JobRun.objects.get().status == "cancelled"


def test_a_terminal_that_is_closed_does_not_fail_the_work(engine_db):
    class Closed(StringIO):
        def write(self, text):
            raise BrokenPipeError

    call_command("console", "run", "count_slowly", stdout=Closed())

    assert JobRun.objects.get().status == "succeeded"


@pytest.mark.parametrize(("buffering", "leaves"), [(1, True), (-1, False)])
def test_who_reads_no_further_is_answered_with_silence(
    engine_db, monkeypatch, capfd, buffering, leaves
):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w", buffering=buffering) as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        with pytest.raises(SystemExit) if leaves else nullcontext() as left:
            load_command_class("opsconsole", "console").run_from_argv(
                ["manage.py", "console", "list"]
            )
        monkeypatch.undo()
        # What Python does at its end.
        pipe.flush()

    assert not leaves or left.value.code == 141
    assert capfd.readouterr() == ("", "")


def test_cancelling_and_repeating_as_an_account_takes_its_rights(operator, stranger, submit):
    allow(operator, "retry_jobrun")
    run = submit("count_slowly", user=operator)

    assert refused("cancel", str(run.pk), "--as", "extraña").returncode == 4
    console("cancel", str(run.pk), "--as", "operadora.1")
    assert refused("retry", str(run.pk), "--enqueue", "--as", "extraña").returncode == 4
    console("retry", str(run.pk), "--enqueue", "--as", "operadora.1")

    assert JobRun.objects.get(pk=run.pk).cancel_requested_by == "operadora.1"
    assert JobRun.objects.get(retry_of=run).requested_by == "operadora.1"
