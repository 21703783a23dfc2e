"""``integraciones.api_timeout``: a request works so long and no longer."""

import threading
import time

import pytest
from django.db import connection, connections, transaction
from django.test import RequestFactory

from callcentersite.apps.integrations import deadline as deadlines
from callcentersite.apps.integrations.answers import Answer
from callcentersite.apps.integrations.api import api_view
from callcentersite.apps.integrations.deadline import TimeUp, deadline, lifted
from opsconsole.models import JobRun

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

ENDLESS = {
    "postgresql": "SELECT pg_sleep(20)",
    "sqlite": """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
        SELECT max(i) FROM (SELECT i FROM n LIMIT 1000000000)""",
}


def work_long(alias):
    with connections[alias].cursor() as cursor:
        cursor.execute(ENDLESS[connections[alias].vendor])


def limits_of(alias):
    """What the connection has of its own."""
    with connections[alias].cursor() as cursor:
        if connections[alias].vendor == "postgresql":
            cursor.execute("SHOW statement_timeout")
        else:
            cursor.execute("PRAGMA busy_timeout")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("alias", ["default", "ops"])
def test_a_request_that_works_too_long_is_broken_off_and_says_so(ask, change, alias):
    change("integraciones.api_timeout", "1")
    usual = limits_of(alias)

    @api_view("GET")
    def slow(call):
        work_long(alias)
        return Answer(data={})

    request = RequestFactory().get("/api/x/", headers={"Authorization": f"Bearer {ask.token}"})
    begun = time.monotonic()
    answer = slow(request)

    assert time.monotonic() - begun < 15  # the statement takes longer
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "El plazo configurado es de 1 segundos." in answer.content.decode()
    assert limits_of(alias) == usual


def test_many_short_statements_are_too_long_as_well(api_db):
    with pytest.raises(TimeUp), deadline(1):
        while True:
            JobRun.objects.count()
            time.sleep(0.05)


def test_waiting_for_a_lock_counts(ask):
    holding, release = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("LOCK TABLE api_clients IN ACCESS EXCLUSIVE MODE")
                else:
                    cursor.execute("UPDATE api_clients SET nombre = nombre")
            holding.set()
            release.wait(60)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert holding.wait(30)
    begun = time.monotonic()
    with pytest.raises(TimeUp), deadline(1), connection.cursor() as cursor:
        cursor.execute("UPDATE api_clients SET nombre = nombre")
    waited = time.monotonic() - begun
    release.set()
    thread.join()

    assert waited < 30  # the other holds it for longer


def test_what_is_being_written_is_finished(api_db, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(deadlines, "clock", lambda: now[0])

    with deadline(1):
        with lifted():
            now[0] = 2.0
            assert JobRun.objects.count() == 0
        with pytest.raises(TimeUp):
            JobRun.objects.count()
        with pytest.raises(TimeUp), lifted():
            pass


def test_a_broken_transaction_is_left_as_it_was(api_db):
    usual = limits_of("default")

    with pytest.raises(TimeUp), deadline(1), transaction.atomic():
        work_long("default")

    assert limits_of("default") == usual
    assert JobRun.objects.count() == 0


def test_a_bug_is_told_in_json_and_kept_in_the_log(ask, caplog):
    @api_view("GET")
    def broken(call):
        raise RuntimeError("nobody foresaw this")

    request = RequestFactory().get("/api/x/", headers={"Authorization": f"Bearer {ask.token}"})
    answer = broken(request)

    assert answer.status_code == 500
    assert "Algo falló de nuestro lado." in answer.content.decode()
    assert "nobody foresaw this" not in answer.content.decode()
    assert "nobody foresaw this" in caplog.text
