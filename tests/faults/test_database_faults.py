"""A PostgreSQL of our own that goes away while a run works, or was never there."""

import signal

import MySQLdb
import psycopg
import pytest

from tests.faults.processes import Child, eventually
from tests.servers import mariadb, postgresql

CALLS = 60_000


@pytest.fixture(scope="module")
def server():
    with postgresql() as server:
        yield server


@pytest.fixture
def manage(server, tmp_path):
    """Start manage.py on that server; ``manage("migrate")``."""
    children = []

    def manage(*words, legacy=f"sqlite:///{tmp_path}/legacy.sqlite3"):
        child = Child(
            *words,
            log=tmp_path / f"{len(children)}.log",
            DJANGO_SETTINGS_MODULE="callcentersite.settings.test",
            TEST_DATABASE_URL=server.url,
            TEST_OPS_DATABASE_URL="",
            TEST_LEGACY_DATABASE_URL=legacy,
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


def rows(server, table):
    """How many rows the table has on that PostgreSQL."""
    with psycopg.connect(server.url.replace("postgres://", "postgresql://", 1)) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def is_loading(server):
    """Whether some calls have arrived, and not all."""
    return 0 < rows(server, "calls") < CALLS * 0.9


def refused_in_three_lines(command):
    """Whether the command failed as people are told of failures."""
    error, cause, remedy = command.output.splitlines()[-3:]
    return (error[:7], cause[:7], remedy[:10]) == ("ERROR: ", "CAUSA: ", "SOLUCION: ")


@pytest.fixture
def empty_target(server, migrated):
    with psycopg.connect(server.url.replace("postgres://", "postgresql://", 1)) as connection:
        connection.execute(
            "TRUNCATE calls, call_rejections, daily_metrics, etl_watermarks, stale_days"
        )


def test_an_etl_whose_target_crashes_leaves_whole_batches_and_the_next_completes_it(
    server, manage, empty_target
):
    assert manage("create_test_data", "--calls", str(CALLS), "-v0").wait(60) == 0
    command = manage("run_etl", "--batch-size", "1000")
    eventually(lambda: is_loading(server), every=0.01, what=lambda: command.output)

    server.kill()
    server.start()

    assert command.wait(90) == 1, command.output
    assert refused_in_three_lines(command), command.output
    again = manage("run_etl")
    assert again.wait(90) == 0, again.output
    assert rows(server, "calls") + rows(server, "call_rejections") == CALLS


def test_an_etl_whose_source_goes_away_fails_in_a_sentence_and_the_next_completes_it(
    server, manage, empty_target
):
    with mariadb() as ivr:
        assert (
            manage("create_test_data", "--calls", str(CALLS), "-v0", legacy=ivr.url).wait(90) == 0
        )
        command = manage("run_etl", "--batch-size", "1000", legacy=ivr.url)
        eventually(lambda: is_loading(server), every=0.01, what=lambda: command.output)

        ivr.kill()

        assert command.wait(90) == 1, command.output
        assert refused_in_three_lines(command), command.output
        assert ivr.password not in command.output
        down = manage("run_etl", legacy=ivr.url)
        assert down.wait(60) == 1
        assert refused_in_three_lines(down), down.output
        ivr.start()
        again = manage("run_etl", legacy=ivr.url)
        assert again.wait(90) == 0, again.output
        assert rows(server, "calls") + rows(server, "call_rejections") == CALLS


def test_the_legacy_database_refuses_a_wrong_password_in_three_lines(server, manage, migrated):
    with mariadb() as ivr:
        wrong = ivr.url.replace(ivr.password, "equivocada-1234")
        command = manage("run_etl", legacy=wrong)

        assert command.wait(60) == 1
        assert refused_in_three_lines(command), command.output
        assert "equivocada-1234" not in command.output
        MySQLdb.connect(host=ivr.host, port=ivr.port, user=ivr.user, password=ivr.password).close()
