"""The lists and pages of calls, queues, agents and daily sums: readable, and only that."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentersite.apps.analytics.models import Agent, Call, DailyMetrics, Queue

pytestmark = pytest.mark.django_db(databases="__all__")

MODELS = {
    "call": Call, "queue": Queue, "agent": Agent, "dailymetrics": DailyMetrics,
}  # fmt: skip


@pytest.fixture
def rows():
    """A row of each, and a second call on the day before."""
    Queue.objects.create(code="VENTAS", name="Ventas", segment="puebla")
    Agent.objects.create(code="A001", name="Xóchitl Núñez")
    DailyMetrics.objects.create(
        day=date(2026, 10, 5), queue="VENTAS", offered=8, answered=6, abandoned=1, within_sla=5,
        wait_sum_s=75, wait_max_s=30, talk_sum_s=1_203, talk_max_s=400,
    )  # fmt: skip
    for number, day in ((71, 5), (72, 4)):
        begin = datetime(2026, 10, day, 15, tzinfo=UTC)
        Call.objects.create(
            call_id=number, ani="+525512345678", queue_code="VENTAS", disposition="ANSWERED",
            language="es", started_at=begin, ended_at=begin + timedelta(seconds=60),
            duration_s=60, wait_s=10, talk_s=50,
        )  # fmt: skip


@pytest.fixture
def reader(client, django_user_model):
    """Somebody of the staff who may look at everything here and do nothing else."""
    user = django_user_model.objects.create_user("lectora", password="x", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="analytics", codename__startswith="view")
    )
    client.force_login(user)
    return client


def page_of(model, kind, *args):
    return reverse(f"admin:analytics_{model}_{kind}", args=args)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_a_reader_opens_the_list_and_the_page_of_a_row(rows, reader, model):
    row = MODELS[model].objects.first()

    assert str(row.pk) in text(reader.get(page_of(model, "changelist")))
    assert "_save" not in text(reader.get(page_of(model, "change", row.pk)))


@pytest.mark.parametrize("model", MODELS)
def test_not_even_a_superuser_adds_changes_or_deletes(rows, admin_client, model):
    row = MODELS[model].objects.first()
    before = MODELS[model].objects.count()

    selected = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}

    answers = [
        admin_client.get(page_of(model, "add")),
        admin_client.post(page_of(model, "change", row.pk), {"name": "otro"}),
        admin_client.post(page_of(model, "delete", row.pk), {"post": "yes"}),
    ]
    admin_client.post(page_of(model, "changelist"), selected)

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert MODELS[model].objects.count() == before


@pytest.mark.parametrize("model", MODELS)
def test_without_the_right_to_look_there_is_nothing_to_see(rows, client, django_user_model, model):
    client.force_login(django_user_model.objects.create_user("nadie", is_staff=True))

    assert client.get(page_of(model, "changelist")).status_code == 403


def test_the_list_of_calls_hides_most_of_the_callers_number(rows, admin_client):
    page = text(admin_client.get(page_of("call", "changelist")))

    assert "••••5678" in page
    assert "+525512345678" not in page


def test_the_number_of_a_call_is_not_grouped(rows, admin_client):
    Call.objects.filter(pk=71).update(call_id=3_000_049_918)

    assert ">3000049918<" in text(admin_client.get(page_of("call", "changelist")))


def test_the_page_of_a_call_shows_it_all(rows, admin_client):
    assert "+525512345678" in text(admin_client.get(page_of("call", "change", 71)))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [71, 72]), ("q=72", [72]), ("q=7,2", [72]),
        ("q=7", []), ("q=nadie", []), ("q=9" + "9" * 30, []),
        ("queue=VENTAS", [71, 72]), ("queue=OTRA", []), ("disposition__exact=ANSWERED", [71, 72]),
        ("disposition__exact=BUSY", []), ("day=2026-10-04", [72]), ("day=today", [71]),
        ("day=week", [71, 72]), ("day=ayer", []),
    ],
)  # fmt: skip
def test_calls_are_found_by_number_queue_ending_and_day(rows, admin_client, query, found):
    response = admin_client.get(f"{page_of('call', 'changelist')}?{query}")

    assert [call.pk for call in response.context["cl"].result_list] == found


def test_the_list_of_calls_never_counts_them_all(rows, admin_client):
    with CaptureQueriesContext(connection) as captured:
        admin_client.get(page_of("call", "changelist"))

    counting = [q["sql"] for q in captured if "COUNT(" in q["sql"] and "calls" in q["sql"]]
    assert counting != []
    assert all("LIMIT 10001" in sql for sql in counting)


def test_daily_sums_show_their_rates(rows, admin_client):
    row = DailyMetrics.objects.get()

    page = text(admin_client.get(page_of("dailymetrics", "change", row.pk)))

    assert "62,5 %" in page  # service level, 5 of 8
    assert "12,5 %" in page  # abandonment, 1 of 8
    assert "200,5" in page  # handle time, 1 203 s over 6 calls


def test_a_day_without_answered_calls_has_no_means(rows, admin_client):
    DailyMetrics.objects.update(offered=1, answered=0, within_sla=0, wait_sum_s=0, talk_sum_s=0)
    row = DailyMetrics.objects.get()

    page = text(admin_client.get(page_of("dailymetrics", "change", row.pk)))

    assert page.count('<div class="readonly">–</div>') == 2
