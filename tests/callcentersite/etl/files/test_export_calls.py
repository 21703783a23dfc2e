"""Calls as a file, and back."""

import csv
import io
import json

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command

from callcentersite.apps.analytics.models import Call
from callcentersite.apps.audit.models import AuditLog
from callcentersite.apps.configuration.models import Configuracion
from opsconsole import RunContext, registry, runner
from opsconsole.doors import Door, terminal
from opsconsole.exceptions import NotAllowed
from opsconsole.models import JobArtifact, JobRun, Origin
from tests.callcentersite.etl.etl_world import everything
from tests.callcentersite.etl.files.conftest import csv_of, imported

pytestmark = [
    pytest.mark.django_db(transaction=True, databases="__all__"),
    pytest.mark.usefixtures("queues"),
]
WEIRD = (
    {"notes": "=HYPERLINK(1)", "menu_path": "-1>2"},
    {"notes": 'línea 1\r\nlínea 2, "x"; \t_x000D_', "agent_code": "'A1"},
    {"ani": None, "notes": "<r>x & y</r>", "answered_at": None, "disposition": "ABANDONED",
     "customer_id": None},
    {"notes": "llamar al 55 1234 5678", "call_id": 9_007_199_254_740_993},
    {"started_at": "2026-10-05 23:59:50", "answered_at": "2026-10-06 00:00:00",
     "ended_at": "2026-10-06 00:03:00"},
)  # fmt: skip


@pytest.fixture
def calls(queues):
    imported(csv_of(*WEIRD))
    Call.objects.filter(pk=3).update(dnis="", recording_file="")
    assert Call.objects.count() == 5


def exported(user=None, **values):
    door = terminal() if user is None else Door(origin=Origin.ADMIN, user=user)
    operation = registry.get("export_calls")
    run = runner.submit(operation, {"format": "csv", **values}, door=door, enqueue=False)
    return runner.execute(run.pk).run


def content_of(run):
    assert run.status == "succeeded", (run.error, run.error_cause, run.traceback)
    with JobArtifact.objects.get(run=run).file.open("rb") as file:
        return file.read()


def rows_of(run):
    return list(csv.DictReader(io.StringIO(content_of(run).decode("utf-8-sig"))))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize("full_numbers", [True, False])
def test_what_goes_out_comes_back_as_it_was(calls, kind, full_numbers):
    before = everything()
    file = content_of(exported(format=kind, full_numbers=full_numbers))

    again = imported(file, name=f"otra.{kind}")

    assert again.result["unchanged"] == 5, again.result
    assert everything() == before
    if full_numbers:
        Call.objects.all().delete()
        assert imported(file, name=f"otra.{kind}").result["inserted"] == 5
        known = {row["call_id"]: row for row in before["Call"]}
        for row in Call.objects.values():
            old = known[row["call_id"]]
            assert {n: v or None for n, v in row.items()} == {n: v or None for n, v in old.items()}


def test_numbers_are_masked_and_formulas_are_escaped(calls):
    rows = rows_of(exported())

    assert [row["ani"] for row in rows] == ["••••5678", "••••5678", "", "••••5678", "••••5678"]
    assert "1234" not in rows[3]["notes"]
    assert (rows[0]["notes"], rows[0]["menu_path"]) == ("'=HYPERLINK(1)", "'-1>2")
    assert rows[0]["started_at"] == "2026-10-05T09:00:00-06:00"
    assert rows_of(exported(full_numbers=True))[0]["ani"] == "'+525512345678"


def test_the_filters_and_the_columns_have_their_effect(calls):
    rows = rows_of(exported(columns=["disposition", "call_id"], disposition="ABANDONED"))
    of_a_day = rows_of(exported(since="2026-10-06", until="2026-10-06"))
    by_number = rows_of(exported(call_ids="1,2", queue="NA_VENTAS", language="es"))

    assert rows == [{"call_id": "3", "disposition": "ABANDONED"}]
    assert of_a_day == []
    assert [row["call_id"] for row in by_number] == ["1", "2"]
    assert [row["call_id"] for row in rows_of(exported(until="2026-10-05"))][-1] == "5"


def test_more_rows_than_the_setting_allows_are_refused_whole(calls):
    call_command("seed_configuraciones_default", verbosity=0)
    Configuracion.objects.filter(clave="reportes.max_report_rows").update(valor="4")

    run = exported()

    assert (run.status, run.error) == ("failed", "Pasan de 4 llamadas: no se exportó nada.")
    assert "reportes.max_report_rows" in run.error_cause
    assert not JobArtifact.objects.exists()
    assert exported(call_ids="1").status == "succeeded"


def may(user, *names):
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return type(user).objects.get(pk=user.pk)


def test_seeing_calls_exporting_them_and_whole_numbers_are_three_rights(
    calls, client, django_user_model
):
    user = django_user_model.objects.create_user("analista", password="x", is_staff=True)
    user = may(user, "run_export_calls")

    assert "analytics.view_call" in refusal(user)

    user = may(user, "view_call", "view_jobrun")
    masked, whole = exported(user), exported(full_numbers=True)
    assert "sistema.operaciones.clientes.exportar" in refusal(user, full_numbers=True)
    client.force_login(user)

    assert address_of(masked) in page_of(client, masked)
    assert client.get(address_of(masked)).status_code == 200
    assert address_of(whole) not in page_of(client, whole)
    assert "sistema.operaciones.clientes.exportar" in page_of(client, whole)
    assert client.get(address_of(whole)).status_code == 403


def test_a_right_that_is_gone_closes_what_was_exported_and_what_waits(
    calls, client, django_user_model
):
    user = django_user_model.objects.create_user("analista", password="x", is_staff=True)
    user = may(user, "run_export_calls", "view_call", "view_jobrun")
    done = exported(user)
    values = {"format": "csv"}
    door = Door(origin=Origin.ADMIN, user=user)
    waiting = runner.submit(registry.get("export_calls"), values, door=door, enqueue=False)

    user.user_permissions.remove(Permission.objects.get(codename="view_call"))
    client.force_login(user)

    assert "analytics.view_call" in runner.execute(waiting.pk).run.error_cause
    assert client.get(address_of(done)).status_code == 403


def refusal(user, **values):
    """Why it is refused before there is a run."""
    before = JobRun.objects.count()
    with pytest.raises(NotAllowed) as refused:
        exported(user, **values)
    assert JobRun.objects.count() == before
    return refused.value.cause


def page_of(client, run):
    return client.get(run.get_absolute_url()).content.decode()


def address_of(run):
    artifact = JobArtifact.objects.get(run=run)
    return f"/admin/opsconsole/jobrun/{run.pk}/archivos/{artifact.pk}/"


def test_the_audit_says_what_left(calls):
    exported(columns=["ani"], full_numbers=True)

    said = json.loads(AuditLog.objects.filter(action="exported").latest("pk").detail)
    assert (said["rows"], said["full_numbers"], said["columns"]) == (5, True, ["ani"])


def test_a_text_that_a_cell_cannot_hold_is_refused_and_leaves_nothing(calls, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    Call.objects.filter(pk=1).update(notes="x" * 32_768)

    run = exported(format="xlsx")

    assert (run.status, "32767" in run.error_cause.replace("\xa0", "")) == ("failed", True)
    assert [one for one in tmp_path.iterdir() if one.name.startswith("calls-")] == []


def test_cancelled_it_leaves_no_file(calls, monkeypatch):
    monkeypatch.setattr("callcentersite.apps.etl.files.exporting.CHUNK_ROWS", 2)
    monkeypatch.setattr(RunContext, "progress", lambda ctx, done, **more: ctx.request_stop())

    assert exported().status == "cancelled"
    assert not JobArtifact.objects.exists()


def test_the_list_leads_to_both_with_what_it_shows(calls, admin_client):
    page = admin_client.get(
        "/admin/analytics/call/?day=2026-10-05&queue=NA_VENTAS&disposition__exact=ABANDONED"
    ).content.decode()

    asked = "queue=NA_VENTAS&amp;disposition=ABANDONED&amp;since=2026-10-05&amp;until=2026-10-05"
    assert f"/admin/operaciones/export_calls/?{asked}" in page
    assert "/admin/operaciones/import_calls/" in page
    chosen = admin_client.post(
        "/admin/analytics/call/",
        {"action": "operation_export_calls", "_selected_action": ["1", "2"]},
    ).content.decode()
    assert 'name="call_ids" value="1,2"' in chosen
