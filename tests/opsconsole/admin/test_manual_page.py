"""The guide in the product: the help page of an operation."""

import pytest
from django.urls import reverse

from tests.opsconsole.admin.conftest import operation_url, text_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def manual_url(name="count_slowly"):
    return reverse("admin:opsconsole_manual", args=[name])


def test_the_operations_page_leads_to_its_help_which_tells_everything(page):
    assert f'href="{manual_url()}"' in page.get(operation_url()).content.decode()

    text = text_of(page.get(manual_url()))

    assert "Ayuda: Contar despacio" in text
    assert "Cuenta hasta un número." in text
    assert "--pause" in text
    assert "Segundos entre números." in text
    assert "python manage.py console run count_slowly --enqueue" in text
    assert "opsconsole.run_count_slowly" in text
    assert "6 ya está en ejecución" in text


def test_of_what_destroys_it_shows_the_plan_first(as_person, django_user_model):
    chief = django_user_model.objects.create_superuser("jefa", password="clave-1")

    text = text_of(as_person(chief).get(manual_url("remove_people")))

    assert "Borra: muestra un plan y pide confirmación." in text
    assert "console run remove_people --dry-run" in text


def test_whoever_may_not_run_it_may_not_read_it(as_person, stranger, viewer, client):
    for person in (stranger, viewer):
        refused = as_person(person).get(manual_url())

        assert refused.status_code == 403
        assert "Falta el permiso opsconsole.run_count_slowly." in text_of(refused)
    client.logout()
    assert client.get(manual_url()).headers["Location"].startswith("/admin/login/")


def test_of_an_unknown_operation_there_is_no_help(page):
    assert page.get(manual_url("no_existe")).status_code == 404
    assert page.post(manual_url()).status_code == 405
