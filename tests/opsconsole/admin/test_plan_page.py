"""What destroys is shown first, and happens as it was shown or not at all."""

import pytest

from opsconsole import Plan, limits, registry
from opsconsole.models import JobRun
from tests.opsconsole.admin.conftest import operation_url, run_url, text_of
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

URL = "/admin/operaciones/remove_people/"


@pytest.fixture
def old_accounts(engine_db, django_user_model):
    for number in range(3):
        django_user_model.objects.create_user(f"viejo.{number}")


@pytest.fixture
def remover(client, operator, old_accounts):
    client.force_login(allow(operator, "run_remove_people"))
    return client


def digest_now():
    operation = registry.get("remove_people")
    return operation.plan({"prefix": "viejo"}).digest()


def test_the_first_click_only_shows_the_plan(remover, no_runs, django_user_model):
    response = remover.post(URL, {"prefix": "viejo"})

    text = text_of(response)
    assert "Se eliminarán 3 cuentas." in text
    assert "viejo.2" in text
    assert "Eliminar 3 registros" in text
    assert django_user_model.objects.filter(username__startswith="viejo").count() == 3


def test_the_confirmed_plan_becomes_a_run_that_carries_its_seal(remover):
    digest = digest_now()

    response = remover.post(URL, {"prefix": "viejo", "plan_digest": digest})

    run = JobRun.objects.get()
    assert response.headers["Location"] == run_url(run)
    assert run.plan_digest == digest


def test_a_stale_plan_shows_the_new_numbers_and_changes_nothing(
    remover, no_runs, django_user_model
):
    digest = digest_now()
    django_user_model.objects.create_user("viejo.9")

    response = remover.post(URL, {"prefix": "viejo", "plan_digest": digest})

    text = text_of(response)
    assert "El plan ya no vale: no se cambió nada." in text
    assert "Eliminar 4 registros" in text


def test_an_invented_seal_is_a_stale_plan(remover, no_runs):
    response = remover.post(URL, {"prefix": "viejo", "plan_digest": "0" * 64})

    assert "El plan ya no vale" in text_of(response)


def test_a_large_plan_wants_its_number_typed(remover, no_runs, monkeypatch):
    monkeypatch.setattr(limits, "TYPE_ABOVE", 2)

    shown = remover.post(URL, {"prefix": "viejo"})
    wrong = remover.post(URL, {"prefix": "viejo", "plan_digest": digest_now(), "typed_rows": "30"})

    assert "Escriba 3 para confirmar" in text_of(shown)
    assert "El número escrito no es el de las filas" in text_of(wrong)


def test_the_typed_number_may_have_its_separators(remover, monkeypatch):
    monkeypatch.setattr(limits, "TYPE_ABOVE", 2)

    remover.post(URL, {"prefix": "viejo", "plan_digest": digest_now(), "typed_rows": " 3 "})

    assert JobRun.objects.count() == 1


def test_nothing_to_delete_has_no_button(remover, no_runs):
    response = remover.post(URL, {"prefix": "nadie"})

    assert "No hay nada que eliminar." in text_of(response)
    assert "btn danger" not in response.content.decode()


def test_the_plan_is_not_shown_without_the_right(page, old_accounts, no_runs):
    response = page.post(operation_url("remove_people"), {"prefix": "viejo"})

    assert response.status_code == 403
    assert "viejo.2" not in text_of(response)


def test_repeating_a_deletion_goes_back_to_its_plan(as_person, supervisor, submit, old_accounts):
    user = allow(supervisor, "run_remove_people")
    run = submit("remove_people", prefix="viejo")
    JobRun.objects.filter(pk=run.pk).update(status="failed")

    response = as_person(user).post(run_url(run, "retry"))

    assert response.headers["Location"] == f"{URL}?prefix=viejo"
    assert JobRun.objects.count() == 1


def test_a_blocked_plan_says_why_and_offers_nothing(remover, no_runs, monkeypatch):
    operation = registry.get("remove_people")
    blocked = Plan(summary="Dos cuentas.", rows=2, blocked="Una de ellas manda.")
    monkeypatch.setattr(type(operation), "plan", lambda self, params: blocked)

    shown = remover.post(URL, {"prefix": "viejo"})
    forced = remover.post(URL, {"prefix": "viejo", "plan_digest": blocked.digest()})

    assert "Una de ellas manda." in text_of(shown)
    assert "plan_digest" not in shown.content.decode()
    assert "Corríjalo y vuelva a empezar." in text_of(forced)
