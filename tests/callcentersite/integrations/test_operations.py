"""Runs over the API: the same gate, lock, plan and approval as through any other door."""

import threading

import pytest
from django.db import connections

from callcentersite.apps.integrations.domain.bodies import BadBody, parse
from callcentersite.apps.integrations.schema import schema_of
from opsconsole import registry, runner
from opsconsole.models import JobRun
from tests.callcentersite.integrations.conftest import Asker, allow, said

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

LAUNCH = "/api/operaciones/count_slowly/corridas/"
REMOVE = "/api/operaciones/remove_people/"


@pytest.fixture
def leavers(django_user_model, api_db):
    for name in ("viejo.1", "viejo.2"):
        django_user_model.objects.create_user(name)


def test_the_list_has_what_the_account_may_run_with_a_schema(ask):
    answer = ask.get("/api/operaciones/")

    by_name = {one["name"]: one for one in answer.json()["operaciones"]}
    assert set(by_name) == {"count_slowly", "remove_people"}
    assert by_name["remove_people"]["has_plan"] is True
    assert by_name["remove_people"]["links"]["plan"] == f"{REMOVE}plan/"
    assert by_name["count_slowly"]["links"] == {"corridas": LAUNCH}
    schema = by_name["remove_people"]["params"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["prefix"] == {
        "title": "Prefijo",
        "description": "Inicio del nombre.",
        "type": "string",
        "default": "viejo",
    }


def test_the_schema_says_types_bounds_and_secrets():
    schema = schema_of(registry.get("count_slowly"))
    secret = schema_of(registry.get("keep_secret"))

    assert schema["properties"]["steps"]["type"] == "integer"
    assert {"writeOnly": True}.items() <= secret["properties"]["password"].items()


def test_a_launch_is_a_run_in_the_queue_in_the_accounts_name(ask, account):
    answer = ask.post(LAUNCH, {"params": {"steps": 3}})

    run = JobRun.objects.get()
    assert answer.status_code == 202
    assert answer["Location"] == f"/api/corridas/{run.pk}/"
    assert (run.status, run.origin, run.requested_by) == ("queued", "api", "telefonia")
    assert run.params["steps"] == 3
    assert run.requested_by_id == str(account.pk)


def test_the_run_is_followed_to_its_end(ask):
    where = ask.post(LAUNCH, {"params": {"steps": 2}})["Location"]
    before = ask.get(where)
    unchanged = ask.get(where, If_None_Match=before["ETag"])

    runner.execute(before.json()["id"])

    after = ask.get(where, If_None_Match=before["ETag"])
    assert before.json()["status"] == "queued"
    assert unchanged.status_code == 304
    assert (after.status_code, after.json()["status"]) == (200, "succeeded")
    assert after.json()["has_ended"] is True
    assert after.json()["links"]["page"].endswith(
        f"/admin/opsconsole/jobrun/{after.json()['id']}/change/"
    )


def test_without_the_right_nothing_is_launched(ask, account):
    answer = ask.post("/api/operaciones/raise_error/corridas/", {})

    assert answer.status_code == 403
    assert "opsconsole.run_raise_error" in said(answer)
    assert JobRun.objects.count() == 0


@pytest.mark.parametrize("given", [["operaciones.ver"], ["configuracion.llamadas"], []])
def test_without_the_scope_the_right_is_not_enough(make_client, given):
    _client, token = make_client(scopes=given)

    answer = Asker(token).post(LAUNCH, {})

    assert answer.status_code == 403
    assert "operaciones.lanzar" in said(answer)
    assert JobRun.objects.count() == 0


def test_an_unknown_operation_is_404(ask):
    assert ask.post("/api/operaciones/nada/corridas/", {}).status_code == 404


def test_the_second_launch_is_led_to_the_first(ask):
    first = ask.post(LAUNCH, {}).json()

    answer = ask.post(LAUNCH, {})

    assert answer.status_code == 409
    assert "ya está en ejecución" in said(answer)
    assert answer.json()["error"]["corrida"] == {
        "id": first["id"],
        "url": f"/api/corridas/{first['id']}/",
        "status": "queued",
    }
    assert JobRun.objects.count() == 1


BAD = {
    "a wrong number": ({"params": {"steps": "muchos"}}, "steps"),
    "an unknown option": ({"params": {"pasos": 3}}, "pasos"),
    "an object for a number": ({"params": {"steps": {"a": 1}}}, "steps"),
    "a list for a number": ({"params": {"steps": [1]}}, "steps"),
    "yes for a number": ({"params": {"steps": True}}, "steps"),
    "an unknown field": ({"parametros": {}}, "parametros"),
    "params that are none": ({"params": []}, "params"),
}


@pytest.mark.parametrize(("body", "field"), BAD.values(), ids=BAD)
def test_bad_parameters_are_told_by_field(ask, body, field):
    answer = ask.post(LAUNCH, body)

    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [field]
    assert f"{field}:" in said(answer)
    assert JobRun.objects.count() == 0


BROKEN = {
    "no JSON": "{",
    "a list": "[]",
    "not a number": '{"params": {"steps": NaN}}',
    "twice the same name": '{"params": {}, "params": {}}',
    "too deep": "[" * 30_000,
    "deeper than needed": '{"params": {"a": [[[[1]]]]}}',
    "no UTF-8": b'{"params": "\xff"}',
    "an endless number": '{"params": {"steps": ' + "9" * 5_000 + "}}",
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_broken_json_is_refused(ask, body):
    answer = ask.post(LAUNCH, body)

    assert answer.status_code == 400
    assert "no es un objeto JSON válido" in said(answer)
    assert JobRun.objects.count() == 0


def test_what_is_not_json_is_415_and_what_is_too_large_413(ask):
    form = ask.post(LAUNCH, "steps=3", content_type="application/x-www-form-urlencoded")
    large = ask.post(LAUNCH, '{"params": {"steps": "' + 70_000 * "1" + '"}}')

    assert (form.status_code, large.status_code) == (415, 413)
    assert JobRun.objects.count() == 0


# Idempotency


def test_the_same_request_twice_makes_one_run(ask):
    first = ask.post(LAUNCH, {"params": {"steps": 3}}, Idempotency_Key="orden-1")
    again = ask.post(LAUNCH, {"params": {"steps": 3}}, Idempotency_Key="orden-1")

    assert (first.status_code, again.status_code) == (202, 202)
    assert again["Location"] == first["Location"]
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert JobRun.objects.count() == 1


def test_the_key_still_leads_to_its_run_when_that_has_ended(ask):
    first = ask.post(LAUNCH, {}, Idempotency_Key="orden-1")
    runner.execute(first.json()["id"])

    again = ask.post(LAUNCH, {}, Idempotency_Key="orden-1")

    assert (again["Location"], again.json()["status"]) == (first["Location"], "succeeded")
    assert JobRun.objects.count() == 1


def test_the_same_key_for_something_else_is_refused(ask):
    ask.post(LAUNCH, {"params": {"steps": 3}}, Idempotency_Key="orden-1")

    answer = ask.post(LAUNCH, {"params": {"steps": 4}}, Idempotency_Key="orden-1")

    assert answer.status_code == 422
    assert "ya se usó para otra cosa" in said(answer)


def test_two_clients_may_use_the_same_key(ask, make_client):
    _client, token = make_client("Otra")
    first = ask.post(LAUNCH, {}, Idempotency_Key="orden-1")
    runner.execute(first.json()["id"])

    other = Asker(token).post(LAUNCH, {}, Idempotency_Key="orden-1")

    assert other["Location"] != first["Location"]


@pytest.mark.parametrize("key", ["", "con espacio", "x" * 201])
def test_a_key_has_a_form(ask, key):
    assert ask.post(LAUNCH, {}, Idempotency_Key=key).status_code == 400


def test_twins_at_the_same_moment_make_one_run(ask):
    answers = []

    def post():
        answers.append(Asker(ask.token).post(LAUNCH, {}, Idempotency_Key="orden-1"))
        connections.close_all()

    threads = [threading.Thread(target=post) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [one.status_code for one in answers] == [202] * 5
    assert {one["Location"] for one in answers} == {f"/api/corridas/{JobRun.objects.get().pk}/"}


# Plans


def test_what_destroys_is_planned_first_and_then_does_that(ask, leavers, django_user_model):
    plan = ask.post(f"{REMOVE}plan/", {"params": {"prefix": "viejo"}}).json()
    assert (plan["rows"], plan["lines"][0]) == (2, {"cuenta": "viejo.1"})
    assert plan["summary"] == "Se eliminarán 2 cuentas."
    assert JobRun.objects.count() == 0

    answer = ask.post(
        f"{REMOVE}corridas/",
        {"params": {"prefix": "viejo"}, "plan_digest": plan["plan_digest"]},
    )
    runner.execute(answer.json()["id"])

    assert answer.status_code == 202
    assert JobRun.objects.get().status == "succeeded"
    assert not django_user_model.objects.filter(username__startswith="viejo").exists()


def test_without_a_plan_nothing_is_destroyed(ask, leavers):
    answer = ask.post(f"{REMOVE}corridas/", {"params": {"prefix": "viejo"}})

    assert answer.status_code == 400
    assert "plan_digest: Falta: confirme un plan." in said(answer)
    assert JobRun.objects.count() == 0


def test_a_plan_that_the_world_has_overtaken_is_refused_with_the_new_one(
    ask, leavers, django_user_model
):
    plan = ask.post(f"{REMOVE}plan/", {}).json()
    django_user_model.objects.create_user("viejo.3")

    answer = ask.post(f"{REMOVE}corridas/", {"plan_digest": plan["plan_digest"]})

    assert answer.status_code == 409
    assert "El plan ya no vale" in said(answer)
    assert answer.json()["error"]["plan"]["rows"] == 3
    assert JobRun.objects.count() == 0


def test_above_ten_thousand_rows_their_number_is_repeated(ask, monkeypatch, leavers):
    monkeypatch.setattr("opsconsole.limits.TYPE_ABOVE", 1)
    digest = ask.post(f"{REMOVE}plan/", {}).json()["plan_digest"]

    forgotten = ask.post(f"{REMOVE}corridas/", {"plan_digest": digest})
    repeated = ask.post(f"{REMOVE}corridas/", {"plan_digest": digest, "rows": 2})

    assert (forgotten.status_code, repeated.status_code) == (400, 202)


def test_an_operation_without_a_plan_says_so(ask):
    assert ask.post("/api/operaciones/count_slowly/plan/", {}).status_code == 404


# A second person, sight, cancelling and repeating


def test_what_needs_a_second_person_waits_for_her(ask, account):
    allow(account, "run_needs_two")

    answer = ask.post("/api/operaciones/needs_two/corridas/", {})

    assert (answer.status_code, answer.json()["status"]) == (202, "awaiting_approval")


def test_anothers_run_is_seen_by_those_who_may(ask, account, admin):
    operation = registry.get("count_slowly")
    run = runner.submit(operation, {}, door=runner.Door(origin="admin", user=admin))
    path = f"/api/corridas/{run.pk}/"

    refused = [ask.get(path), ask.post(f"{path}cancelar/"), ask.post(f"{path}repetir/")]
    assert [one.status_code for one in refused] == [403] * 3
    assert JobRun.objects.get().status == "queued"

    allow(account, "view_jobrun")
    assert ask.get(path).status_code == 200
    assert ask.post(f"{path}cancelar/").status_code == 403


@pytest.mark.parametrize("pk", ["999", "99999999999999999999999"])
def test_a_run_that_is_not_there_is_404(ask, pk):
    answer = ask.get(f"/api/corridas/{pk}/")

    assert answer.status_code == 404
    assert "No existe la corrida" in said(answer)


def test_a_run_is_cancelled_once(ask):
    path = ask.post(LAUNCH, {})["Location"]

    first, again = ask.post(f"{path}cancelar/"), ask.post(f"{path}cancelar/")

    assert (first.status_code, first.json()["status"]) == (202, "cancelled")
    assert again.status_code == 409


def test_a_run_is_repeated_by_those_who_may(ask, account):
    path = ask.post(LAUNCH, {"params": {"steps": 2}})["Location"]
    ask.post(f"{path}cancelar/")
    assert ask.post(f"{path}repetir/").status_code == 403

    allow(account, "retry_jobrun")
    answer = ask.post(f"{path}repetir/", Idempotency_Key="otra-vez")
    again = ask.post(f"{path}repetir/", Idempotency_Key="otra-vez")

    assert answer.status_code == 202
    assert f"/api/corridas/{answer.json()['retry_of']}/" == path
    assert again["Location"] == answer["Location"]
    assert ask.post(f"{path}repetir/").status_code == 409


def test_a_secret_is_neither_stored_nor_told(ask, account):
    allow(account, "run_keep_secret")
    body = {"params": {"password": "muy-secreta-1"}}

    answer = ask.post("/api/operaciones/keep_secret/corridas/", body, Idempotency_Key="a")

    assert answer.status_code == 202
    assert "muy-secreta-1" not in answer.content.decode()
    assert "muy-secreta-1" not in str(JobRun.objects.values().get())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff{}", "UTF-8, byte 0"),
        (b'{"a": ' + b"1" * 5000 + b"}", "> 4300 dígitos"),
        (b'{"a": 1, "a": 2}', "a"),
    ],
)
def test_what_is_wrong_with_a_body_is_not_said_in_english(content, said):
    with pytest.raises(BadBody) as caught:
        parse(content)

    assert str(caught.value) == said
