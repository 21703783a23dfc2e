"""The settings that other systems read at /api/configuracion/."""

import pytest
from django.test import Client

from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.integrations.domain import scopes
from tests.callcentersite.integrations.conftest import Asker, said

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

PATH = "/api/configuracion/llamadas/"


def by_key(answer):
    return {one["clave"]: one for one in answer.json()["configuraciones"]}


def test_a_category_has_typed_values_with_their_units(ask, change):
    change("llamadas.max_call_duration", "1800")

    answer = ask.get(PATH)

    found = by_key(answer)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert len(found) == 6
    assert found["llamadas.enable_call_recording"]["valor"] is True
    longest = found["llamadas.max_call_duration"]
    assert (longest["valor"], longest["unidad"], longest["tipo_dato"]) == (
        1800,
        "segundos",
        "integer",
    )
    assert longest["descripcion"] == "Duracion maxima de una llamada"
    assert longest["updated_at"].startswith("20")


def test_all_that_the_client_may_read_is_one_answer(make_client):
    _client, token = make_client(scopes=scopes.USUAL)

    found = Asker(token).get("/api/configuracion/").json()["categorias"]

    assert [one["categoria"] for one in found] == ["llamadas", "tickets"]
    assert [one["url"] for one in found] == [PATH, "/api/configuracion/tickets/"]
    assert [len(one["configuraciones"]) for one in found] == [6, 7]


def test_security_is_not_told_to_whom_it_was_not_given(make_client):
    _client, token = make_client(scopes=scopes.USUAL)

    answer = Asker(token).get("/api/configuracion/seguridad/")

    assert answer.status_code == 403
    assert "no tiene el alcance «configuracion.seguridad»" in said(answer)


def test_an_inactive_key_is_not_published(ask):
    config = Configuracion.objects.get(clave="llamadas.max_call_duration")
    config.activa = False
    config.save()

    assert "llamadas.max_call_duration" not in by_key(ask.get(PATH))


def test_an_unknown_category_is_answered_with_those_that_there_are(make_client):
    _client, token = make_client(scopes=scopes.USUAL)

    answer = Asker(token).get("/api/configuracion/llamada/")

    assert answer.status_code == 404
    assert answer.json()["error"]["categorias"] == ["llamadas", "tickets"]


def test_an_unchanged_category_is_not_sent_again(ask, change):
    first = ask.get(PATH)

    again = ask.get(PATH, If_None_Match=first["ETag"])

    assert first["ETag"].startswith('"')
    assert first["Cache-Control"] == "private, no-cache"
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    change("llamadas.max_call_duration", "1800")
    assert ask.get(PATH, If_None_Match=first["ETag"]).status_code == 200


def test_head_is_the_answer_without_its_body(ask):
    whole = ask.get(PATH)

    head = ask.request("HEAD", PATH)

    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == whole["ETag"]
    assert head["Content-Length"] == str(len(whole.content))


def test_options_says_what_may_be_done(api_db):
    answer = Client().options(PATH)

    assert (answer.status_code, answer["Allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_nothing_is_written_here(ask, method):
    before = list(Configuracion.objects.values())

    answer = ask.request(method, PATH)

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert "Ese método no vale aquí." in said(answer)
    assert list(Configuracion.objects.values()) == before


@pytest.mark.parametrize("path", ["/api/", "/api/nada/", "/api/configuracion", "/api/corridas/x/"])
def test_what_is_not_there_is_told_in_json(ask, path):
    answer = ask.get(path)

    assert answer.status_code == 404
    assert "No hay nada en esta dirección." in said(answer)


def test_in_maintenance_only_a_superusers_client_reads(ask, change, make_client, admin):
    change("sistema.maintenance_mode", "true")
    _client, token = make_client("Respaldo", account=admin)

    answer = ask.get(PATH)

    assert (answer.status_code, answer["Retry-After"]) == (503, "120")
    assert "La consola está en mantenimiento." in said(answer)
    assert Asker(token).get(PATH).status_code == 200
