"""A PostgreSQL of our own that goes away while a run works, or was never there."""

import signal

import pytest

from tests.faults.processes import Child, eventually
from tests.servers import postgresql


@pytest.fixture(scope="module")
def server():
    with postgresql() as server:
        yield server


@pytest.fixture
def manage(server, tmp_path):
    """Start manage.py on that server; ``manage("migrate")``."""
    children = []

    def manage(*words):
        child = Child(
            *words,
            log=tmp_path / f"{len(children)}.log",
            DJANGO_SETTINGS_MODULE="callcentersite.settings.test",
            TEST_DATABASE_URL=server.url,
            TEST_OPS_DATABASE_URL="",
            TEST_LEGACY_DATABASE_URL=f"sqlite:///{tmp_path}/legacy.sqlite3",
        )
        children.append(child)
        return child

    yield manage
    for child in children:
        child.kill_all()


@pytest.fixture
def migrated(manage):
    assert manage("migrate", "--verbosity", "0").wait(60) == 0


def test_a_restart_of_the_database_in_the_middle_costs_no_line_of_the_log(server, manage, migrated):
    command = manage("console", "run", "count_slowly", "--steps", "80", "--pause", "0.05")
    eventually(lambda: "numero 10" in command.output, what=lambda: command.output)

    server.stop()
    server.start()

    assert command.wait(60) == 0, command.output
    listed = manage("console", "runs", "--limit", "1")
    assert listed.wait() == 0
    assert "Terminó bien" in listed.output
    number = listed.output.split()[0]
    log = manage("console", "log", number)
    assert log.wait() == 0
    assert [line.split("] ")[1] for line in log.output.splitlines()] == [
        "Empiezo a contar",
        *[f"numero {n}" for n in range(1, 81)],
        "Conteo terminado",
    ]


def test_a_crash_of_the_database_in_the_middle_is_survived_as_well(server, manage, migrated):
    command = manage("console", "run", "count_slowly", "--steps", "60", "--pause", "0.05")
    eventually(lambda: "numero 10" in command.output, what=lambda: command.output)

    server.kill()
    server.start()

    assert command.wait(60) == 0, command.output


def test_a_cluster_outlives_a_restart_of_its_database(server, manage, migrated):
    cluster = manage("qcluster")
    eventually(lambda: cluster.output.count("ready for work") >= 2, what="a ready cluster")

    server.stop()
    server.start()

    queued = manage("console", "run", "count_slowly", "--steps", "2", "--enqueue")
    assert queued.wait() == 0
    number = queued.output.splitlines()[-1].split()[1]
    following = manage("console", "log", number, "--follow")
    assert following.wait(60) == 0, (queued.output, following.output)
    assert "Conteo terminado" in following.output
    cluster.signal(signal.SIGTERM)
    assert cluster.wait(30) == 0


def test_without_its_database_a_command_says_so_in_three_lines_and_exits_1(
    server, manage, migrated
):
    server.stop()
    try:
        command = manage("console", "run", "count_slowly")
        assert command.wait(60) == 1
        first, second, third = command.output.splitlines()
    finally:
        server.start()

    assert first == "ERROR: OperationalError - database connection failed"
    assert second.startswith("CAUSA: ")
    assert third == "SOLUCION: Verifique que la base de datos esté en marcha, y DATABASE_URL."
    assert server.password not in command.output
