"""``create_test_data``: what it writes, what it replaces, where it refuses."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from callcentersite.apps.etl import test_data
from callcentersite.apps.etl.domain.test_data import CallSample, calls_of
from callcentersite.apps.etl.legacy_schema import drop_tables
from callcentersite.apps.etl.operations.create_test_data import CreateTestData
from opsconsole import OperationError, RunContext
from opsconsole.exceptions import RunCancelled

PARAMS = {
    "calls": 300, "seed": 1, "dirty": 0.03, "until": date(2026, 10, 31), "corrections": None,
}  # fmt: skip


def create(**changes):
    return CreateTestData().run(PARAMS | changes, RunContext())


def stored(connection, columns="*"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM ivr_calls ORDER BY call_id")
        return cursor.fetchall()


def as_text(connection):
    """Every row as the database shows it: no driver gets to interpret a zero date."""
    kind = "CHAR" if connection.vendor == "mysql" else "TEXT"
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ivr_calls WHERE 0 = 1")
        names = [column[0] for column in cursor.description]
    shown = ", ".join(f"CAST({name} AS {kind})" for name in names)
    return [tuple(row) for row in stored(connection, shown)]


def generated(**changes):
    values = PARAMS | changes
    sample = CallSample(**{name: values[name] for name in ("calls", "seed", "dirty", "until")})
    rows = next(calls_of(sample)).rows()
    return [tuple(None if value is None else str(value) for value in row) for row in rows]


def test_the_rows_of_the_sample_are_stored_to_the_last_character(legacy):
    result = create()

    assert result == {"written": 300, "removed": 0}
    assert as_text(legacy) == generated()


def test_missing_tables_are_created(legacy):
    drop_tables(legacy)

    create(calls=5)

    assert len(stored(legacy, "call_id")) == 5


def test_queues_and_agents_are_there(legacy):
    create(calls=5)

    with legacy.cursor() as cursor:
        cursor.execute(
            "SELECT name, segment, sla_seconds FROM ivr_queues WHERE queue_code = 'PUE_LENGUAS'"
        )
        assert tuple(cursor.fetchone()) == ("Atención en náhuatl", "puebla", 45)
        cursor.execute("SELECT COUNT(*) FROM ivr_agents")
        assert cursor.fetchone()[0] == 96


def test_twice_is_the_same(legacy):
    create()
    before = as_text(legacy)

    result = create()

    assert result == {"written": 300, "removed": 0}
    assert as_text(legacy) == before


def test_a_smaller_sample_replaces_a_larger_one(legacy):
    create()

    result = create(calls=100, seed=2)

    assert result == {"written": 100, "removed": 200}
    assert as_text(legacy) == generated(calls=100, seed=2)


def test_what_was_removed_is_said(legacy):
    create()
    ctx = RunContext()

    CreateTestData().run(PARAMS | {"calls": 100}, ctx)

    warnings = [line.message for line in ctx.lines if line.level == "WARNING"]
    assert warnings == ["200 llamadas de una muestra anterior retiradas; analytics aún las tiene"]


def test_calls_that_are_not_of_the_sample_are_left_alone(legacy, legacy_calls):
    legacy_calls({"call_id": 44})

    create(calls=5)

    assert [row[0] for row in stored(legacy, "call_id")][:2] == [44, 3_000_000_001]


def test_corrections_change_rows_in_place(legacy):
    create()
    before = as_text(legacy)

    result = create(corrections=0.1)

    changed = [(old, new) for old, new in zip(before, as_text(legacy), strict=True) if old != new]
    assert result == {"written": len(changed), "removed": 0}
    assert 15 < len(changed) < 45
    assert all(old[0] == new[0] and old[-1] < new[-1] for old, new in changed)


def test_corrections_are_of_the_calls_that_are_there_whatever_their_last_day(legacy):
    create(until=date(2026, 11, 20))
    before = stored(legacy, "call_id, ani")

    create(corrections=0.1)

    assert stored(legacy, "call_id, ani") == before
    with pytest.raises(OperationError) as refusal:
        create(seed=2, corrections=0.1)
    assert "de otra semilla o de otro último día" in refusal.value.cause


def test_corrections_of_a_sample_that_is_not_there_are_refused(legacy):
    create(calls=100)

    with pytest.raises(OperationError) as refusal:
        create(calls=300, corrections=0.1)

    assert refusal.value.cause == "Se esperaban 300 llamadas de prueba y hay 100."
    assert as_text(legacy) == generated(calls=100)


def test_where_it_is_not_allowed_it_refuses_and_writes_nothing(legacy, settings):
    settings.ALLOW_TEST_DATA = False

    with pytest.raises(OperationError) as refusal:
        create()

    assert refusal.value.message == "Aquí no se crean datos de prueba."
    assert stored(legacy) in ([], ())


def test_without_a_legacy_database_it_says_which_variable_is_missing(monkeypatch):
    monkeypatch.delitem(connections.databases, "legacy")

    with pytest.raises(OperationError) as refusal:
        create()

    assert refusal.value.cause == "Falta la variable de entorno LEGACY_DATABASE_URL."


def test_it_stops_between_two_blocks_when_asked(legacy, monkeypatch):
    monkeypatch.setattr(
        "callcentersite.apps.etl.operations.create_test_data.block_calls", lambda connection: 100
    )
    ctx = RunContext()
    ctx.request_stop()

    with pytest.raises(RunCancelled):
        CreateTestData().run(PARAMS, ctx)

    assert as_text(legacy) == generated()[:100]


def test_a_block_is_written_whole_or_not_at_all(legacy):
    create(calls=5)

    with pytest.raises(RuntimeError), test_data.writing(legacy) as cursor:
        cursor.execute("DELETE FROM ivr_calls")
        raise RuntimeError

    assert as_text(legacy) == generated(calls=5)


@pytest.mark.parametrize(
    ("option", "value"),
    [("calls", 0), ("calls", -1), ("seed", -1), ("dirty", 0.6), ("dirty", -0.1),
     ("until", "2026-02-30"), ("corrections", 1.5), ("calls", "muchas")],
)  # fmt: skip
def test_the_form_refuses_what_makes_no_sense(option, value):
    form = CreateTestData.Params(json.loads(json.dumps(PARAMS, default=str)) | {option: value})

    assert list(form.errors) == [option]


def test_the_command_takes_the_options_of_the_issue(legacy, capsys):
    call_command("create_test_data", "--calls", "20", "--seed", "3", "--dirty", "0.1")

    assert as_text(legacy) == generated(calls=20, seed=3, dirty=0.1)
    assert capsys.readouterr().out == (
        "[INFO] Creando 20 llamadas, semilla 3\n[SUCCESS] 20 llamadas escritas en ivr_calls\n"
    )


def test_the_command_ends_with_2_when_an_option_is_wrong(legacy):
    with pytest.raises(CommandError) as refusal:
        call_command("create_test_data", "--calls", "0")

    assert refusal.value.returncode == 2
    assert stored(legacy) in ([], ())
