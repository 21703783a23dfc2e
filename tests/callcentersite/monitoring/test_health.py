"""Load balancers ask without an account, and learn nothing that they need not know."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connections
from django.test import Client
from django.utils import timezone

from callcentersite.apps.configuration import services
from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.monitoring import probes
from opsconsole.models import Canary, JobRun
from opsconsole.selectors import queue

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
    assert response.json() == {
        "status": "ok",
        "checks": HEALTHY | {"queue": "nobody", "canary": "never"},
    }
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("alias", ["default", "ops"])
def test_without_a_database_nobody_should_send_traffic(client, away, alias):
    away(alias)

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json()["checks"][alias] == "fail"
    assert b"10.1.2.3" not in response.content


@pytest.fixture
def heard():
    """Let a worker have taken something off the queue so many seconds ago."""

    def heard(seconds):
        moment = timezone.now() - timedelta(seconds=seconds)
        Canary.objects.create(born_at=moment, released_at=moment, sung_at=moment)

    return heard


def test_where_nothing_comes_out_of_the_queue_the_console_is_not_ready_but_its_pages_are(
    client, heard
):
    heard(101)

    whole, web = client.get("/health/ready"), client.get("/health/ready/web")

    assert (whole.status_code, whole.json()["checks"]["canary"]) == (503, "fail")
    assert (web.status_code, web.json()) == (200, {"status": "ok", "checks": HEALTHY})


def test_a_canary_that_came_through_lately_is_enough(client, heard):
    heard(95)

    assert client.get("/health/ready").json()["checks"]["canary"] == "ok"


def test_workers_that_are_all_at_work_are_no_failure(client, heard, monkeypatch):
    heard(3_600)
    alive = queue.Cluster(
        host="ops-1", pid=1, stopping=False, workers=("ops-1:4",), since=timezone.now(),
        reincarnations=0,
    )  # fmt: skip
    monkeypatch.setattr(queue, "living_clusters", lambda: (alive,))
    JobRun.objects.create(
        operation="run_etl", status="running", worker="ops-1:4", heartbeat_at=timezone.now()
    )

    response = client.get("/health/ready")

    assert (response.status_code, response.json()["checks"]["canary"]) == (200, "busy")


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
