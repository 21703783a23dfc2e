"""The throwaway servers: what they are, and that nothing of them remains."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import MySQLdb
import psycopg
import pytest

from tests.servers import ServerError, mariadb, postgresql
from tests.servers.programs import program

pytestmark = [pytest.mark.once, pytest.mark.processes]

SERVERS = [sys.executable, "-m", "tests.servers", "--"]
SHOW_AND_WAIT = 'echo "$TEST_LEGACY_DATABASE_URL"; echo "$TEST_DATABASE_URL"; exec sleep 60'


def ask_postgresql(server, question):
    with psycopg.connect(server.url) as connection:
        return connection.execute(question).fetchone()[0]


def ask_mariadb(server, question):
    connection = MySQLdb.connect(
        host=server.host, port=server.port, user=server.user, password=server.password,
        database=server.database,
    )  # fmt: skip
    cursor = connection.cursor()
    cursor.execute(question)
    return (cursor.fetchone() or [None])[0]


@pytest.fixture(scope="module")
def target():
    with postgresql() as server:
        yield server


@pytest.fixture(scope="module")
def legacy_server():
    with mariadb() as server:
        yield server


def listens(port):
    try:
        psycopg.connect(f"postgresql://x@127.0.0.1:{port}/x", connect_timeout=2)
    except psycopg.OperationalError as error:
        return "refused" not in str(error)
    return True


def test_postgresql_stores_utf8_and_does_not_wait_for_the_disk(target):
    assert ask_postgresql(target, "SHOW server_encoding") == "UTF8"
    assert ask_postgresql(target, "SHOW fsync") == "off"


def test_mariadb_lets_zero_dates_in_as_the_ivr_does(legacy_server):
    assert ask_mariadb(legacy_server, "SELECT @@GLOBAL.sql_mode") == ""
    assert ask_mariadb(legacy_server, "SELECT VERSION()").startswith("10.11.")


def test_benchmarks_may_have_the_ordinary_settings():
    with postgresql(durable=True) as server:
        assert ask_postgresql(server, "SHOW fsync") == "on"
        assert ask_postgresql(server, "SHOW synchronous_commit") == "on"


def test_a_wrong_password_is_refused(target, legacy_server):
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(target.url.replace(target.password, "wrong"))
    with pytest.raises(MySQLdb.OperationalError, match="Access denied"):
        MySQLdb.connect(host="127.0.0.1", port=legacy_server.port, user="console", password="wrong")


def test_a_restart_keeps_the_port_and_the_data(target):
    port = target.port
    with psycopg.connect(target.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")

    target.restart()

    assert target.port == port
    assert ask_postgresql(target, "SELECT answer FROM kept") == 42


def test_a_crashed_server_recovers_when_it_starts_again(legacy_server):
    ask_mariadb(legacy_server, "CREATE TABLE kept AS SELECT 42 AS answer")

    legacy_server.kill()
    with pytest.raises(MySQLdb.OperationalError):
        ask_mariadb(legacy_server, "SELECT 1")
    legacy_server.start()

    assert ask_mariadb(legacy_server, "SELECT answer FROM kept") == 42


def test_nothing_remains_after_an_error():
    with pytest.raises(RuntimeError), postgresql() as server:
        folder, port = server.folder, server.port
        raise RuntimeError

    assert not folder.exists()
    assert not listens(port)


def test_the_command_gets_the_addresses_and_gives_its_exit_code():
    done = subprocess.run(
        [*SERVERS, "sh", "-c", "echo $TEST_DATABASE_URL $TEST_LEGACY_DATABASE_URL; exit 7"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    target_url, legacy_url = done.stdout.split()
    assert done.returncode == 7
    assert target_url.startswith("postgres://console:")
    assert target_url.endswith("/iact_analytics")
    assert legacy_url.startswith("mysql://console:")
    assert legacy_url.endswith("/ivr_legacy")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGKILL, -9)])
def test_a_signal_leaves_no_server_behind(number, code):
    process = subprocess.Popen(
        [*SERVERS, "sh", "-c", SHOW_AND_WAIT], stdout=subprocess.PIPE, text=True
    )
    ports = [int(process.stdout.readline().rpartition(":")[2].partition("/")[0]) for _ in "ab"]

    process.send_signal(number)

    assert process.wait(30) == code
    deadline = time.monotonic() + 10
    while any(map(listens, ports)):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_missing_program_names_the_list_of_packages():
    with pytest.raises(ServerError, match=r"requirements/apt\.txt"):
        program("no-such-server")


def test_without_a_command_the_usage_is_shown():
    done = subprocess.run(SERVERS, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "a command is needed after --" in done.stderr


def test_servers_run_as_an_ordinary_user(target):
    owner = Path(f"/proc/{target.process.pid}").stat().st_uid

    assert owner == (target.data.stat().st_uid if os.geteuid() == 0 else os.geteuid())
    assert owner != 0
