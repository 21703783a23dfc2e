"""Old calls leave the table for a file, exactly as shown, and come back as they were."""

import hashlib
import json
import os
import time
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.utils import timezone

from callcentersite.apps.analytics import daily
from callcentersite.apps.analytics.models import (
    Call,
    ClosedDay,
    DailyMetrics,
    RemovedCalls,
    StaleDay,
)
from callcentersite.apps.archive import archiving, keeping, parquet, planning
from callcentersite.apps.archive.domain.months import Month
from callcentersite.apps.archive.models import CallArchive
from callcentersite.apps.common.interchange import uploads
from callcentersite.apps.samples import holdings
from callcentersite.data_centralization import archives
from callcentersite.data_centralization.models import RetentionRemoval
from opsconsole.exceptions import NotAllowed, OverLimit
from opsconsole.models import JobRun
from opsconsole.plans import StalePlan
from tests.callcentersite.archive.conftest import (
    FEBRUARY,
    JANUARY,
    RECENT,
    ZONE,
    at,
    everything,
)
from tests.callcentersite.data_centralization.conftest import (
    applied,
    call_ids,
    command,
    shown,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def test_a_month_ends_where_the_next_begins():
    assert Month.parse("2024-12").end == Month(2025, 1).first
    assert str(Month.of(Month(2024, 2).first)) == "2024-02"
    for text in ("2024-13", "2024-1", "enero", "0000-01"):
        with pytest.raises(ValueError):
            Month.parse(text)


def metrics():
    return sorted(DailyMetrics.objects.values_list(*daily.COLUMNS))


def archived():
    run = applied(shown("archive_old_calls", days=365))
    assert run.status == "succeeded", run.error
    return run


def last_run():
    return JobRun.objects.latest("pk")


def test_each_month_has_its_file_with_manifest_and_checksum(old_calls):
    before = metrics()

    out = command("archive_old_calls", "--days=365", "--force")

    assert call_ids() == [*RECENT]
    assert metrics() == before
    february, january = CallArchive.objects.all()
    assert [str(one.month)[:7] for one in (january, february)] == ["2024-01", "2024-02"]
    assert (january.rows, february.rows) == (7, 5)
    content = Path(default_storage.path(january.path)).read_bytes()
    assert hashlib.sha256(content).hexdigest() == january.sha256
    manifest = json.loads(Path(default_storage.path(f"{january.path}.json")).read_text())
    assert (manifest["rows"], manifest["sha256"]) == (7, january.sha256)
    frame = pl.read_parquet(default_storage.path(january.path))
    assert frame["call_id"].to_list() == [*JANUARY]
    assert frame.filter(pl.col("call_id") == 1)["notes"].item().startswith("pidió «factura»")
    assert "[INFO] 2024-01: 7 llamadas\n" in out
    assert "Total a archivar: 12 llamadas" in out
    assert "[SUCCESS] 12 llamadas archivadas" in out
    assert last_run().result["months"] == {"2024-01": 7, "2024-02": 5}
    assert sum(one.rows for one in RetentionRemoval.objects.all()) == 12
    assert "No hay nada que hacer." in command("archive_old_calls", "--days=365", "--force")


def test_days_are_local_days_and_a_month_may_go_in_parts(old_calls):
    today = timezone.localdate()
    days = (today - Month(2024, 1).first).days - 13  # up to the 13th, included

    command("archive_old_calls", f"--days={days}", "--force")
    assert call_ids() == [4, 5, 7, *FEBRUARY, *RECENT]
    command("archive_old_calls", f"--days={days - 20}", "--force")

    assert [one.rows for one in CallArchive.objects.filter(month="2024-01-01")] == [3, 4]
    command("archive_old_calls", "--restore", "2024-01")
    assert call_ids() == [*JANUARY, *FEBRUARY, *RECENT]


def test_a_month_comes_back_to_the_byte_and_only_once(old_calls):
    before = everything()
    archived()

    shown_first = command("archive_old_calls", "--restore=2024-01", "--dry-run")
    assert "Se devolverán 7 llamadas a la tabla." in shown_first
    assert call_ids() == [*RECENT]
    out = command("archive_old_calls", "--restore=2024-01")

    assert "[SUCCESS] 2024-01: 7 llamadas devueltas" in out
    assert call_ids() == [*JANUARY, *RECENT]
    with pytest.raises(CommandError, match="ya se devolvieron"):
        command("archive_old_calls", "--restore=2024-01")
    with pytest.raises(CommandError, match="--restore: Escriba un mes"):
        command("archive_old_calls", "--restore=2024-13")
    command("console", "undo", str(JobRun.objects.get(operation="archive_old_calls").pk))
    assert everything() == before
    assert RemovedCalls.objects.count() == 0
    assert ClosedDay.objects.count() == 0  # all there again: they may be counted again
    with pytest.raises(CommandError, match="No hay llamadas archivadas de 2019-01"):
        command("archive_old_calls", "--restore=2019-01")
    with pytest.raises(CommandError, match="se excluyen"):
        command("archive_old_calls", "--restore=2024-01", "--days=3")


def test_a_day_that_comes_back_in_two_files_has_all_its_calls_in_its_metrics(old_calls):
    archived()
    at(50, "2024-01-11 18:00:00").save()  # past the metrics
    archived()
    assert CallArchive.objects.filter(month="2024-01-01").count() == 2

    command("archive_old_calls", "--restore=2024-01")

    assert DailyMetrics.objects.get(day="2024-01-11").offered == 2
    assert [*daily.differences(zone=ZONE)] == []
    assert not StaleDay.objects.exists()


def test_a_call_that_is_there_again_stays_and_is_reported(old_calls):
    archived()
    at(3, "2024-01-13 18:00:00", dnis="nueva").save()

    out = command("archive_old_calls", "--restore=2024-01")

    assert Call.objects.get(pk=3).dnis == "nueva"
    assert "1 llamada no volvió" in out
    assert (last_run().result["restored"], last_run().result["conflicts"]) == (6, 1)
    report = last_run().artifacts.get(name="conflictos.csv")
    assert report.file.read().decode().split() == ["politica,clave", "2024-01,3"]


def test_the_metrics_are_counted_a_last_time_and_then_stay(old_calls):
    right = metrics()
    DailyMetrics.objects.filter(day="2024-01-11").update(offered=50)
    DailyMetrics.objects.filter(day="2024-01-12").delete()

    archived()
    assert metrics() == right
    days = list(DailyMetrics.objects.values_list("day", flat=True))
    daily.mark_stale(days)
    daily.rebuild_stale(zone=ZONE)
    command("recalculate_metrics")

    assert metrics() == right


def test_what_changed_since_it_was_shown_is_not_touched(old_calls):
    kept = shown("archive_old_calls", days=365)
    Call.objects.filter(pk=12).update(menu_path="9")

    with pytest.raises(StalePlan, match="ya no vale") as refusal:
        applied(kept)

    assert "calls 2024-02 +0 ~1 −0" in str(refusal.value.cause)
    assert len(call_ids()) == 15
    assert not CallArchive.objects.exists()


def test_a_dry_run_writes_nothing(old_calls):
    out = command("archive_old_calls", "--days=365", "--dry-run")

    assert "Total a archivar: 12 llamadas" in out
    assert len(call_ids()) == 15
    assert [*keeping.stored()] == []


def test_without_the_right_nothing_happens(old_calls, account):
    with pytest.raises(NotAllowed):
        shown("archive_old_calls", user=account("ana"), days=365)
    with pytest.raises(CommandError) as refusal:
        command("archive_old_calls", "--days=365", "--force", "--as=ana")
    assert refusal.value.returncode == NotAllowed.exit_code

    assert len(call_ids()) == 15


def test_nobody_archives_nearly_everything_unseen(old_calls):
    Call.objects.bulk_create(at(number, "2024-03-01 18:00:00") for number in range(200, 400))

    with pytest.raises(CommandError, match="demasiado grande") as refusal:
        command("archive_old_calls", "--days=365", "--force")

    assert refusal.value.returncode == OverLimit.exit_code
    command("archive_old_calls", "--days=365", "--expect-rows=212")
    assert call_ids() == [*RECENT]


@pytest.mark.parametrize("where", ["writing", "deleting"])
def test_cancelled_in_the_middle_the_month_is_whole(old_calls, monkeypatch, where):
    kept = shown("archive_old_calls", days=365)
    if where == "writing":
        monkeypatch.setattr(
            archiving.Archiving,
            "_look",
            lambda self, done: (
                CallArchive.objects.exists() and self.ctx.request_stop(),
                self.ctx.check_cancelled(),
            ),
        )
    else:
        save = CallArchive.save

        def save_and_stop(archive, **how):
            save(archive, **how)
            if archive.month.month == 2:
                contexts[0].request_stop()

        contexts = []
        begin = archiving.Archiving.run
        monkeypatch.setattr(
            archiving.Archiving, "run", lambda self: (contexts.append(self.ctx), begin(self))[1]
        )
        monkeypatch.setattr(CallArchive, "save", save_and_stop)

    run = applied(kept)

    assert run.status == "cancelled"
    assert call_ids() == [*FEBRUARY, *RECENT]
    assert [one.rows for one in CallArchive.objects.all()] == [7]
    assert [*keeping.stored()] == [CallArchive.objects.get().path]
    monkeypatch.undo()
    command("archive_old_calls", "--days=365", "--force")
    assert call_ids() == [*RECENT]


def test_what_is_not_safe_in_the_storage_is_not_deleted(old_calls, monkeypatch):
    kept = shown("archive_old_calls", days=365)
    monkeypatch.setattr(parquet, "count", lambda file: 3)

    run = applied(kept)

    assert run.status == "failed"
    assert "no quedó bien guardado" in run.error
    assert len(call_ids()) == 15


def test_a_file_is_on_the_disk_before_its_calls_are_gone(old_calls, monkeypatch):
    """A power cut a moment after the commit must find both."""
    settled = []

    def fsync(descriptor):
        assert len(call_ids()) in (15, 8)  # each month while its calls are still there
        settled.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)

    monkeypatch.setattr(archives.os, "fsync", fsync)
    archived()

    names = {Path(one.path).name for one in CallArchive.objects.all()}
    assert {*settled} >= names | {f"{name}.json" for name in names} | {"2024", "calls", "media"}


def test_a_damaged_file_is_found_and_not_brought_back(old_calls):
    archived()
    january = CallArchive.objects.get(month="2024-01-01")
    with Path(default_storage.path(january.path)).open("ab") as file:
        file.write(b"x")

    with pytest.raises(CommandError, match="1 archivo está dañado"):
        command("console", "run", "verify_call_archives")
    with pytest.raises(CommandError, match="huella"):
        command("archive_old_calls", "--restore=2024-01")

    january.refresh_from_db()
    assert "huella" in january.damage
    assert january.restored_at is None
    assert call_ids() == [*RECENT]
    out = command("verify_call_archives", "--month=2024-02")
    assert "1 archivo íntegro" in out


def test_a_file_that_a_dead_run_left_goes_after_a_day(old_calls):
    archived()
    for name, age in (("viejo", timedelta(days=2)), ("nuevo", timedelta(hours=1))):
        path = default_storage.save(f"calls/2024/2024-03-{name}.parquet", ContentFile(b"x"))
        then = time.time() - age.total_seconds()
        os.utime(default_storage.path(path), (then, then))

    assert keeping.forget_left_over() == 1

    assert len([*keeping.stored()]) == 3
    assert CallArchive.objects.count() == 2


def test_a_reset_of_the_demonstration_leaves_no_archive_and_no_file(old_calls, settings):
    archived()
    uploads.keep(ContentFile(b"x"), name="x.csv", sender=None, model="analytics.call")

    gone = holdings.forget(holdings.cutoffs(), safe=lambda: None, kept=None)

    assert (gone["call_archives"], gone["retention_removals"]) == (2, 2)
    assert not CallArchive.objects.exists()
    assert not RetentionRemoval.objects.exists()
    assert [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()] == []


def test_a_column_that_the_table_got_since_is_empty(old_calls, monkeypatch):
    then = [one for one in parquet.fields() if one.name != "dnis"]
    monkeypatch.setattr(parquet, "fields", lambda: then)
    Call.objects.update(dnis=None)
    before = everything()
    archived()
    monkeypatch.undo()

    command("restore_archived_calls", "--month=2024-02,2024-01")

    assert everything() == before


def test_many_calls_go_in_portions_and_are_sealed_by_groups(old_calls, monkeypatch):
    monkeypatch.setattr(parquet, "PORTION", 2)
    monkeypatch.setattr(planning, "FINE_UP_TO", 2)
    before = everything()

    archived()
    command("archive_old_calls", "--restore=2024-01")
    command("archive_old_calls", "--restore=2024-02")

    assert everything() == before
