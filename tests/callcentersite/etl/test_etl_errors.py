"""Databases that fail: three lines for people, never a password, and whole batches only."""

import pytest
from django.db import DataError, IntegrityError, OperationalError, ProgrammingError
from django.db.utils import ConnectionHandler

from callcentersite.apps.etl import errors
from callcentersite.apps.etl.errors import legacy_error, reading, target_error, writing
from opsconsole import OperationError

from .etl_world import call_ids, run


def raised_from(error, cause):
    error.__cause__ = cause
    return error


class Refused(Exception):
    """Stands for psycopg's errors, which carry a state."""

    def __init__(self, sqlstate):
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "message", "cause", "remedy"),
    [
        (
            OperationalError(2002, "Can't connect to server on '10.0.0.9'"),
            "OperationalError - database connection failed",
            "Base legacy no accesible",
            "Verificar configuracion DATABASES['legacy']",
        ),
        (
            OperationalError(2013, "Lost connection to server during query"),
            "OperationalError - database connection failed",
            "Base legacy no accesible",
            "Verificar configuracion DATABASES['legacy']",
        ),
        (
            OperationalError(1045, "Access denied for user 'ivr'@'h' (using password: YES)"),
            "OperationalError - access denied",
            "La base legacy rechaza al usuario o su clave",
            "Verificar usuario y clave de DATABASES['legacy'] y su permiso de lectura",
        ),
        (
            ProgrammingError(1146, "Table 'ivr_legacy.ivr_calls' doesn't exist"),
            "ProgrammingError - falta la tabla «ivr_calls» en la base legacy",
            "El esquema de ivr_legacy no es el esperado",
            "Comparar con callcentersite/apps/etl/legacy/ivr_legacy.sql",
        ),
        (
            OperationalError(1054, "Unknown column 'notes' in 'SELECT'"),
            "OperationalError - falta la columna «notes» en la base legacy",
            "El esquema de ivr_legacy no es el esperado",
            "Comparar con callcentersite/apps/etl/legacy/ivr_legacy.sql",
        ),
        (
            OperationalError("no such column: notes"),
            "OperationalError - falta la columna «notes» en la base legacy",
            "El esquema de ivr_legacy no es el esperado",
            "Comparar con callcentersite/apps/etl/legacy/ivr_legacy.sql",
        ),
        (
            OperationalError(1049, "Unknown database 'ivr'"),
            "OperationalError - unknown database",
            "La base ivr_legacy no existe en ese servidor",
            "Verificar el nombre en DATABASES['legacy']",
        ),
    ],
)
def test_what_the_legacy_database_says_becomes_three_lines(error, message, cause, remedy):
    told = legacy_error(error)

    assert (str(told.message), str(told.cause), str(told.remedy)) == (message, cause, remedy)


@pytest.mark.parametrize(
    ("error", "state", "message"),
    [
        (
            OperationalError("connection refused"),
            None,
            "OperationalError - database connection failed",
        ),
        (OperationalError("terminating"), "57P01", "OperationalError - database connection failed"),
        (OperationalError("could not extend file"), "53100", "OperationalError - disk full"),
        (OperationalError("database or disk is full"), None, "OperationalError - disk full"),
        (OperationalError("database is locked"), None, "OperationalError - database is locked"),
        (ProgrammingError("relation does not exist"), "42P01", "ProgrammingError - missing table"),
        (
            OperationalError("password authentication failed"),
            None,
            "OperationalError - access denied",
        ),
        (DataError("value too long"), "22001", "DataError - write refused"),
    ],
)
def test_what_analytics_says_becomes_three_lines(error, state, message):
    told = target_error(raised_from(error, Refused(state)))

    assert str(told.message) == message
    assert told.cause and told.remedy


def test_no_word_of_the_driver_is_repeated():
    secret = OperationalError(2002, "mysql://ivr:hunter2@10.0.0.9/ivr_legacy is down")

    assert "hunter2" not in " ".join(legacy_error(secret).lines())
    assert "hunter2" not in " ".join(target_error(secret).lines())


def test_the_drivers_error_is_kept_as_the_cause():
    with pytest.raises(OperationError) as told, reading():
        raise OperationalError(2002, "down")

    assert isinstance(told.value.__cause__, OperationalError)


def test_a_broken_constraint_is_a_bug_and_stays_one():
    with pytest.raises(IntegrityError), writing():
        raise IntegrityError("duplicate key")


def test_a_missing_column_is_named_and_nothing_is_written(legacy_calls, legacy):
    legacy_calls({})
    with legacy.cursor() as cursor:
        cursor.execute("ALTER TABLE ivr_calls DROP COLUMN notes")

    with pytest.raises(OperationError, match="falta la columna «notes»"):
        run()

    assert call_ids() == []


@pytest.mark.parametrize("table", ["ivr_calls", "ivr_queues", "ivr_agents"])
def test_a_missing_table_is_named(legacy_calls, legacy, table):
    legacy_calls({})
    with legacy.cursor() as cursor:
        cursor.execute(f"DROP TABLE {table}")

    with pytest.raises(OperationError, match=f"falta la tabla «{table}»"):
        run()


def test_a_legacy_database_that_is_not_configured_is_told(db, monkeypatch):
    monkeypatch.setattr(errors, "connections", ConnectionHandler({}))

    with pytest.raises(OperationError) as told:
        run()

    assert told.value.lines() == [
        "ERROR: ImproperlyConfigured - DATABASES['legacy'] no existe",
        "CAUSA: Base legacy sin configurar",
        "SOLUCION: Definir la variable de entorno LEGACY_DATABASE_URL",
    ]
