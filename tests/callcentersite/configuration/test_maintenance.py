"""``sistema.maintenance_mode`` closes the pages to all but superusers, and nothing else."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from callcentersite.apps.configuration.models import Configuracion
from opsconsole.models import JobRun
from tests.callcentersite.configuration.test_admin import text_of

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def closed(change):
    """The mode is on."""
    change("sistema.maintenance_mode", "true")


@pytest.mark.parametrize("address", ["/", "/admin/", "/admin/configuration/configuracion/"])
def test_people_see_that_it_is_closed(closed, page, address):
    answer = page.get(address)

    assert answer.status_code == 503
    assert answer["Retry-After"] == "120"
    assert "cerrada por mantenimiento" in text_of(answer)
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_a_form_that_is_sent_changes_nothing(closed, page):
    config = Configuracion.objects.get(clave="seguridad.session_timeout")
    address = reverse("admin:configuration_configuracion_change", args=[config.pk])

    answer = page.post(address, {"valor": "600", "activa": "on", "seen": "900"})

    config.refresh_from_db()
    assert answer.status_code == 503
    assert config.valor == "900"


def test_a_live_page_hears_it_in_its_own_way(closed, page):
    run = JobRun.objects.create(operation="gone", status="queued", origin="cli")

    answer = page.get(reverse("admin:opsconsole_jobrun_live", args=[run.pk]))

    assert answer.status_code == 503
    assert answer.json() == {"error": ["La consola está en mantenimiento."]}


def test_superusers_work_on_under_a_notice(closed, admin_client):
    answer = admin_client.get("/admin/configuration/configuracion/")

    assert answer.status_code == 200
    assert "Modo de mantenimiento: solo los superusuarios" in text_of(answer)


def test_a_superuser_can_log_in_and_open_it_again(closed, client, admin_user):
    assert client.get("/admin/login/").status_code == 200
    entered = client.post(
        "/admin/login/?next=/admin/", {"username": "admin", "password": "password"}
    )
    assert entered.status_code == 302

    config = Configuracion.objects.get(clave="sistema.maintenance_mode")
    address = reverse("admin:configuration_configuracion_change", args=[config.pk])
    client.post(address, {"valor": "false", "activa": "on", "seen": "true"})

    assert "Modo de mantenimiento" not in text_of(client.get("/admin/"))


def test_whoever_logs_in_without_being_one_sees_that_it_is_closed(closed, client, administrator):
    sent = {"username": "administradora", "password": "clave-1"}
    answer = client.post("/admin/login/?next=/admin/", sent, follow=True)

    assert answer.status_code == 503
    assert client.post("/admin/logout/").status_code in {200, 302}


def test_strangers_are_led_nowhere_else(closed, client):
    assert client.get("/admin/").status_code == 503
    assert client.post("/i18n/setlang/", {"language": "en"}).status_code == 302


def test_off_it_is_not_there(seeded, page):
    assert page.get("/admin/").status_code == 200


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_commands_and_runs_go_on(closed, capsys):
    call_command("seed_configuraciones_default")

    assert "Seed completado: 0 configuraciones creadas" in capsys.readouterr().out
    assert JobRun.objects.get().status == "succeeded"
