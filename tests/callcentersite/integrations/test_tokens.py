"""Who is let in by a token, and who is not."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from callcentersite.apps.integrations import clients
from callcentersite.apps.integrations.domain import tokens
from callcentersite.apps.integrations.models import ApiClient
from opsconsole import OperationError
from opsconsole.exceptions import NotAllowed
from tests.callcentersite.integrations.conftest import Asker, allow, said

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

PATH = "/api/configuracion/"


def test_a_token_is_of_one_form_and_never_the_same():
    one, other = tokens.new_token(), tokens.new_token()

    assert one != other
    assert tokens.parsed(one).prefix == one.split("_")[1]
    assert tokens.from_header(f"Bearer {one}") == tokens.parsed(one)
    assert tokens.from_header(f"bearer  {one}") == tokens.parsed(one)


@pytest.mark.parametrize("text", ["", "Bearer", "Bearer x", "Basic abc", "Bearer iact_1_2", "\x00"])
def test_what_is_no_token_is_none(text):
    assert tokens.from_header(text) is None


def test_only_a_digest_of_the_token_is_stored(make_client):
    client, token = make_client()

    row = ApiClient.objects.filter(pk=client.pk).values().get()
    assert token.split("_", 2)[2] not in str(row)
    assert len(row["digest"]) == 64


def test_a_token_lets_in_and_its_use_is_written_once_a_minute(ask):
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        assert ask.get(PATH).status_code == 200
        first = ApiClient.objects.get().last_used_at
        clock.shift(30)
        ask.get(PATH)
        assert ApiClient.objects.get().last_used_at == first
        clock.shift(31)
        ask.get(PATH)

    assert ApiClient.objects.get().last_used_at == first + timedelta(seconds=61)


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Basic YTpi", "Bearer iact_000000000000_" + 43 * "A"]
)
def test_without_a_token_of_ours_nobody_is_let_in(api_db, header):
    answer = Client().get(PATH, headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'
    assert "Falta el token" in said(answer)


def test_the_right_prefix_with_a_wrong_secret_is_nobodys(ask):
    wrong = ask.token[:-1] + ("A" if ask.token[-1] != "A" else "B")

    assert Asker(wrong).get(PATH).status_code == 401


def test_a_token_in_the_address_is_not_read(ask):
    assert Client().get(f"{PATH}?token={ask.token}&access_token={ask.token}").status_code == 401


def test_a_revoked_token_is_refused(ask, admin):
    clients.revoke(ApiClient.objects.get(), by=admin)

    answer = ask.get(PATH)

    assert answer.status_code == 401
    assert "El token fue revocado." in said(answer)


def test_an_expired_token_is_refused(make_client):
    _client, token = make_client(expires_at=timezone.now() + timedelta(hours=1))
    assert Asker(token).get(PATH).status_code == 200

    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        answer = Asker(token).get(PATH)

    assert answer.status_code == 401
    assert "El token venció." in said(answer)


def test_a_rotated_token_is_refused_and_the_new_one_is_not(ask, admin):
    new = clients.rotate(ApiClient.objects.get(), by=admin)

    assert ask.get(PATH).status_code == 401
    assert Asker(new).get(PATH).status_code == 200


@pytest.mark.parametrize("what", ["inactive", "gone"])
def test_without_its_account_the_token_is_worth_nothing(ask, account, what):
    if what == "gone":
        account.delete()
    else:
        account.is_active = False
        account.save()

    answer = ask.get(PATH)

    assert answer.status_code == 401
    assert "La cuenta del cliente está inactiva." in said(answer)


def test_the_rights_of_the_account_are_those_of_the_moment(ask, account):
    assert ask.get(PATH).status_code == 200

    account.user_permissions.clear()

    answer = ask.get(PATH)
    assert answer.status_code == 403
    assert "Falta el permiso configuration.view_configuracion." in said(answer)


def test_a_session_is_no_token(admin_client, api_db):
    assert admin_client.get(PATH).status_code == 401


def test_a_session_beside_a_token_is_neither_read_nor_renewed(
    ask, admin, django_assert_num_queries
):
    ask.http.force_login(admin)
    before = dict(ask.http.session)

    answer = ask.get("/api/operaciones/")

    names = {one["name"] for one in answer.json()["operaciones"]}
    assert names == {"count_slowly", "remove_people"}
    assert dict(ask.http.session) == before
    assert "Cookie" not in answer["Vary"]


def test_the_token_is_in_no_log(ask, caplog):
    caplog.set_level(logging.DEBUG)

    Asker(ask.token[:-4] + "AAAA").get(PATH)
    ask.get("/api/nada/")

    assert "a token was refused, from 127.0.0.1" in caplog.text
    assert ask.token[5:17] not in caplog.text
    assert "AAAA" not in caplog.text


def test_nobody_gives_a_token_more_rights_than_her_own(
    make_client, admin, account, django_user_model
):
    modest = django_user_model.objects.create_user("modesta", is_staff=True)
    modest = allow(modest, "add_apiclient", "change_apiclient", "view_configuracion")

    for richer in (account, admin):
        with pytest.raises(NotAllowed, match="No puede dar un token"):
            make_client(account=richer, by=modest)
    assert ApiClient.objects.count() == 0
    assert make_client(account=modest, by=modest)


def test_nobody_gets_a_token_that_acts_as_a_colleague(make_client, admin, django_user_model):
    make = django_user_model.objects.create_user
    for colleague in (make("ana", is_staff=True), make("beto", password="clave-1")):
        with pytest.raises(NotAllowed, match="No puede dar un token que actúe a nombre de"):
            make_client(account=colleague, by=admin)

    assert ApiClient.objects.count() == 0
    assert make_client(account=admin, by=admin)


def test_rotating_is_as_restricted_as_creating(make_client, django_user_model):
    client, _token = make_client()
    modest = django_user_model.objects.create_user("modesta", is_staff=True)

    with pytest.raises(NotAllowed):
        clients.rotate(client, by=modest)


def test_what_is_revoked_stays_so(make_client, admin):
    client, _token = make_client()
    clients.revoke(client, by=admin)

    with pytest.raises(OperationError, match="ya estaba revocado"):
        clients.revoke(client, by=admin)
    with pytest.raises(OperationError, match="ya estaba revocado"):
        clients.rotate(client, by=admin)
