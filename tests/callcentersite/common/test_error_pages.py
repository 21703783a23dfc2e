"""What is refused, gone or too old: in words, in the console's frame, with a way on."""

import pytest
from django.test import Client
from django.views import defaults

from tests.opsconsole.admin.conftest import text_of

pytestmark = pytest.mark.django_db(databases=["default", "ops"])


@pytest.fixture
def staff(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("irene", is_staff=True))
    return client


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/admin/users/user/", 403, "Su cuenta no puede abrir esta página."),
        ("/admin/nada/", 404, "Esta página no existe."),
    ],
)
def test_a_refusal_is_a_page_of_the_console(staff, address, status, said):
    answer = staff.get(address)

    assert answer.status_code == status
    assert said in text_of(answer)
    assert "Volver al inicio" in text_of(answer)


def test_a_form_of_another_session_says_what_to_do(django_user_model):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(django_user_model.objects.create_user("irene", is_staff=True))

    answer = browser.post("/admin/notifications/notification/todo-leido/")

    assert answer.status_code == 403
    assert "la página del formulario se quedó vieja" in text_of(answer)


def test_what_breaks_says_so_without_a_database(rf):
    answer = defaults.server_error(rf.get("/admin/"))

    assert answer.status_code == 500
    assert "El fallo quedó en el registro del servidor." in text_of(answer)


def test_a_program_that_asks_gets_no_page(client):
    assert "Consola" not in text_of(client.get("/api/nada/"))


def test_a_list_is_headed_by_what_is_in_it(admin_client):
    assert "<h1>Usuarios</h1>" in admin_client.get("/admin/users/user/").content.decode()


def test_the_page_of_the_password_has_the_header_of_all(staff):
    assert 'class="ops-languages"' in staff.get("/admin/password_change/").content.decode()
