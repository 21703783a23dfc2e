"""Retention takes the oldest part away, and the rest goes on verifying."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from callcentersite.apps.audit import selectors, services
from callcentersite.apps.audit.models import AuditCheckpoint, AuditLog
from opsconsole import OperationError

from .conftest import entries, said

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONTH_AGO = NOW - timedelta(days=30)


@pytest.fixture
def old_and_new(write):
    """Four that are old, two that are not."""
    write(4, at=NOW - timedelta(days=40))
    return write(2, at=NOW)


def test_what_has_expired_is_a_beginning_of_the_chain(old_and_new):
    found = selectors.expired(MONTH_AGO)

    assert (found.first, found.last, found.count) == (1, 4, 4)
    assert found.last_hash == old_and_new[3].hash
    assert (found.oldest, found.newest) == (NOW - timedelta(days=40), NOW - timedelta(days=40))


def test_nothing_has_expired(write):
    assert selectors.expired(MONTH_AGO) is None

    write(2, at=NOW)

    assert selectors.expired(MONTH_AGO) is None


def test_all_has_expired(write):
    write(3, at=NOW - timedelta(days=40))

    assert selectors.expired(MONTH_AGO).count == 3


def test_a_late_entry_holds_back_those_after_it(write):
    write(2, at=NOW - timedelta(days=40))
    write(1, at=NOW)
    write(2, at=NOW - timedelta(days=40))

    assert selectors.expired(MONTH_AGO).last == 2


def test_the_rest_verifies_from_the_checkpoint(old_and_new):
    found = selectors.expired(MONTH_AGO)

    done = services.prune(up_to=found.last, expected_hash=found.last_hash, archive="a.jsonl")

    assert (done.first, done.last, done.count) == (1, 4, 4)
    assert [row.pk for row in entries()] == [5, 6, 7]
    assert said(action="pruned")[0][2:] == ("1–4", "ok")
    report = services.verify()
    assert (report.is_whole, report.first, report.checked) == (True, 5, 3)


def test_pruned_twice(write):
    write(6)

    services.prune(up_to=2)
    services.prune(up_to=4)

    assert AuditLog.objects.order_by("pk").first().pk == 5
    assert list(
        AuditCheckpoint.objects.order_by("first_id").values_list("first_id", "last_id")
    ) == [
        (1, 2),
        (3, 4),
    ]
    assert services.verify().is_whole


def test_pruned_to_the_last_one_the_chain_goes_on(write):
    write(3)

    services.prune(up_to=3)

    assert [(row.pk, row.action) for row in entries()] == [(4, "pruned")]
    assert services.verify().is_whole


def test_what_is_not_what_was_archived_stays(old_and_new):
    with pytest.raises(OperationError, match="no es la que se archivó"):
        services.prune(up_to=4, expected_hash="f" * 64)

    assert len(entries()) == 6


@pytest.mark.parametrize("position", [0, 99])
def test_what_is_not_there_cannot_be_pruned(old_and_new, position):
    with pytest.raises(OperationError, match="No hay entrada"):
        services.prune(up_to=position)

    assert len(entries()) == 6


def test_a_chain_with_holes_is_evidence(old_and_new, tamper):
    tamper("DELETE FROM audit_logs WHERE id = 2")

    with pytest.raises(OperationError, match="faltan algunas"):
        services.prune(up_to=4)

    assert len(entries()) == 5
    assert AuditCheckpoint.objects.count() == 0


def test_the_privileged_path_is_closed_behind(old_and_new):
    services.prune(up_to=2)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_logs")


def test_somebody_else_cannot_say_that_something_was_pruned(write, tamper):
    rows = write(4)
    tamper("DELETE FROM audit_logs WHERE id <= 2")
    tamper(
        "INSERT INTO audit_checkpoints (first_id, last_id, last_hash, count, pruned_at, person,"
        " archive, key_id, seal) VALUES (1, 2, %s, 2, %s, 'eva', '', %s, %s)",
        rows[1].hash,
        "2026-11-21 12:00:00",
        rows[1].key_id,
        "0" * 64,
    )

    finding = services.verify().finding

    assert (str(finding.flaw), finding.position) == ("checkpoint", 2)


def test_an_archive_verifies_without_the_database(old_and_new):
    lines = list(services.archive_lines(after=0, up_to=4))
    services.prune(up_to=4, expected_hash=old_and_new[3].hash)

    last, finding = services.verify_archive(lines)

    assert (last, finding) == (old_and_new[3].link(), None)


def test_an_archive_that_was_changed_is_noticed(old_and_new):
    lines = list(services.archive_lines(after=0, up_to=4))
    lines[2] = lines[2].replace("sistema.clave_2", "sistema.clave_9")

    last, finding = services.verify_archive(lines)

    assert (last.position, str(finding.flaw), finding.position) == (2, "changed", 3)


@pytest.mark.parametrize("name", ["auditoria.zst", "auditoria.txt"])
def test_an_archive_is_verified_at_the_terminal(old_and_new, tmp_path, capsys, name):
    path = tmp_path / name
    good = "\n".join(services.archive_lines(after=0, up_to=4))
    write_archive(path, good)
    call_command("console", "audit", "verify", "--archive", str(path))
    write_archive(path, good.replace("sistema.clave_2", "sistema.clave_9"))
    with pytest.raises(CommandError, match="La entrada 3 no es la que se escribió"):
        call_command("console", "audit", "verify", "--archive", str(path))
    write_archive(path, "esto no es un archivo")
    with pytest.raises(CommandError, match="No se puede leer el archivo"):
        call_command("console", "audit", "verify", "--archive", str(path))

    end = f"4:{old_and_new[3].hash}"
    assert capsys.readouterr().out == f"El archivo está íntegro; termina en {end}.\n"


def write_archive(path, text):
    with pa.output_stream(str(path), compression="detect") as file:
        file.write(text.encode())
