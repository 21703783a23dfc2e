"""Clients and webhooks in the admin: made, renewed, revoked, tried; the secret is shown once."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from callcentersite.apps.integrations.models import ApiClient, WebhookDelivery, WebhookEndpoint
from opsconsole.ticking import tick
from tests.callcentersite.configuration.test_admin import text_of
from tests.callcentersite.integrations.conftest import Asker, allow
from tests.callcentersite.integrations.test_webhooks import (  # noqa: F401
    endpoint,
    fail,
    make,
    on,
    receiver,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

CLIENTS = "/admin/integrations/apiclient/"
WEBHOOKS = "/admin/integrations/webhookendpoint/"
DELIVERIES = "/admin/integrations/webhookdelivery/"
TOKEN = re.compile(r"iact_[0-9a-f]{12}_[\w-]{43}")
RIGHTS = ("view", "add", "change")


@pytest.fixture
def page(client, admin):
    """A browser in which the administrator has logged in."""
    client.force_login(admin)
    return client


@pytest.fixture
def viewer(client, api_db, django_user_model):
    user = django_user_model.objects.create_user("mira", is_staff=True)
    allow(user, "view_apiclient", "view_webhookendpoint", "view_webhookdelivery")
    client.force_login(user)
    return client


def filled(**changes):
    return {
        "nombre": "Mesa de tickets",
        "account_name": "telefonia",
        "scopes": ["configuracion.tickets"],
        "expires_at": "",
    } | changes


def messages_of(answer):
    return [str(one) for one in answer.context["messages"]]


# Clients


def test_a_new_clients_token_is_shown_once_and_works(page, account):
    answer = page.post(f"{CLIENTS}add/", filled())

    token = TOKEN.search(answer.content.decode()).group()
    client = ApiClient.objects.get()
    assert "no se vuelve a mostrar" in text_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert (client.nombre, client.account, client.created_by) == (
        "Mesa de tickets", account, "administradora",
    )  # fmt: skip
    assert Asker(token).get("/api/configuracion/tickets/").status_code == 200
    assert Asker(token).get("/api/configuracion/llamadas/").status_code == 403
    for path in (CLIENTS, f"{CLIENTS}{client.pk}/change/"):
        assert token not in page.get(path).content.decode()


def test_the_usual_scopes_are_ticked_and_security_is_not(page):
    found = page.get(f"{CLIENTS}add/").content.decode()

    ticked = re.findall(r'name="scopes" value="([\w.]+)"[^>]*checked', found)
    assert ticked == ["configuracion.llamadas", "configuracion.tickets"]
    assert 'value="configuracion.seguridad"' in found


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"account_name": "nadie"}, "No hay una cuenta activa con ese nombre."),
        ({"scopes": []}, "Este campo es obligatorio."),
        ({"scopes": ["todo"]}, "Escoja una opción válida"),
        ({"expires_at": "2020-01-01"}, "Elija hoy o un día futuro."),
    ],
)
def test_a_client_that_cannot_be_is_not_made(page, account, changes, sentence):
    answer = page.post(f"{CLIENTS}add/", filled(**changes))

    assert sentence in text_of(answer)
    assert ApiClient.objects.count() == 0


def test_nobody_makes_a_client_that_may_do_more_than_herself(client, account, django_user_model):
    modest = django_user_model.objects.create_user("modesta", is_staff=True)
    client.force_login(allow(modest, "view_apiclient", "add_apiclient"))

    answer = client.post(f"{CLIENTS}add/", filled())

    assert "No puede dar un token con los permisos de telefonia." in text_of(answer)
    assert ApiClient.objects.count() == 0


def test_renewing_asks_first_then_shows_the_new_token(page, make_client):
    client, old = make_client()
    path = f"{CLIENTS}{client.pk}/renovar/"

    question = page.get(path)
    assert "El token de ahora deja de valer en el acto" in text_of(question)
    assert Asker(old).get("/api/operaciones/").status_code == 200
    answer = page.post(path)

    new = TOKEN.search(answer.content.decode()).group()
    assert Asker(old).get("/api/operaciones/").status_code == 401
    assert Asker(new).get("/api/operaciones/").status_code == 200


def test_revoking_asks_first_and_is_for_ever(page, make_client):
    client, token = make_client()
    path = f"{CLIENTS}{client.pk}/revocar/"

    page.get(path)
    assert Asker(token).get("/api/operaciones/").status_code == 200
    answer = page.post(path, follow=True)
    again = page.post(path)

    assert messages_of(answer) == ["«Plataforma de telefonía» quedó revocado."]
    assert Asker(token).get("/api/operaciones/").status_code == 401
    assert again.status_code == 400
    assert "ya estaba revocado" in text_of(again)
    assert "/renovar/" not in page.get(f"{CLIENTS}{client.pk}/change/").content.decode()


def test_the_list_tells_states_apart(page, make_client, account, admin):
    make_client("En uso")
    gone, _token = make_client("De antes")
    ApiClient.objects.filter(pk=gone.pk).update(revoked_at=timezone.now(), revoked_by="x")

    everything = text_of(page.get(CLIENTS))
    revoked = text_of(page.get(f"{CLIENTS}?estado=revocado"))

    assert "Vigente" in everything
    assert "Revocado" in everything
    assert "De antes" in revoked
    assert "En uso" not in revoked


def test_an_empty_list_is_a_page(page):
    for path in (CLIENTS, WEBHOOKS, DELIVERIES):
        assert page.get(path).status_code == 200


# Webhooks


def webhook(**changes):
    return {
        "nombre": "Guardia",
        "url": "https://avisos.example.com/consola",
        "active": "on",
        "statuses": ["failed", "lost"],
    } | changes


def test_a_new_webhooks_secret_is_shown_once(page, api_db):
    answer = page.post(f"{WEBHOOKS}add/", webhook())

    row = WebhookEndpoint.objects.get()
    secret = re.search(r"whsec_[\w-]{43}", answer.content.decode()).group()
    assert (row.statuses, row.operations, row.active) == (["failed", "lost"], [], True)
    assert secret not in page.get(f"{WEBHOOKS}{row.pk}/change/").content.decode()


@pytest.mark.parametrize(
    "url", ["http://avisos.example.com/", "ftp://x/", "https://u:p@avisos.example.com/", "x"]
)
def test_an_address_that_nothing_may_be_sent_to_is_refused(page, api_db, url):
    answer = page.post(f"{WEBHOOKS}add/", webhook(url=url))

    assert "La dirección" in text_of(answer)
    assert WebhookEndpoint.objects.count() == 0


def test_a_webhook_is_changed_and_keeps_its_secret(page, endpoint):  # noqa: F811
    sealed = endpoint.sealed_secret

    page.post(
        f"{WEBHOOKS}{endpoint.pk}/change/",
        webhook(statuses=["lost"], operations=["run_etl"], active=""),
    )

    endpoint.refresh_from_db()
    assert (endpoint.statuses, endpoint.operations) == (["lost"], ["run_etl"])
    assert (endpoint.active, endpoint.sealed_secret) == (False, sealed)


def test_off_the_pages_say_so_and_a_test_sends_nothing(page, endpoint, receiver):  # noqa: F811
    for path in (WEBHOOKS, DELIVERIES):
        assert "Los webhooks están apagados: no se envía nada" in text_of(page.get(path))

    answer = page.post(f"{WEBHOOKS}{endpoint.pk}/probar/")

    assert "Los webhooks están apagados: no se envió nada." in text_of(answer)
    assert receiver.requests == []
    assert WebhookDelivery.objects.count() == 0


def test_a_test_is_sent_at_once(page, on, endpoint, receiver):  # noqa: F811
    path = f"{WEBHOOKS}{endpoint.pk}/probar/"
    page.get(path)
    assert receiver.requests == []

    answer = page.post(path, follow=True)

    assert messages_of(answer) == ["Llegó: el receptor respondió 200."]
    assert receiver.requests[0][1]["X-Webhook-Event"] == "test"
    assert "apagados" not in text_of(page.get(WEBHOOKS))


def test_a_test_that_fails_says_why_and_is_not_repeated(page, on, endpoint, receiver):  # noqa: F811
    receiver.stop()

    answer = page.post(f"{WEBHOOKS}{endpoint.pk}/probar/", follow=True)

    [message] = answer.context["messages"]
    assert message.level_tag == "warning"
    assert str(message).startswith("No llegó. No se pudo conectar")
    assert WebhookDelivery.objects.get().state == "given_up"


def test_a_notice_is_read_and_sent_once_more(page, on, endpoint, receiver):  # noqa: F811
    receiver.reply("HTTP/1.1 500 No\nContent-Length: 25\n\n<script>alert(1)</script>")
    run = fail()
    tick()
    row = WebhookDelivery.objects.get()

    listed, shown = page.get(DELIVERIES), page.get(f"{DELIVERIES}{row.pk}/change/")
    receiver.reply("HTTP/1.1 200 OK\nContent-Length: 0\n\n")
    answer = page.post(f"{DELIVERIES}{row.pk}/reenviar/", follow=True)

    assert "Se reintenta" in text_of(listed)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown.content.decode()
    assert reverse("admin:opsconsole_jobrun_change", args=[run.pk]) in shown.content.decode()
    assert messages_of(answer) == ["Llegó: el receptor respondió 200."]


def test_notices_are_found_by_their_run(page, on, endpoint, receiver):  # noqa: F811
    run = fail()

    assert f">#{run.pk}</a>" in page.get(f"{DELIVERIES}?q={run.pk}").content.decode()
    assert f">#{run.pk}</a>" not in page.get(f"{DELIVERIES}?q={run.pk + 1}").content.decode()


# Who may


def test_who_may_only_look_changes_nothing(viewer, make_client, on, endpoint, receiver):  # noqa: F811
    client, token = make_client()
    fail()
    delivery = WebhookDelivery.objects.get()
    closed = [
        f"{CLIENTS}add/", f"{CLIENTS}{client.pk}/renovar/", f"{CLIENTS}{client.pk}/revocar/",
        f"{WEBHOOKS}add/", f"{WEBHOOKS}{endpoint.pk}/renovar/", f"{WEBHOOKS}{endpoint.pk}/probar/",
        f"{DELIVERIES}{delivery.pk}/reenviar/",
    ]  # fmt: skip

    for path in closed:
        assert (viewer.get(path).status_code, viewer.post(path).status_code) == (403, 403), path
    for path in (CLIENTS, WEBHOOKS, DELIVERIES, f"{CLIENTS}{client.pk}/change/"):
        found = viewer.get(path)
        assert found.status_code == 200
        assert "renovar" not in found.content.decode()
    assert "Falló, Perdida" in text_of(viewer.get(f"{WEBHOOKS}{endpoint.pk}/change/"))
    assert Asker(token).get("/api/operaciones/").status_code == 200
    assert receiver.requests == []


def test_strangers_are_sent_to_the_login(client, api_db):
    for path in (CLIENTS, WEBHOOKS, DELIVERIES):
        assert client.get(path).status_code == 302


@pytest.mark.parametrize("path", [CLIENTS, WEBHOOKS, DELIVERIES])
def test_without_the_right_the_pages_are_closed(client, api_db, django_user_model, path):
    client.force_login(django_user_model.objects.create_user("otra", is_staff=True))

    assert client.get(path).status_code == 403
