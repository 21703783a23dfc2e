"""The figures over the API: true, refused in words, and quick whatever the range."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from jsonschema import Draft202012Validator

from callcentersite.apps.analytics.models import Call, ClosedDay, DailyMetrics, Queue
from callcentersite.apps.common.measuring.calling import EndpointCall
from callcentersite.apps.common.measuring.domain import findings
from callcentersite.apps.common.measuring.domain.report import Subject
from callcentersite.apps.common.measuring.measure import measure
from callcentersite.apps.common.profiling.gate import profiling_is_on
from callcentersite.apps.integrations.domain import scopes
from tests.callcentersite.integrations.conftest import (  # noqa: F401
    Asker,
    account,
    admin,
    allow,
    api_db,
    ask,
    change,
    engine_db,
    make_client,
    quick_beats,
    said,
    test_operations,
)
from tests.doors.content import changed, content

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
DASHBOARD, REPORTS = "/api/dashboard/", "/api/reports/"
ANALYTICS = "/api/reports/call-analytics/"
FIRST = date(2026, 10, 1)


@pytest.fixture
def metrics(account):  # noqa: F811
    """Ten answered calls a day for a year, of one queue; and the right to see them."""
    Queue.objects.create(code="VENTAS", name="Ventas", sla_seconds=20)
    DailyMetrics.objects.bulk_create(
        DailyMetrics(
            day=day, queue="VENTAS", offered=10, answered=8, abandoned=2, within_sla=6,
            wait_sum_s=80, wait_max_s=30, talk_sum_s=800, talk_max_s=200,
        )
        for day in (FIRST - timedelta(days=n) for n in range(366))
    )  # fmt: skip
    allow(account, "view_dailymetrics")


def test_the_dashboard_has_the_last_thirty_days(ask, metrics):  # noqa: F811
    today = timezone.localdate()
    DailyMetrics.objects.create(
        day=today, queue="VENTAS", offered=3, answered=3, abandoned=0, within_sla=3,
        wait_sum_s=0, wait_max_s=0, talk_sum_s=0, talk_max_s=0,
    )  # fmt: skip

    data = ask.get(DASHBOARD).json()

    assert len(data["days"]) == 30
    assert data["days"][-1] == {"date": str(today), "offered": 3}
    assert data["today"]["service_level"] == 1.0


def test_a_report_has_its_days_both_ends_included(ask, metrics):  # noqa: F811
    answer = ask.get(f"{REPORTS}?start_date=2026-09-01&end_date=2026-09-30")

    data = answer.json()
    assert answer.status_code == 200
    assert len(data["intervals"]) == 30
    assert data["totals"]["offered"] == 300
    assert data["totals"]["abandonment_rate"] == 0.2
    assert data["totals"]["average_handle_time_s"] == 100
    assert data["start"].startswith("2026-09-01T00:00:00")


def test_the_guides_example_gives_only_the_beginning(ask, metrics):  # noqa: F811
    start = timezone.localdate() - timedelta(days=3)

    assert len(ask.get(f"{REPORTS}?start_date={start}").json()["intervals"]) == 4


def test_call_analytics_by_hour_counts_the_calls(ask, metrics):  # noqa: F811
    at = datetime(2026, 10, 5, 15, 30, tzinfo=UTC)
    Call.objects.create(
        call_id=1, queue_code="VENTAS", started_at=at, ended_at=at, duration_s=0, wait_s=5,
        talk_s=0, disposition="ANSWERED",
    )  # fmt: skip

    period = {"date_from": "2026-10-05", "date_to": "2026-10-05", "interval": "hour"}
    data = ask.post(ANALYTICS, period).json()

    assert len(data["intervals"]) == 24
    assert [one["offered"] for one in data["intervals"]].count(1) == 1
    assert data["totals"]["service_level"] == 1.0

    ClosedDay.objects.create(day="2026-10-05")
    refused = ask.post(ANALYTICS, period)
    assert refused.status_code == 400
    assert "Pida días enteros" in str(refused.json())


def test_one_queue_alone(ask, metrics):  # noqa: F811
    address = f"{REPORTS}?start_date=2026-09-01&end_date=2026-09-01&queue=ventas"

    assert ask.get(address).json()["queue"] == "VENTAS"


WRONG = {
    "no date": ("start_date=ayer", "start_date"),
    "a day that is not": ("start_date=2026-02-30", "start_date"),
    "the end before the beginning": ("start_date=2026-02-02&end_date=2026-02-01", "end_date"),
    "too long": ("start_date=1990-01-01&end_date=2026-01-01", "end_date"),
    "no such queue": ("queue=NO_HAY", "queue"),
    "an unknown field": ("hasta=2026-01-01", "hasta"),
}


@pytest.mark.parametrize(("query", "field"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_by_field(query, field, ask, metrics):  # noqa: F811
    answer = ask.get(f"{REPORTS}?{query}")

    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [field]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"date_from": "2026-01-01"}, "date_to"),
        ({"date_from": "2026-01-01", "date_to": 7}, "date_to"),
        ({"date_from": "2026-01-01", "date_to": "2026-01-02", "interval": "week"}, "interval"),
        ({"date_from": "2026-01-01", "date_to": "2026-03-02", "interval": "hour"}, "date_to"),
        ({"date_from": "2026-01-01", "date_to": "2026-01-02", "x": "1"}, "x"),
    ],
)
def test_a_wrong_body_is_told_by_field(body, field, ask, metrics):  # noqa: F811
    answer = ask.post(ANALYTICS, body)

    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [field]


def test_the_account_needs_the_right(ask):  # noqa: F811
    answer = ask.get(DASHBOARD)

    assert answer.status_code == 403
    assert "analytics.view_dailymetrics" in said(answer)


def test_and_the_client_the_scope(make_client, metrics):  # noqa: F811
    _client, token = make_client(scopes=[scopes.LAUNCH])

    assert Asker(token).get(DASHBOARD).status_code == 403


def test_without_a_token_nothing(api_db, client):  # noqa: F811
    assert client.get(DASHBOARD).status_code == 401
    assert client.post(ANALYTICS, {}, "application/json").status_code == 401


def test_the_pace_is_the_configured_one(ask, metrics, change):  # noqa: F811
    change("integraciones.api_rate_limit", "2")

    assert [ask.get(DASHBOARD).status_code for _n in range(3)] == [200, 200, 429]


def test_what_has_not_changed_is_not_sent_again(ask, metrics):  # noqa: F811
    address = f"{REPORTS}?start_date=2026-09-01&end_date=2026-09-30"
    first = ask.get(address)

    again = ask.get(address, If_None_Match=first["ETag"])

    assert (again.status_code, again.content) == (304, b"")


def test_the_number_of_queries_does_not_depend_on_the_range(ask, metrics):  # noqa: F811
    counts = []
    for start in ("2026-09-30", "2026-09-01", "2025-10-01"):
        ask.get(f"{REPORTS}?start_date={start}&end_date=2026-09-30")  # what is read only once
        with CaptureQueriesContext(connection) as queries:
            assert ask.get(f"{REPORTS}?start_date={start}&end_date=2026-09-30").status_code == 200
        counts.append(len(queries))
        assert not any(f'"{Call._meta.db_table}"' in query["sql"] for query in queries)

    assert counts[0] == counts[1] == counts[2] <= 10


def test_the_description_names_what_the_forms_take(ask):  # noqa: F811
    paths = ask.get("/api/openapi.json").json()["paths"]

    assert sorted(paths) == [DASHBOARD, REPORTS, ANALYTICS]
    names = [one["name"] for one in paths[REPORTS]["get"]["parameters"]]
    assert names == ["queue", "start_date", "end_date"]
    body = paths[ANALYTICS]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["required"] == ["date_from", "date_to"]
    assert body["properties"]["date_from"]["format"] == "date"


def test_what_is_answered_is_what_the_description_says(ask, metrics, client):  # noqa: F811
    document = ask.get("/api/openapi.json").json()
    days = {"date_from": "2026-09-01", "date_to": "2026-09-02"}
    answers = {
        (DASHBOARD, "get"): [ask.get(DASHBOARD), client.get(DASHBOARD)],
        (REPORTS, "get"): [
            ask.get(f"{REPORTS}?start_date=2026-09-30"),
            ask.get(f"{REPORTS}?start_date=ayer"),
        ],
        (ANALYTICS, "post"): [
            ask.post(ANALYTICS, days),
            ask.post(ANALYTICS, days | {"interval": "hour"}),
            ask.post(ANALYTICS, {}),
            ask.post(ANALYTICS, "x", content_type="text/plain"),
            ask.post(ANALYTICS, "x" * 100_000),
        ],
    }

    statuses = set()
    for (path, verb), given in answers.items():
        described = document["paths"][path][verb]["responses"]
        for answer in given:
            schema = described[str(answer.status_code)]["content"]["application/json"]["schema"]
            whole = schema | {"components": document["components"]}
            Draft202012Validator(whole).validate(answer.json())
            statuses.add(answer.status_code)
    assert statuses == {200, 400, 401, 413, 415}


@pytest.mark.parametrize(
    ("address", "method", "params"),
    [
        (DASHBOARD, "GET", {}),
        (REPORTS, "GET", {"start_date": "2026-09-01"}),
        (ANALYTICS, "POST", {"date_from": "2026-09-01", "date_to": "2026-09-30"}),
    ],
)
def test_the_guides_examples_can_be_profiled(
    address,
    method,
    params,
    admin,  # noqa: F811
    metrics,
    monkeypatch,
):
    monkeypatch.setattr(findings, "SLOW_QUERY_MS", 3_600_000)  # whatever else the machine does
    before = content()
    assert not profiling_is_on()  # asked outside of a transaction, as the operation does
    call = EndpointCall(address, method=method, params=params, account=admin)

    report = measure(call, Subject(kind="endpoint", target=address), iterations=2).report

    assert report.answer == "200"
    assert report.findings == ()
    assert changed(before, content()) == []


def test_the_guides_command_as_typed(admin, metrics, change):  # noqa: F811
    change("sistema.enable_profiling", "true")
    out = StringIO()

    call_command("profile_code", "--endpoint=/api/dashboard/", "--method=GET", stdout=out)

    assert out.getvalue().startswith("Profiling endpoint: /api/dashboard/ (GET)\nIterations: 10\n")
    assert "Answer: 200" in out.getvalue()
