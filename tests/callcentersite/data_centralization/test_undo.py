"""What was archived comes back as it was, to the byte; what clashes is told."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone

from callcentersite.apps.analytics.models import Call, RemovedCalls
from callcentersite.data_centralization import archives
from callcentersite.data_centralization.models import RetentionRemoval
from opsconsole import registry
from opsconsole.events import send, ticked
from opsconsole.models import JobRun
from tests.callcentersite.data_centralization.conftest import (
    applied,
    call,
    call_ids,
    command,
    shown,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def everything():
    """Each row as the database itself writes it."""
    cast = "calls::text" if connection.vendor == "postgresql" else "quote(notes), calls.*"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {cast} FROM calls ORDER BY call_id")
        return cursor.fetchall()


@pytest.fixture
def archived(calls, policy):
    """A run that deleted ten calls and kept them aside; ``before`` is the table as it was."""
    calls(range(1, 11), days=800, anonymised_days=400)
    calls(range(101, 191), days=20)
    policy(archive=True)
    before = everything()
    run = applied(shown())
    assert run.status == "succeeded", run.error
    return run, before


def test_the_round_trip_is_equal_to_the_byte(archived):
    run, before = archived
    assert len(call_ids()) == 90

    out = command("console", "undo", str(run.pk))

    assert everything() == before
    assert "[SUCCESS] anonymized_data: 10 registros devueltos" in out
    assert RemovedCalls.objects.count() == 0


def test_the_archive_is_compressed_with_manifest_and_checksum(archived):
    removal = RetentionRemoval.objects.get()

    assert removal.manifest["rows"] == 10
    assert removal.manifest["table"] == "calls"
    assert len(removal.manifest["sha256"]) == 64
    assert default_storage.exists(removal.archive)
    assert default_storage.exists(f"{removal.archive}.json")
    assert removal.restorable_until - removal.removed_at == timedelta(days=7)


def test_a_row_that_is_there_again_stays_and_is_reported(archived):
    run, _before = archived
    call(5, days=1, dnis="nueva").save()

    out = command("console", "undo", str(run.pk))

    assert Call.objects.get(pk=5).dnis == "nueva"
    assert call_ids() == [*range(1, 11), *range(101, 191)]
    assert "1 registro no volvió" in out
    undo = JobRun.objects.filter(operation="undo_retention").get()
    assert (undo.result["restored"], undo.result["conflicts"]) == (9, 1)
    report = undo.artifacts.get(name="conflictos.csv")
    assert report.file.read().decode().split() == ["politica,clave", "anonymized_data,5"]


def test_twice_is_refused(archived):
    run, _before = archived
    command("console", "undo", str(run.pk))

    with pytest.raises(CommandError, match="no se puede deshacer"):
        command("console", "undo", str(run.pk))

    assert len(call_ids()) == 100


def test_after_its_days_the_archive_is_gone(archived):
    run, _before = archived
    path = RetentionRemoval.objects.get().archive
    RetentionRemoval.objects.update(restorable_until=timezone.now() - timedelta(seconds=1))

    with pytest.raises(CommandError, match="no se puede deshacer"):
        command("console", "undo", str(run.pk))
    send(ticked)

    assert not default_storage.exists(path)
    assert RetentionRemoval.objects.get().archive == ""


def test_an_archive_that_was_tampered_with_is_not_read(archived):
    run, _before = archived
    path = RetentionRemoval.objects.get().archive
    with Path(default_storage.path(path)).open("ab") as file:
        file.write(b"x")

    with pytest.raises(CommandError, match="huella"):
        command("console", "undo", str(run.pk))

    assert len(call_ids()) == 90
    assert RetentionRemoval.objects.get().restored_at is None


def test_without_an_archive_the_run_says_so(old_and_new, policy):
    policy()
    run = applied(shown())

    notice, possible = registry.get("apply_retention").undo_notice(run)

    assert not possible
    assert "No se puede deshacer" in notice
    with pytest.raises(CommandError, match="no se puede deshacer"):
        command("console", "undo", str(run.pk))


def test_the_run_says_until_when(archived):
    run, _before = archived

    notice, possible = registry.get("apply_retention").undo_notice(run)

    assert possible
    assert notice.startswith("Se puede deshacer hasta el ")


def test_a_disk_that_is_full_leaves_the_table_whole(old_and_new, policy, monkeypatch):
    policy(archive=True)
    kept = shown()

    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archives.Archive, "write", full)
    run = applied(kept)

    assert run.status == "failed"
    assert len(call_ids()) == 100
    assert RetentionRemoval.objects.count() == 0


def test_an_archive_whose_rows_stayed_goes_again(old_and_new, policy, monkeypatch):
    policy(archive=True)
    kept = shown()

    def fails(self, **how):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(RetentionRemoval, "save", fails)
    run = applied(kept)

    assert (run.status, len(call_ids())) == ("failed", 100)
    assert default_storage.listdir("retention")[1] == []


def test_an_archive_that_a_dead_run_left_over_goes_and_no_other(archived):
    default_storage.save("retention/nadie.zst", archives.ContentFile(b"x"))

    assert archives.forget_left_over() == 0
    assert archives.forget_left_over(now=timezone.now() + timedelta(days=2)) == 1

    path = RetentionRemoval.objects.get().archive
    assert [f"retention/{name}" for name in sorted(default_storage.listdir("retention")[1])] == [
        path,
        f"{path}.json",
    ]


def test_what_still_removes_is_not_undone(archived):
    run, _before = archived
    JobRun.objects.filter(pk=run.pk).update(status="running", finished_at=None)

    with pytest.raises(CommandError, match="todavía no termina"):
        command("console", "undo", str(run.pk))

    assert len(call_ids()) == 90


@pytest.mark.parametrize("status", ["cancelled", "failed", "lost"])
def test_what_a_run_removed_before_it_stopped_can_be_undone_from_its_page(
    archived, client, django_user_model, status
):
    run, _before = archived
    JobRun.objects.filter(pk=run.pk).update(status=status)
    client.force_login(django_user_model.objects.create_superuser("raiz"))

    page = client.get(run.get_absolute_url()).content.decode()

    assert "Se puede deshacer hasta el " in page
    assert f"/admin/operaciones/undo_retention/?run={run.pk}" in page


def test_a_table_that_has_other_columns_today_is_not_mixed_with_the_archive(archived):
    run, _before = archived
    removal = RetentionRemoval.objects.get()
    removal.manifest["columns"].remove("notes")
    removal.save()

    with pytest.raises(CommandError, match="La tabla tiene hoy otras columnas"):
        command("console", "undo", str(run.pk))

    assert len(call_ids()) == 90
    assert RetentionRemoval.objects.get().restored_at is None


# Files


@pytest.fixture
def with_files(calls, policy):
    """The target's rows have files, as reports do."""
    from callcentersite.data_centralization.targets import get

    target = get("anonymized_data")
    object.__setattr__(target, "files", "recording_file")
    for number in range(1, 4):
        default_storage.save(f"audio/{number}.wav", archives.ContentFile(b"%d" % number))
        calls([number], days=800, anonymised_days=400, recording_file=f"audio/{number}.wav")
    calls(range(101, 191), days=20, recording_file=None)
    yield policy
    object.__setattr__(target, "files", "")


def test_files_go_after_the_commit(with_files):
    with_files()

    kept = shown()
    run = applied(kept)

    assert kept.content["summary"] == "Se eliminarán 3 registros de 1 tabla y 3 archivos."
    assert run.status == "succeeded"
    assert default_storage.listdir("audio")[1] == []
    assert RetentionRemoval.objects.get().files == []


def test_files_of_a_run_that_died_before_them_go_with_the_next(with_files, monkeypatch):
    from callcentersite.data_centralization import files

    with_files()
    monkeypatch.setattr(files, "finish", lambda removal: 0)
    applied(shown())
    assert len(default_storage.listdir("audio")[1]) == 3
    monkeypatch.undo()

    assert files.finish_all() == 3
    assert default_storage.listdir("audio")[1] == []


def test_files_that_had_not_gone_yet_stay_with_the_rows_that_came_back(with_files, monkeypatch):
    from callcentersite.data_centralization import files

    with_files(archive=True)
    monkeypatch.setattr(files, "finish", lambda removal: 0)
    run = applied(shown())
    monkeypatch.undo()

    command("console", "undo", str(run.pk))

    assert files.finish_all() == 0
    assert len(default_storage.listdir("audio")[1]) == 3


def test_a_death_between_two_files_loses_none(with_files, monkeypatch):
    delete = FileSystemStorage.delete

    def dies(self, name):
        if name.startswith("audio/2"):
            raise OSError(5, "Input/output error")
        delete(self, name)

    with_files(archive=True)
    monkeypatch.setattr(FileSystemStorage, "delete", dies)
    run = applied(shown())
    monkeypatch.undo()
    assert (run.status, len(default_storage.listdir("audio")[1])) == ("failed", 2)

    command("console", "undo", str(run.pk))

    assert [default_storage.open(f"audio/{n}.wav").read() for n in (1, 2, 3)] == [b"1", b"2", b"3"]


def test_files_stay_where_the_rows_stay(with_files):
    with_files()
    kept = shown()
    Call.objects.filter(pk=1).update(dnis="1")

    from opsconsole.plans import StalePlan

    with pytest.raises(StalePlan):
        applied(kept)

    assert len(default_storage.listdir("audio")[1]) == 3


def test_archived_files_come_back_with_their_rows(with_files):
    with_files(archive=True)
    run = applied(shown())
    assert default_storage.listdir("audio")[1] == []

    command("console", "undo", str(run.pk))

    assert sorted(default_storage.listdir("audio")[1]) == ["1.wav", "2.wav", "3.wav"]
    assert default_storage.open("audio/2.wav").read() == b"2"


# A table with a way of its own, as the audit chain has


def test_a_tables_own_way_gets_the_archive_and_is_not_undone(old_and_new, policy):
    from callcentersite.data_centralization.targets import get

    told = []

    def remove(removal):
        told.append(removal.archive)
        return removal.queryset.delete()[0]

    target = get("anonymized_data")
    changes = {"remove": remove, "restorable": False}
    before = {name: getattr(target, name) for name in changes}
    for name, value in changes.items():
        object.__setattr__(target, name, value)
    try:
        policy(archive=True)
        run = applied(shown())
        notice, possible = registry.get("apply_retention").undo_notice(run)
    finally:
        for name, value in before.items():
            object.__setattr__(target, name, value)

    assert run.status == "succeeded", run.error
    assert len(call_ids()) == 90
    assert told == [RetentionRemoval.objects.get().archive]
    assert default_storage.exists(told[0])
    assert not possible
    assert "se guarda para leerlo" in notice
