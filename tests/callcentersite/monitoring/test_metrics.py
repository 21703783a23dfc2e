"""``/metrics``: closed unless somebody opened it; figures, and nothing personal."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from axes.models import AccessAttempt
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from opsconsole.models import Canary

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
TOKEN = "una-ficha-larga-de-prueba"


@pytest.fixture
def token(settings):
    settings.METRICS_TOKEN = TOKEN


def scrape(client, *, token="", address="203.0.113.9"):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return client.get("/metrics", headers=headers, REMOTE_ADDR=address)


def samples(response):
    families = text_string_to_metric_families(response.content.decode())
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


def test_nobody_reads_it_until_somebody_says_who_may(healthy, client, admin_client):
    assert scrape(client, token="x").status_code == 403
    assert scrape(client, address="127.0.0.1").status_code == 403
    # Not even by being logged in: it is for programs.
    assert scrape(admin_client).status_code == 403


@pytest.mark.parametrize("given", ["", "otra", TOKEN[:-1], TOKEN + "x", "ñandú"])
def test_a_wrong_token_is_refused_without_a_word(healthy, client, token, given):
    response = scrape(client, token=given)

    assert (response.status_code, response.content) == (401, b"")
    assert response["WWW-Authenticate"] == "Bearer"


def test_the_token_or_the_network_opens_it(healthy, client, settings, token):
    settings.METRICS_NETWORKS = [ip_network("10.0.0.0/8"), ip_network("::1")]

    assert scrape(client, token=TOKEN).status_code == 200
    assert scrape(client, address="10.9.8.7").status_code == 200
    assert scrape(client, address="::1").status_code == 200
    assert scrape(client, address="11.0.0.1").status_code == 401
    # What anybody can write opens nothing.
    forged = client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"}, REMOTE_ADDR="1.2.3.4")
    assert forged.status_code == 401


def test_it_tells_the_figures_and_nothing_personal(healthy, client, token):
    AccessAttempt.objects.create(username="ana.p", ip_address="10.0.0.1", failures_since_start=7)
    Canary.objects.update(sung_at=timezone.now() - timedelta(minutes=5))

    response = scrape(client, token=TOKEN)
    found = samples(response)

    assert response["Content-Type"].startswith("text/plain; version=")
    assert (found[("console_health_score",)], found[("console_health_state",)]) == (80, 2)
    assert found[("console_part_state", "canary")] == 2
    assert found[("console_part_state", "queue")] == 0
    assert 299 < found[("console_canary_age_seconds",)] < 310
    assert found[("console_etl_rejected_ratio",)] == 0.05
    assert found[("console_disk_used_ratio", "data")] == 0.4
    assert found[("console_logins_failed_last_day",)] == 7
    assert ("console_table_rows", "opsconsole_jobrun") in found
    assert b"ana.p" not in response.content
    assert b"10.0.0.1" not in response.content


def test_scraping_often_asks_the_databases_once_in_ten_seconds(
    healthy, client, token, django_assert_num_queries
):
    scrape(client, token=TOKEN)

    with django_assert_num_queries(0):
        scrape(client, token=TOKEN)


def test_it_is_only_to_be_read(healthy, client, token):
    assert client.post("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 405
