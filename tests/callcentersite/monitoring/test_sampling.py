"""How large the tables are: estimated at one price, remembered once a day."""

from datetime import date, timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from callcentersite.apps.etl.models import CallRejection
from callcentersite.apps.monitoring import sampling
from callcentersite.apps.monitoring.estimating import estimates, our_aliases, tables
from callcentersite.apps.monitoring.models import TableSample
from callcentersite.apps.monitoring.sampling import DailyDuty, sample
from callcentersite.apps.monitoring.selectors import table_facts
from opsconsole import events
from opsconsole.models import JobRun

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
TODAY = date(2026, 11, 21)


def fill(count):
    now = timezone.now()
    CallRejection.objects.bulk_create(
        CallRejection(call_id=number, reasons=["x"], raw={}, seen_at=now) for number in range(count)
    )
    for alias in our_aliases():
        with connections[alias].cursor() as cursor:
            cursor.execute("ANALYZE")  # what autovacuum does by itself


def test_one_statement_a_database_tells_of_every_table():
    fill(300)
    JobRun.objects.create(operation="run_etl", origin="cli")

    with CaptureQueriesContext(connections["default"]) as asked:
        found = {one.name: one.rows for one in estimates()}

    assert len(asked) == 1
    assert set(found) == {name for name, _home in tables()}
    assert found["call_rejections"] == 300
    assert found["opsconsole_jobrun"] <= 1
    assert found["etl_watermarks"] == 0


def test_a_day_has_one_sample_and_two_months_are_kept(monkeypatch):
    TableSample.objects.create(name="old", day=TODAY - timedelta(days=61), rows=1)
    duty = DailyDuty()
    monkeypatch.setattr(sampling, "duty", duty)
    monkeypatch.setattr(sampling.timezone, "localdate", lambda: TODAY)

    events.send(events.ticked)

    assert TableSample.objects.filter(day=TODAY).count() == len(tables())
    assert not TableSample.objects.filter(name="old").exists()
    assert sample(TODAY) == 0  # another worker's first tick
    with CaptureQueriesContext(connections["default"]) as asked:
        duty(TODAY)
    assert len(asked) == 0


def test_growth_is_told_of_a_table_that_was_never_so_quick():
    fill(900)
    for day in range(1, 6):
        TableSample.objects.create(
            name="call_rejections", day=TODAY - timedelta(days=day), rows=100 - 10 * day
        )

    (told,) = [one for one in table_facts(today=TODAY) if one.name == "call_rejections"]

    assert (told.rows, told.grown_per_day, told.usual_per_day) == (900, 810, 10)
