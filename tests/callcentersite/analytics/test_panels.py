"""The card of the home page that shows the calls of the last thirty days."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from callcentersite.apps.analytics.models import DailyMetrics, Queue

pytestmark = pytest.mark.django_db(databases=["default", "ops"])


@pytest.fixture
def reader(client, django_user_model):
    user = django_user_model.objects.create_user("lectora", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_dailymetrics"))
    client.force_login(user)
    return client


def day(days_ago, **sums):
    zeros = {"wait_sum_s": 0, "wait_max_s": 0, "talk_sum_s": 0, "talk_max_s": 0}
    DailyMetrics.objects.create(
        day=timezone.localdate() - timedelta(days=days_ago), queue="NA_VENTAS", **zeros, **sums
    )


@pytest.fixture
def two_days(db):
    Queue.objects.create(code="NA_VENTAS", name="Ventas", segment="norte")
    day(0, offered=1_200, answered=1_000, abandoned=100, within_sla=900)
    day(29, offered=800, answered=600, abandoned=60, within_sla=500)
    day(30, offered=9_999, answered=0, abandoned=0, within_sla=0)


def test_it_draws_a_bar_a_day_and_says_the_same_in_a_table(reader, two_days):
    html = reader.get("/admin/").content.decode().replace("\xa0", " ")

    assert "Llamadas cargadas por día, 30 días" in html
    assert html.count("<g><title>") == 30
    assert '<td class="n">1 200</td><td class="n">75,0 %</td><td class="n">8,3 %</td>' in html


def test_its_rates_are_those_of_all_thirty_days(reader, two_days):
    html = reader.get("/admin/").content.decode().replace("\xa0", " ")

    assert "nivel de servicio 30 días <b>70,0 %</b>" in html
    assert "abandono <b>8,0 %</b>" in html
    assert "2 000 llamadas" in html


def test_without_calls_it_says_when_there_will_be_some(reader):
    assert "Todavía no hay llamadas en estos días" in reader.get("/admin/").content.decode()


def test_it_is_for_whoever_may_see_the_metrics(client, django_user_model, two_days):
    client.force_login(django_user_model.objects.create_user("otra", is_staff=True))

    assert "Llamadas cargadas" not in client.get("/admin/").content.decode()
