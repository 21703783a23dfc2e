"""``make demo`` for real: its own folder, its own port, web server, worker and all."""

import http.client
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from callcentersite.demo import preparation
from tests.house.processes import ROOT, environment, processes_with, python

pytestmark = [pytest.mark.once, pytest.mark.processes]

DEMO = ("-m", "callcentersite.demo")
GUIDE = (
    "Iniciando proceso ETL...",
    "[INFO] Extrayendo datos de base legacy...",
    "[INFO] Extraccion completada: 50000 registros",
    "[INFO] Transformando datos...",
    "[INFO] Transformacion completada: 48500 registros validos",
    "[INFO] Cargando datos a analytics...",
    "[INFO] Carga completada: 48500 registros insertados",
    "Proceso ETL ejecutado correctamente",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The data of the demos of this module; made by the first, kept by the others."""
    return str(tmp_path_factory.mktemp("demostración"))


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture
def nothing_remains(folder):
    """After the test, no process with its data folder is left."""
    yield
    remaining = processes_with("DATA_DIR", folder)
    for process in remaining:
        process.kill()
    assert remaining == []


@pytest.fixture
def start(folder, port, nothing_remains):
    """Start a demo, and return it once it has printed the text."""
    started = []

    def start(until, program=(sys.executable,)):
        process = subprocess.Popen(
            [*program, *DEMO], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, env=environment(DATA_DIR=folder, PORT=port),
        )  # fmt: skip
        started.append(process)
        process.lines = []
        for line in process.stdout:
            process.lines.append(line)
            if until in line:
                return process
        raise AssertionError("".join(process.lines))

    yield start
    for process in started:
        process.kill()
        process.wait()


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.read()


def test_the_first_demo_runs_the_etl_on_the_worker(folder, port, nothing_remains):
    done = python(*DEMO, timeout=180, DATA_DIR=folder, PORT=port, SERVE="0")

    assert done.returncode == 0, done.stdout + done.stderr
    positions = [done.stdout.find(line) for line in GUIDE]
    assert -1 not in positions
    assert positions == sorted(positions)
    assert re.search("Insertadas +48\xa0500\n", done.stdout)
    assert "qcluster" not in done.stdout
    assert done.stderr == ""


def test_the_second_demo_keeps_the_data(folder, port, nothing_remains):
    files = {file: file.stat().st_ino for file in Path(folder).glob("*.sqlite3")}
    done = python(*DEMO, DATA_DIR=folder, PORT=port, SERVE="0")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "se conservan" in done.stdout
    assert "[INFO] Carga completada: 0 registros insertados" in done.stdout
    assert len(files) == 3
    assert {file: file.stat().st_ino for file in files} == files


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_serves_until_it_is_told_to_stop_and_leaves_nothing(start, port, number):
    demo = start(until="Ctrl-C")
    login, page = get(port, "/admin/login/")
    style, _sheet = get(port, "/static/opsconsole/console.css")

    demo.send_signal(number)
    rest = demo.stdout.read()

    assert (login, style) == (200, 200)
    assert b"csrfmiddlewaretoken" in page
    assert any("admin · admin" in line for line in demo.lines)
    assert demo.wait(30) == 0
    assert rest.endswith("¡Hasta pronto!\n")


def test_a_closed_terminal_ends_it_though_only_its_parent_is_told(folder, port, nothing_remains):
    ours, theirs = pty.openpty()
    waits_as_make_does = f"trap : HUP; {sys.executable} -m callcentersite.demo; exit 7"
    shell = subprocess.Popen(
        ["setsid", "--ctty", "sh", "-c", waits_as_make_does], cwd=ROOT,
        stdin=theirs, stdout=theirs, stderr=theirs, env=environment(DATA_DIR=folder, PORT=port),
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while b"Ctrl-C" not in shown:
        shown += os.read(ours, 4096)

    os.close(ours)

    assert shell.wait(30) == 7


def test_started_with_nohup_it_outlives_a_hang_up(start):
    demo = start(until="Ctrl-C", program=("nohup", sys.executable))

    demo.send_signal(signal.SIGHUP)

    with pytest.raises(subprocess.TimeoutExpired):
        demo.wait(2)
    demo.terminate()
    assert demo.wait(30) == 0


def test_killed_outright_it_takes_its_services_with_it(start, folder):
    demo = start(until="Ctrl-C")

    demo.kill()
    demo.wait()

    deadline = time.monotonic() + 20
    while processes_with("DATA_DIR", folder):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_stopped_on_the_way_it_says_so_with_its_exit_code(start):
    demo = start(until="El ETL, por la cola")

    demo.send_signal(signal.SIGTERM)
    demo.stdout.read()

    assert demo.wait(30) == 128 + signal.SIGTERM


def test_a_service_that_dies_ends_the_demo_with_its_last_words(start, folder):
    demo = start(until="Ctrl-C")
    (web,) = [p for p in processes_with("DATA_DIR", folder) if "runserver" in p.cmdline()]

    web.kill()
    rest = demo.stdout.read()

    assert demo.wait(30) == 1
    assert "ERROR: El servidor web terminó con código -9." in rest
    assert "web.log y repita: make demo" in rest


def test_a_taken_port_is_refused_before_anything_is_started(folder, port, nothing_remains):
    with socket.create_server(("127.0.0.1", int(port))):
        done = python(*DEMO, DATA_DIR=f"{folder}/otra", PORT=port)

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"ERROR: El puerto {port} no se puede usar.",
        "CAUSA: Otro programa ya escucha en él; quizá otra demostración.",
        "SOLUCION: Elija otro: make demo PORT=8001",
    ]
    assert list(Path(f"{folder}/otra").iterdir()) == []


@pytest.mark.parametrize("text", ["0", "65536", "ocho mil", "-1", "8000.0"])
def test_what_is_no_port_is_refused(folder, text):
    done = python(*DEMO, DATA_DIR=f"{folder}/otra", PORT=text)

    assert done.returncode == 1
    assert "CAUSA: PORT debe ser un número de 1 a 65535." in done.stderr


@pytest.mark.parametrize("name", ["production", "test"])
def test_it_refuses_other_settings_than_developments(folder, name):
    settings = f"callcentersite.settings.{name}"

    done = python(*DEMO, DATA_DIR=f"{folder}/otra", DJANGO_SETTINGS_MODULE=settings)

    assert done.returncode == 1
    assert done.stderr.startswith(f"ERROR: La demostración no se ejecuta con {settings}.")
    assert "admin/admin" in done.stderr


@pytest.mark.django_db
def test_where_people_have_accounts_no_admin_is_made(django_user_model):
    django_user_model.objects.create_user("ana", password="clave-1")

    preparation.make_account()

    assert [user.username for user in django_user_model.objects.all()] == ["ana"]
    assert preparation.login() == "la suya (ya había cuentas; no se creó admin)"


@pytest.mark.django_db
def test_a_new_database_gets_the_admin_once(django_user_model):
    preparation.make_account()
    preparation.make_account()

    (admin,) = django_user_model.objects.all()
    assert admin.is_superuser
    assert preparation.login() == "admin · admin"
