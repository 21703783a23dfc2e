"""Keys, webhooks, programmes and files: who made them, changed them, took them home."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from django_q.models import Schedule

from callcentersite.apps.audit.models import AuditLog
from callcentersite.apps.integrations import clients, endpoints
from callcentersite.apps.integrations.models import ApiClient, WebhookEndpoint
from callcentersite.apps.users import passwords
from opsconsole import runner
from opsconsole.doors import Door
from opsconsole.models import JobArtifact, Origin
from opsconsole.programmes import launching
from tests.opsconsole.conftest import test_operations  # noqa: F401

from .conftest import said
from .test_entries import ana, boss, browser, operation  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def detail_of(action):
    return json.loads(AuditLog.objects.get(action=action).detail)


@pytest.fixture
def ivr(django_user_model):
    """The account of a system."""
    return django_user_model.objects.create_user("ivr")


def test_a_clients_token_is_made_renewed_and_revoked(boss, ivr):  # noqa: F811
    client, token = clients.create(
        nombre="IVR", account=ivr, scopes=["tableros"], expires_at=None, by=boss
    )
    renewed = clients.rotate(client, by=boss)
    clients.revoke(client, by=boss)

    assert said(target_type="integrations.apiclient") == [
        ("client_created", "jefa", "IVR", "ok"),
        ("client_rotated", "jefa", "IVR", "ok"),
        ("client_revoked", "jefa", "IVR", "ok"),
    ]
    assert detail_of("client_created") == {
        "account": "ivr", "scopes": ["tableros"], "expires_at": None,
    }  # fmt: skip
    written = "".join(AuditLog.objects.values_list("detail", flat=True))
    assert token not in written and renewed not in written


def test_a_token_that_cannot_be_written_down_is_not_made(boss, ivr, monkeypatch):  # noqa: F811
    monkeypatch.setattr("callcentersite.apps.audit.services.append", refuse)

    with pytest.raises(RuntimeError):
        clients.create(nombre="IVR", account=ivr, scopes=[], expires_at=None, by=boss)

    assert not ApiClient.objects.exists()


def refuse(fields):
    raise RuntimeError("no room")


def test_a_webhook_is_made_changed_and_gets_another_secret(boss):  # noqa: F811
    endpoint, _secret = endpoints.create(
        nombre="Guardia", url="https://example.com/hook/aB3", statuses=["failed"], by=boss
    )
    endpoint.active = False
    endpoints.change(endpoint, by=boss)
    endpoints.renew_secret(endpoint, by=boss)

    assert said(target_type="integrations.webhookendpoint") == [
        ("webhook_created", "jefa", "Guardia", "ok"),
        ("webhook_changed", "jefa", "Guardia", "ok"),
        ("webhook_renewed", "jefa", "Guardia", "ok"),
    ]
    # A path is often a receiver's secret.
    assert detail_of("webhook_changed")["url"] == "example.com"
    assert detail_of("webhook_changed")["active"] is False


def test_a_webhook_is_changed_on_its_page(boss, browser):  # noqa: F811
    endpoint, _secret = endpoints.create(
        nombre="Guardia", url="https://example.com/hook", statuses=["failed"], by=boss
    )

    browser.post(
        f"/admin/integrations/webhookendpoint/{endpoint.pk}/change/",
        {"nombre": "Guardia", "url": "https://example.com/otro", "statuses": ["lost"]},
    )

    assert WebhookEndpoint.objects.get().statuses == ["lost"]
    assert detail_of("webhook_changed")["statuses"] == ["lost"]


def test_another_password_is_asked_for(ana, boss):  # noqa: F811
    passwords.require_another(ana, by=boss)

    assert said(action="password_requested") == [("password_requested", "jefa", "ana", "ok")]


def test_a_programme_is_added_changed_and_deleted(operation, browser):  # noqa: F811
    form = {
        "name": "De noche", "operation": "count_slowly", "p_steps": "9", "p_pause": "0.0",
        "schedule_type": "C", "cron": "0 2 * * *", "on_missed": "skip", "active": "on",
    }  # fmt: skip
    page = "/admin/django_q/schedule/"
    browser.post(f"{page}add/", form)
    pk = Schedule.objects.get().pk
    browser.post(f"{page}{pk}/change/", form | {"cron": "0 3 * * *"})
    browser.post(f"{page}{pk}/delete/", {"post": "yes"})

    assert said(target_type="django_q.schedule") == [
        ("schedule_created", "jefa", "De noche", "ok"),
        ("schedule_changed", "jefa", "De noche", "ok"),
        ("schedule_deleted", "jefa", "De noche", "ok"),
    ]
    assert detail_of("schedule_changed") == {
        "operation": "count_slowly", "params": {"steps": 9}, "when": "0 3 * * *",
        "owner": "jefa", "active": True,
    }  # fmt: skip


def test_a_programme_that_the_engine_suspends_leaves_its_reason(operation):  # noqa: F811
    Schedule.objects.create(name="Ajeno", func="os.system", schedule_type="D")

    launching.look_after(launch=True)

    row = AuditLog.objects.get(action="schedule_changed")
    assert (row.target, row.reason) == (
        "Ajeno", "No lanza una operación registrada, sino os.system."
    )  # fmt: skip
    assert detail_of("schedule_changed")["active"] is False


def test_programmes_deleted_together_are_told_one_by_one(operation, browser):  # noqa: F811
    for name in ("A", "B"):
        Schedule.objects.create(name=name, func="opsconsole.tasks.run_scheduled", kwargs="{}")
    chosen = list(Schedule.objects.values_list("pk", flat=True))

    browser.post(
        "/admin/django_q/schedule/",
        {"action": "delete_selected", "_selected_action": chosen, "post": "yes"},
    )

    assert {row[2] for row in said(action="schedule_deleted")} == {"A", "B"}


def test_a_file_of_a_run_is_taken_home(operation, boss, browser):  # noqa: F811
    run = runner.submit(operation, {}, door=Door(origin=Origin.ADMIN, user=boss), enqueue=False)
    row = JobArtifact(run=run, name="lista.csv", content_type="text/csv", size_bytes=2, sha256="")
    row.file.save("lista.csv", ContentFile(b"ab"))
    address = f"/admin/opsconsole/jobrun/{run.pk}/archivos/{row.pk}/"

    browser.head(address)
    answer = browser.get(address)
    answer.close()

    assert said(action="downloaded") == [("downloaded", "jefa", "lista.csv", "ok")]
    assert detail_of("downloaded") == {"run": run.pk, "bytes": 2}


def test_the_log_of_a_run_is_taken_home(operation, boss, browser):  # noqa: F811
    run = runner.submit(operation, {}, door=Door(origin=Origin.ADMIN, user=boss), enqueue=False)
    address = f"/admin/opsconsole/jobrun/{run.pk}/registro.txt"

    browser.head(address)
    b"".join(browser.get(address))

    (entry,) = AuditLog.objects.filter(action="downloaded")
    assert (entry.actor, entry.target_id) == ("jefa", str(run.pk))


def test_a_run_over_the_api_names_the_program(operation, ivr):  # noqa: F811
    ivr.user_permissions.add(Permission.objects.get(codename="run_count_slowly"))
    ivr = type(ivr).objects.get(pk=ivr.pk)
    _client, token = clients.create(
        nombre="IVR de ventas", account=ivr, scopes=["operaciones.lanzar"], expires_at=None, by=ivr
    )

    answer = Client().post(
        "/api/operaciones/count_slowly/corridas/",
        {"params": {}},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )

    assert answer.status_code == 202
    assert detail_of("run_launched")["client"] == "IVR de ventas"
