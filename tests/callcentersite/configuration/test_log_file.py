"""``sistema.max_log_file_size`` rotates the log file, whoever writes to it."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError
from django.test.utils import CaptureQueriesContext

from callcentersite.apps.configuration import log_file, settings_cache
from callcentersite.apps.configuration.log_file import MEGABYTE, SizedLogFile, limit_bytes
from opsconsole.logs import MaskedFormatter
from tests.house.processes import python

KEY = "sistema.max_log_file_size"


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    """As a process is that has just begun."""
    monkeypatch.setattr(settings_cache, "_memory", settings_cache.Memory())


@pytest.fixture
def logger(tmp_path):
    """Writes to console.log in the test's own folder, and keeps two older files."""
    handler = SizedLogFile(str(tmp_path / "console.log"), backupCount=2)
    logger = logging.Logger("prueba", logging.DEBUG)
    logger.addHandler(handler)
    yield logger
    handler.close()


def files(folder):
    return sorted(path.name for path in folder.glob("console.log*"))


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_the_file_is_rotated_where_it_reaches_the_size(logger, tmp_path, change):
    change(KEY, "1")
    for _ in range(5):
        logger.warning("x" * (MEGABYTE - 1))
        logger.warning("fin")

    assert files(tmp_path) == ["console.log", "console.log.1", "console.log.2"]
    assert (tmp_path / "console.log.1").stat().st_size == MEGABYTE + len("fin\n")


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_another_size_holds_at_once(logger, tmp_path, change):
    change(KEY, "2")
    logger.warning("x" * MEGABYTE)
    logger.warning("cabe")
    before = files(tmp_path)
    change(KEY, "1")
    logger.warning("otro")

    assert (before, files(tmp_path)) == (["console.log"], ["console.log", "console.log.1"])


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_line_within_a_transaction_asks_the_database_nothing(seeded):
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        assert limit_bytes() == 100 * MEGABYTE

    assert len(queries) == 0


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_the_query_for_the_size_may_be_logged_itself(logger, tmp_path, change, monkeypatch):
    change(KEY, "7")
    settings_cache.forget()
    read = settings_cache.read

    def read_aloud():
        logger.debug("SELECT …")
        return read()

    monkeypatch.setattr(settings_cache, "read", read_aloud)
    logger.warning("hola")

    assert (tmp_path / "console.log").read_text().splitlines() == ["SELECT …", "hola"]
    assert limit_bytes() == 7 * MEGABYTE


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_lines_are_written_while_the_database_is_away(logger, tmp_path, change, monkeypatch):
    change(KEY, "3")
    assert limit_bytes() == 3 * MEGABYTE

    def away():
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(settings_cache, "read", away)
    settings_cache.forget()
    logger.warning("sigo aquí")

    assert "sigo aquí" in (tmp_path / "console.log").read_text()
    assert limit_bytes() == 3 * MEGABYTE


def test_lines_are_written_where_no_database_may_be_asked(logger, tmp_path):
    logger.warning("sin base")

    assert (tmp_path / "console.log").read_text() == "sin base\n"


def test_no_thread_opens_a_connection_to_write_a_line():
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(log_file.may_ask).result() is False


WRITER = """
import logging, sys
from callcentersite.apps.configuration import log_file
log_file.limit_bytes = lambda: 20_000
logger = logging.Logger("w")
logger.addHandler(log_file.SizedLogFile(sys.argv[1], backupCount=50))
import os
for child in range(3):
    if os.fork() == 0:
        break
else:
    child = 3
for number in range(400):
    logger.warning("%s-%s %s", child, number, "·" * 100)
if child < 3:
    os._exit(0)
for _ in range(3):
    os.wait()
"""


def test_processes_that_write_at_once_lose_no_line(tmp_path):
    done = python("-c", WRITER, str(tmp_path / "console.log"), DJANGO_SETTINGS_MODULE=None)

    lines = [
        line.split()[0]
        for path in tmp_path.glob("console.log*")
        for line in path.read_text().splitlines()
    ]
    assert done.stderr == ""
    assert len(files(tmp_path)) > 10
    assert sorted(lines) == sorted(f"{child}-{n}" for child in range(4) for n in range(400))


# What stands in it


def formatted(message, *args, exc_info=None):
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, message, args, exc_info)
    return MaskedFormatter("{levelname} {message}", style="{").format(record)


def test_secrets_and_full_numbers_are_masked(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES, "otra", {"PASSWORD": "abracadabra"})

    line = formatted("password=%s a +525512345678 con %s", "uno", "abracadabra")

    assert line == "ERROR password=•••• a +52••••78 con ••••"


def test_also_in_a_traceback(settings):
    try:
        raise ValueError(f"firma {settings.SECRET_KEY}")
    except ValueError as error:
        text = formatted("falló", exc_info=(ValueError, error, error.__traceback__))

    assert "ValueError: firma ••••" in text
    assert settings.SECRET_KEY not in text


def test_both_ways_out_are_masked_and_the_file_is_the_sized_one(settings):
    assert set(settings.LOGGING["root"]["handlers"]) == {"console", "file"}
    assert {one["formatter"] for one in settings.LOGGING["handlers"].values()} == {"plain"}
    assert settings.LOGGING["formatters"]["plain"]["()"] == "opsconsole.logs.MaskedFormatter"
    assert settings.LOGGING["handlers"]["file"]["class"].endswith("log_file.SizedLogFile")
    assert any(isinstance(one, SizedLogFile) for one in logging.getLogger().handlers)


def test_the_setting_is_the_catalogues_until_it_is_seeded():
    assert limit_bytes() == 100 * MEGABYTE
