"""The list of archives and what can be done from there."""

import pytest
from django.urls import reverse

from callcentersite.apps.archive.models import CallArchive
from callcentersite.apps.audit.models import AuditLog
from tests.callcentersite.data_centralization.conftest import command

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
LIST = reverse("admin:archive_callarchive_changelist")


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_says_what_there_is_and_offers_what_one_may(old_calls, account, client):
    client.force_login(account("lectora", "archive.view_callarchive"))
    assert "Todavía no hay llamadas archivadas." in text(client.get(LIST))
    command("archive_old_calls", "--days=365", "--force")
    january = CallArchive.objects.get(month="2024-01-01")

    page = text(client.get(LIST))
    own = text(client.get(january.get_absolute_url()))

    assert "2024-01" in page
    assert january.sha256[:12] in page
    assert "Verificado" in page
    assert "Devolver a la tabla…" not in own
    assert "Descargar" not in own
    assert "2024-02" not in text(client.get(LIST, {"q": "2024-01"}))
    assert "No hay llamadas archivadas de ese mes." in text(client.get(LIST, {"q": "x"}))
    download = reverse("admin:archive_callarchive_download", args=[january.pk])
    assert client.get(download).status_code == 403


def test_who_may_takes_the_file_home_and_brings_the_month_back(old_calls, account, client):
    client.force_login(
        account(
            "jefa", "archive.view_callarchive", "archive.download_callarchive",
            "opsconsole.run_restore_archived_calls", "opsconsole.run_verify_call_archives",
        )
    )  # fmt: skip
    command("archive_old_calls", "--days=365", "--force")
    january = CallArchive.objects.get(month="2024-01-01")
    own = text(client.get(january.get_absolute_url()))
    assert "Devolver a la tabla…" in own
    assert "Verificar…" in own

    answer = client.get(reverse("admin:archive_callarchive_download", args=[january.pk]))

    assert len(b"".join(answer.streaming_content)) == january.size_bytes
    assert AuditLog.objects.filter(action="downloaded").count() == 1
    url = reverse("admin:opsconsole_operation", args=["restore_archived_calls"])
    assert 'value="2024-01"' in text(client.get(f"{url}?month=2024-01"))
    asked = text(client.post(url, {"month": "2024-01", "run": ""}))
    assert "Se devolverán 7 llamadas a la tabla." in asked


def test_a_plan_is_calculated_again_with_the_same_thousand_days(old_calls, account, client):
    client.force_login(account("jefa", "opsconsole.run_archive_old_calls"))
    url = reverse("admin:opsconsole_operation", args=["archive_old_calls"])

    plan = client.post(url, {"days": "1000"}, follow=True)

    assert '<input type="hidden" name="days" value="1000"' in text(plan)
