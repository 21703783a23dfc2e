"""Entries commit with what they tell of, one chain for all writers, and nobody takes one back."""

import threading

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, connections, transaction
from django.http import HttpResponse

from callcentersite.apps.audit import appending, asking, runs, services, wording
from callcentersite.apps.audit.models import AuditCheckpoint, AuditHead, AuditLog, AuditPending
from callcentersite.apps.audit.querysets import AppendOnly
from callcentersite.apps.audit.services import Action, Result, Source, Target
from callcentersite.apps.common import acting
from opsconsole import OperationError
from opsconsole.events import Verb
from opsconsole.models import Origin

from .conftest import entries, said

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

ANA = Target(kind="users.user", number="7", name="ana")


# One chain


def test_entries_follow_each_other_without_gaps(write):
    rows = write(3)

    assert [row.pk for row in rows] == [1, 2, 3]
    assert [row.previous for row in rows] == ["0" * 64, rows[0].hash, rows[1].hash]
    assert AuditHead.objects.get().link() == rows[2].link()


def test_eight_writers_at_once_make_one_chain():
    barrier = threading.Barrier(8)
    errors = []

    def work(number):
        try:
            barrier.wait()
            for turn in range(5):
                if turn % 2:
                    with transaction.atomic():
                        services.record(Action.LOGIN, Target(name=f"{number}-{turn}"))
                else:
                    appending.append(services.draft(Action.LOGIN, Target(name=f"{number}-{turn}")))
        except Exception as error:  # told below: a thread's own is only printed
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    appending.drain()

    assert errors == []
    assert [row.pk for row in entries()] == list(range(1, 41))
    assert len({row.target for row in entries()}) == 40
    assert services.verify().is_whole


# With the change, or not at all


def test_an_entry_vanishes_with_the_change_that_is_rolled_back():
    with pytest.raises(RuntimeError), transaction.atomic():
        services.record(Action.GROUP_ASSIGNED, ANA)
        raise RuntimeError

    assert (entries(), AuditPending.objects.count()) == ([], 0)


def test_a_long_transaction_does_not_hold_the_chain():
    with transaction.atomic():
        services.record(Action.GROUP_ASSIGNED, ANA)

        assert entries() == []
        assert AuditPending.objects.count() == 1

    assert said() == [("group_assigned", entries()[0].actor, "ana", "ok")]
    assert AuditPending.objects.count() == 0


def test_a_change_that_cannot_be_written_down_does_not_happen(monkeypatch, django_user_model):
    ana = django_user_model.objects.create_user("ana", password="clave-1")

    def broken(fields):
        raise DatabaseError("disk full")

    monkeypatch.setattr(services, "append", broken)
    ana.is_superuser = True
    with pytest.raises(DatabaseError):
        ana.save()

    assert not django_user_model.objects.get(pk=ana.pk).is_superuser


def test_what_is_done_already_stands_and_the_error_is_logged(monkeypatch, caplog):
    def broken(fields):
        raise DatabaseError("disk full")

    monkeypatch.setattr(services, "append", broken)

    services.note(Action.LOGIN, ANA)

    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_an_entry_that_fails_leaves_the_transaction_around_it_usable(monkeypatch):
    def broken(fields):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM nowhere")

    monkeypatch.setattr(services, "append", broken)
    with transaction.atomic():
        services.note(Action.LOGIN, ANA)
        Group.objects.create(name="calidad")

    assert Group.objects.filter(name="calidad").exists()


def test_a_refusal_survives_the_rollback_of_what_failed():
    with pytest.raises(OperationError), transaction.atomic():
        get_user_model().objects.create(username="nadie")
        with services.refusals(Action.GROUP_ASSIGNED, ANA, group="calidad"):
            raise OperationError("No se puede.", cause="La cuenta es la suya.")

    for thread in threading.enumerate():
        if thread.name == "audit":
            thread.join()
    (row,) = entries()
    assert (row.action, row.result, row.reason) == (
        "group_assigned",
        "refused",
        "La cuenta es la suya.",
    )
    assert not get_user_model().objects.filter(username="nadie").exists()


def test_what_a_process_left_behind_is_chained_by_the_next():
    fields = services.draft(Action.LOGIN, ANA)
    AuditPending.objects.bulk_create(AuditPending(**fields) for _ in range(appending.BATCH + 1))

    assert appending.drain() == appending.BATCH + 1
    assert len(entries()) == appending.BATCH + 1
    assert services.verify().is_whole


def test_what_may_be_said_once_is_written_once():
    for _ in range(2):
        appending.append(services.draft(Action.RUN_ENDED, ANA, once="run_ended:1"))
    with transaction.atomic():
        for _ in range(2):
            appending.append(services.draft(Action.RUN_ENDED, ANA, once="run_ended:1"))

    assert [row.once for row in entries()] == ["run_ended:1"]
    assert AuditPending.objects.count() == 0


def test_a_lost_head_is_put_back_and_the_chain_says_so(write, tamper):
    write(2)
    tamper("DELETE FROM audit_head")

    write(1)

    assert [row.action for row in entries()][2:] == ["chain_resumed", "setting_changed"]
    assert services.verify().is_whole


# Append-only


def test_the_application_has_no_way_to_change_or_delete(write):
    (row,) = write(1)

    for attempt in (
        row.save,
        row.delete,
        AuditLog(id=2).save,
        AuditLog.objects.all().delete,
        lambda: AuditLog.objects.update(actor="otra"),
        lambda: AuditLog.objects.filter(pk=1).update(actor="otra"),
        lambda: AuditLog.objects.bulk_update([row], ["actor"]),
        lambda: AuditLog.objects.bulk_create([AuditLog(id=2)]),
        lambda: AuditLog.objects.create(id=2),
        lambda: AuditLog._base_manager.all().delete(),
        lambda: AuditCheckpoint.objects.all().delete(),
    ):
        with pytest.raises(AppendOnly):
            attempt()
    assert services.verify().checked == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_logs SET actor = 'otra'",
        "UPDATE audit_logs SET actor = 'otra' WHERE id = 1",
        "DELETE FROM audit_logs",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET last_id = 1",
        "UPDATE audit_pending SET actor = 'otra'",
    ],
)
def test_the_database_refuses_as_well(write, sql):
    write(2)
    AuditPending.objects.create(**services.draft(Action.LOGIN, ANA))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert services.verify().checked == 2


def test_the_database_lets_nobody_write_over_an_entry(write):
    write(1)
    over = {
        "sqlite": "INSERT OR REPLACE INTO audit_logs SELECT * FROM audit_logs WHERE id = 1",
        "postgresql": "TRUNCATE audit_logs",
    }

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(over[connection.vendor])

    assert services.verify().checked == 1


# Discretion


def test_secrets_and_full_numbers_do_not_get_in(write):
    detail = {
        "params": {"api_key": "abc123", "ani": "5512345678", "note": "password=hunter2"},
        "url": "postgres://ops:clave@db/x",
        "call": 3_000_049_918,
        "who": "+525512345678",
    }

    (row,) = write(1, detail=detail, result=Result.FAILED, reason="token=abc123")

    text = row.detail + row.reason
    assert [one for one in ("abc123", "hunter2", "clave@", "5512345678") if one in text] == []
    assert "3000049918" in text
    assert "••••5678" in text


def test_what_is_too_long_for_its_column_is_cut(write):
    (row,) = write(1, reason="á" * 900)

    assert (len(row.reason), row.reason[-1]) == (500, "…")
    assert services.verify().is_whole


def test_every_door_that_a_change_may_come_through_is_known():
    assert {str(one) for one in acting.Source} <= set(Source.values)
    assert {str(one) for one in Verb} == {str(one) for one in runs.ACTIONS}
    assert set(Origin.values) == {str(one) for one in runs.SOURCES}
    assert set(Action.values) == {str(one) for one in wording.DONE}


def test_a_deed_of_a_request_waits_for_its_answer(rf):
    done = []

    def view(request):
        asking.afterwards(lambda: done.append("written"))
        return HttpResponse("hola")

    response = asking.AuditMiddleware(view)(rf.get("/"))
    assert done == []
    response.close()

    assert done == ["written"]
