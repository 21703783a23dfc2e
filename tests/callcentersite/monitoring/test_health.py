"""Load balancers ask without an account, and learn nothing that they need not know."""

import pytest
from django.db import OperationalError, connections
from django.test import Client

from callcentersite.apps.configuration import services
from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.monitoring import probes

pytestmark = pytest.mark.django_db(databases=["default", "ops"])
HEALTHY = {"default": "ok", "ops": "ok", "migrations": "ok"}


@pytest.fixture
def away(monkeypatch):
    """Let a database refuse every question."""

    def away(alias):
        def refuse(*args, **kwargs):
            raise OperationalError("connection to server at 10.1.2.3 failed: clave=secreta")

        monkeypatch.setattr(connections[alias], "cursor", refuse)

    return away


def test_a_stranger_learns_that_all_is_well(client):
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": HEALTHY | {"queue": "nobody"}}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("alias", ["default", "ops"])
def test_without_a_database_nobody_should_send_traffic(client, away, alias):
    away(alias)

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["checks"][alias] == "fail"
    assert b"10.1.2.3" not in response.content


def test_the_process_lives_without_any_database(client, away):
    away("default")
    away("ops")

    assert client.get("/health/live").json() == {"status": "ok"}


def test_a_migration_that_is_missing_is_noticed(client, monkeypatch):
    monkeypatch.setitem(probes.NEEDED, "migrations", probes.Migrated())
    monkeypatch.setattr(probes, "is_migrated", lambda alias: alias != "ops")

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["checks"]["migrations"]) == (503, "fail")


def test_it_answers_during_maintenance(client):
    services.seed("sistema")
    Configuracion.objects.filter(clave="sistema.maintenance_mode").update(valor="true")

    assert client.get("/admin/").status_code == 503
    assert client.get("/health/ready").status_code == 200
    assert client.get("/health/live").status_code == 200


def test_behind_https_it_answers_without_a_redirect(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    from callcentersite.settings.base import SECURE_REDIRECT_EXEMPT

    settings.SECURE_REDIRECT_EXEMPT = SECURE_REDIRECT_EXEMPT

    assert Client().get("/health/live").status_code == 200
    assert Client().get("/admin/").status_code == 301


def test_it_is_only_to_be_looked_at(client):
    assert client.post("/health/ready").status_code == 405
    assert client.head("/health/live").status_code == 200
