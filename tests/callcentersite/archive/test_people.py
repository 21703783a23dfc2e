"""Whoever asks to be forgotten is forgotten in the archives too."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.utils import timezone

from callcentersite.apps.analytics.models import Call
from callcentersite.apps.archive import keeping, people
from callcentersite.apps.archive.models import CallArchive
from callcentersite.data_centralization.models import RetentionPolicy, RetentionRemoval
from opsconsole.models import JobRun, SealedPlan
from opsconsole.plans import StalePlan
from tests.callcentersite.data_centralization.conftest import applied, call_ids, command, shown

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
PHONE = "+525587654321"


@pytest.fixture
def archived(old_calls):
    """Somebody called in January and in February, long ago."""
    Call.objects.filter(pk__in=[2, 12]).update(ani=PHONE)
    Call.objects.filter(pk=3).update(customer_id=4242)
    command("archive_old_calls", "--days=365", "--force")


def test_she_is_found_in_the_files_and_comes_back_without_a_name(archived):
    before = {one.path for one in CallArchive.objects.all()}

    out = command("erase_person", "--phone", PHONE, "--customer-id=4242", "--force")

    assert "[INFO] call_archives: 3 registros (se anonimiza)" in out
    assert "[SUCCESS] 3 registros borrados" in out
    run = JobRun.objects.get(operation="erase_person")
    certificate = run.artifacts.get(name="certificado-de-borrado.txt").file.read().decode()
    assert "- call_archives: 3 anonimizados" in certificate
    kept = SealedPlan.objects.get(operation="erase_person")
    assert not [text for text in (kept.content, kept.fixed) if "87654321" in str(text)]
    now = {one.path for one in CallArchive.objects.all()}
    assert before.isdisjoint(now)
    assert {*keeping.stored()} == now
    assert not any(b"87654321" in Path(default_storage.path(path)).read_bytes() for path in now)
    assert "2 archivos íntegros" in command("console", "run", "verify_call_archives")
    command("archive_old_calls", "--restore=2024-01")
    hers = Call.objects.filter(pk__in=[2, 3])
    assert {(one.ani, one.customer_id, one.notes) for one in hers} == {(None, None, None)}
    assert all(one.anonymized_at for one in hers)
    assert Call.objects.get(pk=1).ani == "+525512345678"


def test_a_plan_holds_only_while_the_files_are_the_same(archived):
    kept = shown("erase_person", phone=PHONE, customer_id=None)
    command("archive_old_calls", "--restore=2024-01")
    later = Call.objects.filter(pk=2).get().started_at + timedelta(days=1)
    Call.objects.filter(pk=3).update(ani=PHONE, started_at=later, ended_at=later)
    command("archive_old_calls", "--days=365", "--force")

    with pytest.raises(StalePlan):
        applied(kept)

    assert CallArchive.objects.count() == 3
    assert Call.objects.count() == len(call_ids()) == 3


def test_a_damaged_file_is_not_rewritten(archived):
    path = CallArchive.objects.get(month="2024-02-01").path
    with Path(default_storage.path(path)).open("ab") as file:
        file.write(b"PAR1")

    with pytest.raises(CommandError):
        command("erase_person", "--phone", PHONE, "--force")

    assert CallArchive.objects.get(month="2024-02-01").path == path


@pytest.fixture
def policy(archived):
    """Calls are made anonymous after a year."""
    RetentionPolicy.objects.create(
        name="calls", target="calls", action="anonymise", days=365, floor_days=30
    )


def test_the_policy_that_anonymises_reaches_archived_calls(policy):
    out = command("apply_retention", "--table=calls", "--force")

    assert "[INFO] calls: 11 registros > 365 dias" in out
    assert "[INFO] calls: de ellos, 11 en archivos" in out
    assert "[SUCCESS] 11 registros anonimizados" in out
    assert "Nada" in shown("apply_retention", table="calls").content["summary"]
    assert {one.path for one in CallArchive.objects.all()} == {*keeping.stored()}
    assert "2 archivos íntegros" in command("verify_call_archives")
    command("archive_old_calls", "--restore=2024-01,2024-02")
    old = Call.objects.filter(started_at__year=2024)
    assert {(one.ani, one.customer_id, one.notes) for one in old.exclude(pk=6)} == {(None,) * 3}
    assert not old.filter(anonymized_at=None).exists()


def test_a_damaged_file_is_said_and_stops_no_policy(policy):
    february = CallArchive.objects.get(month="2024-02-01")
    with Path(default_storage.path(february.path)).open("ab") as file:
        file.write(b"PAR1")

    kept = shown("apply_retention", table="calls")
    run = applied(kept)

    assert f"{february.path} falta o está dañado" in str(kept.content["warnings"])
    assert (run.status, run.result["anonymised"]) == ("succeeded", 6)
    assert RetentionRemoval.objects.filter(run=run.pk, target="call_archives", rows=6).exists()


def test_a_file_written_anew_since_the_plan_is_not_touched(policy):
    kept = shown("apply_retention", table="calls")
    command("erase_person", "--phone", PHONE, "--force")

    with pytest.raises(StalePlan) as refused:
        applied(kept)

    assert "en los archivos cambió" in str(refused.value.cause)


def test_a_file_written_anew_while_it_is_verified_is_not_called_damaged(archived, monkeypatch):
    look, now, left = keeping.damage, timezone.now(), [1]

    def late(archive):
        if left and left.pop():
            people.blank(str(archive.pk), now, now)
        return look(archive)

    monkeypatch.setattr(keeping, "damage", late)

    assert "2 archivos íntegros" in command("verify_call_archives")
    assert not CallArchive.objects.exclude(damage="").exists()
