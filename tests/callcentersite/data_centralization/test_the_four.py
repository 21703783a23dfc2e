"""The guide's four policies over the real tables: the audit's chain, mailboxes, reports, calls."""

import json
from datetime import date, timedelta

import pyarrow as pa
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.db import connections
from django.utils import timezone
from silk.models import Profile, Request, Response, SQLQuery

from callcentersite.apps.audit import guarding, pruning
from callcentersite.apps.audit import services as audit
from callcentersite.apps.audit.models import AuditCheckpoint, AuditLog
from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.integrations.models import WebhookDelivery, WebhookEndpoint
from callcentersite.apps.notifications.models import Delivery, Notification
from callcentersite.apps.reports.models import Report
from callcentersite.data_centralization import archives
from callcentersite.data_centralization.models import RetentionPolicy, RetentionRemoval
from opsconsole import runner
from opsconsole.models import JobRun
from tests.callcentersite.data_centralization.conftest import (
    applied,
    call_ids,
    command,
    door,
    shown,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def ago(days):
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def told():
    """Twelve entries of last quarter, three of today."""

    def tell(count, days):
        for number in range(count):
            target = audit.Target(kind="x", number=str(number), name=f"clave {number}")
            audit.note(audit.Action.SETTING_CHANGED, target, at=ago(days))

    tell(12, days=90)
    tell(3, days=0)


@pytest.fixture
def mailbox(account):
    """Four old messages that were read, one that was not, two new ones."""
    ana = account("ana")

    def message(days, *, read):
        at = ago(days)
        fields = {"is_read": read, "read_at": at if read else None, "created_at": at}
        return Notification(recipient=ana, subject=f"hace {days}", **fields)

    Notification.objects.bulk_create(
        [message(days, read=True) for days in (61, 70, 80, 400)]
        + [message(400, read=False), message(59, read=True), message(1, read=False)]
    )


@pytest.fixture
def reports(transactional_db):
    """Two old ones and a new one, each with its file; the names of the files, oldest first."""

    def report(days):
        made = Report(
            title=f"hace {days}", kind="day", since=date(2026, 1, 1), until=date(2026, 1, 2),
            format="csv", status="ready", rows=1, size_bytes=6, sha256="a" * 64, run=1,
        )  # fmt: skip
        made.file.save(f"reports/{days}.csv", ContentFile(b"a,b\n1\n"), save=True)
        Report.objects.filter(pk=made.pk).update(created_at=ago(days))
        return str(made.file.name)

    return [report(days) for days in (200, 91, 89)]


@pytest.fixture
def the_four(told, mailbox, reports, old_and_new):
    """What the guide's policies are about, and the policies."""
    command("seed_configuraciones_default")
    command("seed_retention_policies")


def test_the_seed_creates_the_guides_four_and_others_that_wait(transactional_db):
    out = command("seed_retention_policies")

    assert out.splitlines() == [
        "Iniciando seed de políticas de retención...",
        "[INFO] audit_logs",
        "[INFO] notifications",
        "[INFO] reports",
        "[INFO] anonymized_data",
        "[INFO] calls (inactiva)",
        "[INFO] call_rejections (inactiva)",
        "[INFO] job_logs (inactiva)",
        "[INFO] silk_requests (inactiva)",
        "[INFO] sessions (inactiva)",
        "[INFO] webhook_deliveries (inactiva)",
        "Seed completado: 10 políticas creadas",
    ]
    audited = RetentionPolicy.objects.get(name="audit_logs")
    assert (audited.config_key, audited.archive, audited.archive_days) == (
        "sistema.log_retention_days",
        True,
        365,
    )


def test_confirmed_it_prints_the_guides_lines_over_all_four(the_four):
    out = command("apply_retention", "--force")

    freed = sum(RetentionRemoval.objects.values_list("size_bytes", flat=True))
    assert out.splitlines() == [
        "Aplicando politicas de retencion...",
        "[INFO] audit_logs: 12 registros > 30 dias",
        "[INFO] notifications: 4 registros > 60 dias",
        "[INFO] reports: 2 registros > 90 dias",
        "[INFO] anonymized_data: 10 registros > 365 dias",
        "Total a eliminar: 28 registros",
        "Eliminando...",
        "[SUCCESS] 28 registros eliminados",
        f"Espacio liberado: {round(freed / 1000, 1 if freed < 9950 else None)} KB",
    ]
    assert AuditLog.objects.filter(target_type="x").count() == 3
    assert Notification.objects.count() == 3
    assert Report.objects.count() == 1
    assert call_ids() == list(range(101, 191))


def test_twice_is_the_same(the_four):
    command("apply_retention", "--force")

    assert command("apply_retention", "--force").endswith("No hay nada que hacer.\n")


def test_the_days_are_those_of_the_settings(the_four):
    for clave, valor in (("sistema.log_retention_days", "100"),
                         ("reportes.report_retention_days", "150")):  # fmt: skip
        row = Configuracion.objects.get(clave=clave)
        row.valor = valor
        row.save()

    out = command("apply_retention", "--dry-run")

    assert "[INFO] audit_logs: 0 registros > 100 dias" in out
    assert "[INFO] reports: 1 registros > 150 dias" in out


# The audit


def lines_of(removal):
    """The archive as whoever reads it years later would."""
    with default_storage.open(removal.archive, "rb") as file:
        data = file.read()
    with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as stream:
        return stream.read().decode().splitlines()


def test_the_audit_still_verifies_and_tells_of_its_pruning(the_four, monkeypatch):
    monkeypatch.setattr(pruning, "PORTION", 5)
    twelfth = AuditLog.objects.get(target_type="x", target_id="11")

    run = applied(shown(table="audit_logs"))

    assert run.status == "succeeded", run.error
    report, checkpoint = audit.verify(), AuditCheckpoint.objects.get()
    assert (report.is_whole, report.first) == (True, twelfth.pk + 1)
    assert (checkpoint.last_id, checkpoint.last_hash) == (twelfth.pk, twelfth.hash)
    removal = RetentionRemoval.objects.get()
    entry = AuditLog.objects.get(action="pruned")
    assert json.loads(entry.detail)["archive"] == checkpoint.archive == removal.archive
    assert removal.restorable_until - removal.removed_at == timedelta(days=365)


def test_the_archive_of_the_audit_verifies_without_the_database(the_four):
    twelfth = AuditLog.objects.get(target_type="x", target_id="11")

    applied(shown(table="audit_logs"))

    lines = lines_of(RetentionRemoval.objects.get())
    assert len(lines) == twelfth.pk
    assert audit.verify_archive(lines) == (twelfth.link(), None)


def test_pruned_again_the_archives_follow_each_other(policy):
    for days in (120, 120, 120, 90, 90, 0):
        target = audit.Target(kind="x", number=str(days), name="clave")
        audit.note(audit.Action.SETTING_CHANGED, target, at=ago(days))
    kept = policy("audit_logs", days=100, floor_days=7, archive=True)
    applied(shown())
    RetentionPolicy.objects.filter(pk=kept.pk).update(days=30)

    applied(shown())

    older, newer = (lines_of(one) for one in RetentionRemoval.objects.order_by("pk"))
    assert (len(older), len(newer)) == (3, 2)
    assert json.loads(newer[0])["previous"] == json.loads(older[-1])["hash"]
    assert AuditCheckpoint.objects.count() == 2
    assert audit.verify().is_whole


def test_what_was_archived_of_the_audit_does_not_come_back(the_four):
    run = applied(shown(table="audit_logs"))

    with pytest.raises(CommandError, match="se guarda para leerlo, no vuelve"):
        command("console", "undo", str(run.pk))
    assert AuditLog.objects.filter(target_type="x").count() == 3


def test_a_chain_with_a_hole_is_evidence_and_stays(the_four):
    with guarding.pruned_by_retention("default") as cursor:
        cursor.execute("DELETE FROM audit_logs WHERE target_type = 'x' AND target_id = '5'")

    run = applied(shown(table="audit_logs"))

    assert (run.status, AuditLog.objects.filter(target_type="x").count()) == ("failed", 14)
    assert "faltan algunas" in run.error
    assert RetentionRemoval.objects.count() == 0


# Messages


def test_what_nobody_has_read_stays_however_old(the_four):
    applied(shown(table="notifications"))

    left = Notification.objects.order_by("created_at").values_list("subject", "is_read")
    assert list(left) == [("hace 400", False), ("hace 59", True), ("hace 1", False)]


def test_a_message_whose_owner_is_gone_does_not_come_back_and_is_reported(the_four):
    RetentionPolicy.objects.filter(name="notifications").update(archive=True)
    run = applied(shown(table="notifications"))
    other = Notification.objects.first().recipient.__class__.objects.create_user("beto")
    Notification.objects.create(recipient=other, subject="de otra persona")
    Notification.objects.filter(recipient__username="ana").first().recipient.delete()

    out = command("console", "undo", str(run.pk))

    assert "4 registros no volvieron" in out
    undo = JobRun.objects.get(operation="undo_retention")
    assert (undo.status, undo.result["conflicts"]) == ("succeeded", 4)
    assert len(undo.artifacts.get().file.read().decode().split()) == 5
    assert Notification.objects.get().recipient == other


# Reports


def test_reports_go_with_their_files_and_come_back_with_them(the_four, reports):
    before = list(Report.objects.order_by("pk").values())
    run = applied(shown(table="reports"))
    assert [default_storage.exists(name) for name in reports] == [False, False, True]
    assert RetentionRemoval.objects.get().size_bytes > 12

    command("console", "undo", str(run.pk))

    assert list(Report.objects.order_by("pk").values()) == before
    assert [default_storage.open(name).read() for name in reports] == [b"a,b\n1\n"] * 3


def test_a_failed_deletion_leaves_row_and_file(the_four, reports, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("No queda espacio en el disco")

    monkeypatch.setattr(archives.Archive, "store", full)

    run = applied(shown(table="reports"))

    assert run.status == "failed"
    assert (Report.objects.count(), all(map(default_storage.exists, reports))) == (3, True)


# Whoever has to approve


def test_whoever_may_approve_finds_it_in_the_mailbox(the_four, operator, supervisor):
    RetentionPolicy.objects.filter(name="reports").update(needs_approval=True)
    Notification.objects.all().delete()

    run = runner.apply(shown(table="reports", user=operator), door=door(operator), enqueue=False)

    message = Notification.objects.get()
    assert run.status == "awaiting_approval"
    assert (message.recipient, message.run_id, message.is_read) == (supervisor, run.pk, False)
    assert "Aplicar políticas de retención" in message.subject + message.body
    assert Delivery.objects.count() == 0
    assert Report.objects.count() == 3


# What else waits in the seed


def test_recorded_requests_go_with_all_that_hangs_on_them(policy):
    def recorded(days):
        at = ago(days)
        one = Request.objects.create(
            path="/", method="GET", encoded_headers="{}", start_time=at, end_time=at
        )
        Response.objects.create(request=one, status_code=200, encoded_headers="{}")
        query = SQLQuery.objects.create(
            request=one, query="SELECT 1", traceback="", end_time=at, time_taken=1
        )
        profile = Profile.objects.create(request=one, name="todo", end_time=at, time_taken=1)
        profile.queries.add(query)

    for days in (60, 40, 2):
        recorded(days)
    policy("silk_requests", days=30, floor_days=7)
    kept = shown()

    run = applied(kept)

    assert run.status == "succeeded", run.error
    assert kept.content["details"]["policies"][0]["cascade"] == [
        "silk.Profile",
        "silk.Response",
        "silk.SQLQuery",
    ]
    links = Profile.queries.through
    counts = [one.objects.count() for one in (Request, Response, SQLQuery, Profile, links)]
    assert counts == [1] * 5
    connections["ops"].check_constraints()


def test_webhook_deliveries_that_are_over_go(policy):
    endpoint = WebhookEndpoint.objects.create(
        nombre="Mesa", url="https://mesa.example.com/", sealed_secret="", statuses=["failed"]
    )
    for number, (state, days) in enumerate([("delivered", 100), ("pending", 100), ("given_up", 9)]):
        WebhookDelivery.objects.create(
            endpoint=endpoint, run_id=number, event="run.failed", body="{}", state=state,
            created_at=ago(days), next_at=ago(0) if state == "pending" else None,
        )  # fmt: skip
    policy("webhook_deliveries", days=90, floor_days=7)

    run = applied(shown())

    assert run.status == "succeeded", run.error
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"pending", "given_up"}
