"""``services.get``: typed, cheap, soon up to date, and safe without its row."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from callcentersite.apps.configuration import services, settings_cache
from callcentersite.apps.configuration.domain.catalog import catalog
from callcentersite.apps.configuration.models import Configuracion

TIMEOUT = "seguridad.session_timeout"


def write_elsewhere(clave, valor):
    """As another process does: this one's memory hears nothing of it."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE configuracion SET valor = %s WHERE clave = %s", [valor, clave])


@pytest.fixture
def committed(transactional_db):
    """The forty, for other threads to see."""
    for categoria in services.categories():
        services.seed(categoria)


@pytest.fixture
def at(monkeypatch):
    """``at(2.1)``: so many seconds later."""
    now = settings_cache.clock()
    return lambda seconds: monkeypatch.setattr(settings_cache, "clock", lambda: now + seconds)


def test_a_value_has_its_type(seeded):
    assert services.get(TIMEOUT) == 900
    assert services.get("notificaciones.push_enabled") is True
    assert services.get("reportes.default_format") == "pdf"


def test_without_its_row_a_setting_has_the_catalogues_default(db):
    assert {clave: services.get(clave) for clave in catalog()} == {
        clave: entry.default_typed for clave, entry in catalog().items()
    }


def test_an_inactive_one_has_its_default(change):
    config = change(TIMEOUT, "600")
    config.activa = False
    config.save()

    assert services.get(TIMEOUT) == 900


def test_a_key_that_nobody_knows_is_an_error(seeded):
    with pytest.raises(KeyError):
        services.get("seguridad.nada")


def test_a_key_beyond_the_catalogue_is_read_too(db):
    Configuracion.objects.create(categoria="otra", clave="otra.una", valor="2.5", tipo_dato="float")

    assert services.get("otra.una") == 2.5


def test_what_an_import_piled_up_is_not_read_every_two_seconds(db):
    Configuracion.objects.create(categoria="x", clave="x.propia", valor="7", tipo_dato="integer")
    Configuracion.objects.create(
        categoria="seguridad", clave=TIMEOUT, valor="600", tipo_dato="integer"
    )

    assert settings_cache.read() == {TIMEOUT: 600}


def test_a_value_that_came_past_every_check_counts_as_absent(committed):
    write_elsewhere(TIMEOUT, "mañana")
    settings_cache.forget()

    assert services.get(TIMEOUT) == 900


def test_a_thousand_questions_are_one_query(committed):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for _ in range(1_000):
            services.get(TIMEOUT)
            services.get("sistema.log_level")

    assert len(queries) == 1


def test_a_change_elsewhere_is_seen_within_five_seconds(committed, at):
    at(0)
    assert services.get(TIMEOUT) == 900

    write_elsewhere(TIMEOUT, "600")

    at(1.9)
    assert services.get(TIMEOUT) == 900
    at(2.1)
    assert services.get(TIMEOUT) == 600


def test_ones_own_change_is_seen_at_once(committed):
    assert services.get(TIMEOUT) == 900

    Configuracion.objects.filter(clave=TIMEOUT).update(valor="600")

    assert services.get(TIMEOUT) == 600


def test_a_change_that_is_not_committed_is_seen_by_nobody_else(committed):
    assert services.get(TIMEOUT) == 900

    def elsewhere():
        try:
            settings_cache.forget()
            return services.get(TIMEOUT)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as other, pytest.raises(ZeroDivisionError), transaction.atomic():
        Configuracion.objects.filter(clave=TIMEOUT).update(valor="600")
        assert services.get(TIMEOUT) == 600
        assert other.submit(elsewhere).result(timeout=10) == 900
        raise ZeroDivisionError

    assert services.get(TIMEOUT) == 900


def test_where_the_database_is_away_what_is_known_stays(committed, at, monkeypatch):
    Configuracion.objects.filter(clave=TIMEOUT).update(valor="600")
    assert services.get(TIMEOUT) == 600

    def away():
        raise DatabaseError("away")

    monkeypatch.setattr(settings_cache, "read", away)
    at(3_600)
    assert services.get(TIMEOUT) == 600


def test_many_threads_agree(committed):
    start, answers = threading.Barrier(4), []

    def ask():
        try:
            start.wait()
            answers.extend(services.get(TIMEOUT) for _ in range(200))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(answers) == {900}
