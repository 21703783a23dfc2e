"""Every command line of README and docs/ is run, as it is typed."""

import io
import shlex

import pytest
from django.core.management import call_command, execute_from_command_line
from django.core.management.color import no_style
from django.db import connections
from django.utils import timezone

from callcentersite.apps.configuration.models import Configuracion
from opsconsole import runner
from opsconsole.models import JobRun
from tests.house.typed_lines import NOT_RUN, reason, shown, words_of

# Lines that end otherwise than well, as typed, and what they say.
OTHERWISE = {
    "console undo 42": (2, "No existe la corrida 42."),
    "profile_code --endpoint=/admin/ --user=admin --against 12 --fail-over 20%": (2, "12"),
    "console pause 42": (2, "No existe la corrida 42."),
    "console resume 42": (2, "No existe la corrida 42."),
    "archive_old_calls --restore=2024-01": (1, "No hay llamadas archivadas de 2024-01."),
    # Nobody is at work here, and a run is taken for lost at once.
    "monitor_validation": (2, "Nadie atiende la cola."),
    "monitor_validation --json --period 48": (2, "Nadie atiende la cola."),
    "monitor_validation --fail-under 90": (2, "Menos que lo pedido: 90"),
    "validate_data_integrity": (1, "Corridas activas sin latido"),
    "validate_data_integrity --json": (1, "Corridas activas sin latido"),
    "validate_data_integrity --fix": (1, "Corridas activas sin latido"),
    "validate_data_integrity --fix --dry-run": (1, "Corridas activas sin latido"),
    # In the list of operations each stands without its options: what is missing is said.
    "erase_person": (2, "Parámetros no válidos."),
    "undo_retention": (2, "--run"),
    "profile_code": (2, "Parámetros no válidos."),
    "archive_old_calls": (2, "--days"),
    "restore_archived_calls": (2, "Indique un mes o una corrida"),
    "import_file capacidad archivo.csv": (1, "No se puede leer «archivo.csv»."),
    "import_file configuracion archivo.csv": (1, "No se puede leer «archivo.csv»."),
    "import_file funcion archivo.csv": (1, "No se puede leer «archivo.csv»."),
    "import_file grupopermiso archivo.csv": (1, "No se puede leer «archivo.csv»."),
    "import_file usuariogrupo archivo.csv": (1, "No se puede leer «archivo.csv»."),
}
CALLS = """\
Folio,Inicio,Fin,Segundos,Resultado,Cola
900001,2026-10-05 09:00:00,2026-10-05 09:03:00,180,ABANDONED,NA_VENTAS
"""


class Terminal(io.StringIO):
    """Somebody who types, and says no."""

    def isatty(self):
        return True


@pytest.fixture
def installed(legacy, example, tmp_path, monkeypatch, settings, django_user_model):
    """A console in use: its calls loaded, run 1 waiting, a file beside it, somebody to answer."""
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "BEAT_SECONDS": 0.05, "LOST_AFTER_SECONDS": 0.01}
    settings.MEDIA_ROOT = str(tmp_path / "media")  # without the files of other tests
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda question: "no")
    (tmp_path / "ajustes.csv").write_text("clave,valor\nsistema.log_level,DEBUG\n")
    (tmp_path / "del-proveedor.csv").write_text(CALLS)
    (tmp_path / "llamadas.csv").write_text(
        CALLS.replace("Folio", "id").replace("Segundos", "duracion")
    )
    django_user_model.objects.create_superuser("admin", password="admin")
    call_command("seed_configuraciones_default", verbosity=0)
    Configuracion.objects.filter(clave="sistema.enable_profiling").update(valor="true")
    call_command("create_test_data", calls=50, verbosity=0)
    call_command("run_etl", verbosity=0)
    JobRun.objects.all().delete()
    JobRun.objects.create(pk=1, operation="run_etl", params={"dry_run": True}, origin="cli")
    number_from(10_000)


def number_from(number):
    """Runs get greater numbers than those that the pages take for examples."""
    ended = {"status": "cancelled", "finished_at": timezone.now()}
    JobRun.objects.create(pk=number, operation="run_etl", origin="cli", **ended)
    connection = connections["ops"]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [JobRun]):
            cursor.execute(statement)


def typed(words, capsys):
    """Type it; return the exit code and all that was said."""
    code = 0
    try:
        execute_from_command_line(["manage.py", *shlex.split(words)])
    except SystemExit as left:
        code = left.code or 0
    if "--enqueue" in words:
        for run in JobRun.objects.filter(status="queued"):
            runner.execute(run.pk)  # as a worker does
    said = capsys.readouterr()
    return code, said.out + said.err


def test_every_line_is_run_or_there_is_a_reason_why_not():
    lines = shown()

    assert len(lines) > 60
    assert [line for line in lines if not words_of(line) and not reason(line)] == []
    unused = set(NOT_RUN.values()) - {reason(line) for line in lines}
    assert unused == set(), "Reasons for lines that nobody shows any more."


def test_every_line_does_as_typed_what_the_page_says(installed, capsys):
    lines = {words_of(line) for line in shown() if not reason(line)}
    assert set(OTHERWISE) <= lines
    wrong = []

    for line in dict.fromkeys(words_of(line) for line in shown() if not reason(line)):
        code, said = typed(line, capsys)
        expected, sentence = OTHERWISE.get(line, (0, ""))
        if code != expected or sentence not in said:
            wrong.append((line, code, said[-300:]))

    assert wrong == []
