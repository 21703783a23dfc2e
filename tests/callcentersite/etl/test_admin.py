"""The quarantine in the admin: what is wrong, where, since which run; and trying again."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from callcentersite.apps.etl.models import CallRejection, EtlWatermark
from opsconsole.models import JobRun

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = reverse("admin:etl_callrejection_changelist")
RAW = {
    "call_id": 91, "ani": "5512345678", "queue_code": "VENTSA", "started_at": "0000-00-00 00:00:00",
    "ended_at": "2026-10-05 09:00:00", "notes": "<b>hola</b>", "agent_code": None, "menu_path": "",
}  # fmt: skip


@pytest.fixture
def rejections():
    now = datetime(2026, 10, 5, 18, tzinfo=UTC)
    CallRejection.objects.create(
        call_id=91, reasons=["started_missing", "queue_unknown"], raw=RAW, seen_at=now, run=7,
        last_good={"call_id": 91, "queue_code": "VENTAS"},
    )  # fmt: skip
    CallRejection.objects.create(
        call_id=92, reasons=["duration_invalid"], raw={"call_id": 92}, seen_at=now
    )


def page(client, pk):
    response = client.get(reverse("admin:etl_callrejection_change", args=[pk]))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_list_says_why_in_words(rejections, admin_client):
    listed = admin_client.get(LIST).content.decode()

    assert "Sin inicio · Cola desconocida" in listed
    assert "Duración imposible" in listed


def test_each_reason_is_a_sentence(rejections, admin_client):
    shown = page(admin_client, 91)

    assert "La cola está vacía o no aparece en ivr_queues." in shown
    assert "No se sabe cuándo empezó" in shown


def test_the_guilty_fields_are_marked_in_words_and_the_others_are_not(rejections, admin_client):
    shown = page(admin_client, 91)

    rows = {
        row.partition("<code>")[2].partition("</code>")[0]: row
        for row in shown.partition("rejection-row")[2].partition("</table>")[0].split("<tr")[2:]
    }
    assert [name for name, row in rows.items() if 'class="guilty"' in row] == [
        "queue_code", "started_at",
    ]  # fmt: skip
    assert "✗ Sin inicio" in rows["started_at"]
    assert "✗" not in rows["ended_at"]


def test_null_empty_and_markup_are_told_apart(rejections, admin_client):
    shown = page(admin_client, 91)

    assert "<em>NULL</em>" in shown
    assert "<em>vacío</em>" in shown
    assert "&lt;b&gt;hola&lt;/b&gt;" in shown


def test_the_run_that_refused_it_is_a_click_away(rejections, admin_client):
    address = reverse("admin:opsconsole_jobrun_change", args=[7])

    assert f'<a href="{address}">#7</a>' in page(admin_client, 91)


def test_nobody_is_led_to_a_run_that_refuses_her(rejections, client, django_user_model):
    irene = django_user_model.objects.create_user("irene", is_staff=True)
    irene.user_permissions.add(Permission.objects.get(codename="view_callrejection"))
    client.force_login(irene)

    shown = page(client, 91)

    assert "#7" in shown
    assert reverse("admin:opsconsole_jobrun_change", args=[7]) not in shown


def test_the_last_good_values_are_kept_in_view(rejections, admin_client):
    assert "VENTAS" in page(admin_client, 91)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [92, 91]), ("reason=queue_unknown", [91]), ("reason=duration_invalid", [92]),
        ("reason=ended_missing", []), ("q=92", [92]), ("q=9", []),
    ],
)  # fmt: skip
def test_rejections_are_found_by_number_and_reason(rejections, admin_client, query, found):
    response = admin_client.get(f"{LIST}?{query}")

    assert [row.pk for row in response.context["cl"].result_list] == found


def test_nobody_edits_a_rejection(rejections, admin_client):
    change = reverse("admin:etl_callrejection_change", args=[91])
    delete = reverse("admin:etl_callrejection_delete", args=[91])

    assert admin_client.post(change, {"reasons": "[]"}).status_code == 403
    assert admin_client.post(delete, {"post": "yes"}).status_code == 403
    assert admin_client.get(reverse("admin:etl_callrejection_add")).status_code == 403
    assert CallRejection.objects.count() == 2


def test_the_watermark_can_be_looked_at_and_not_moved(admin_client):
    EtlWatermark.objects.create(name="ivr_calls", updated_at="2026-10-05 09:00:00")
    change = reverse("admin:etl_etlwatermark_change", args=["ivr_calls"])

    assert "2026-10-05 09:00:00" in admin_client.get(change).content.decode()
    assert admin_client.post(change, {"updated_at": ""}).status_code == 403


def test_reprocessing_a_selection_opens_the_form_with_its_calls(rejections, admin_client):
    response = admin_client.post(
        LIST, {"action": "operation_run_etl", "_selected_action": [91, 92]}
    )

    assert response.status_code == 200
    assert 'name="call_ids" value="91,92"' in response.content.decode()
    assert not JobRun.objects.exists()


def test_reprocessing_is_not_offered_to_who_may_not_run_the_etl(
    rejections, client, django_user_model
):
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("lectora", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_callrejection"))
    client.force_login(user)

    listed = client.get(LIST).content.decode()
    client.post(LIST, {"action": "operation_run_etl", "_selected_action": [91]})

    assert "Reprocesar" not in listed
    assert not JobRun.objects.exists()
