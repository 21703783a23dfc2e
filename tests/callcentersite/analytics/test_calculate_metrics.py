"""``calculate_metrics`` on a database: counted by hand, and the same from either source."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callcentersite.apps.analytics import daily
from callcentersite.apps.analytics.domain.metrics import Figures
from callcentersite.apps.analytics.domain.periods import InvalidPeriod
from callcentersite.apps.analytics.models import Call, DailyMetrics, Queue, StaleDay
from callcentersite.apps.analytics.services import calculate_metrics

pytestmark = pytest.mark.django_db

ZONE = "America/Mexico_City"
MONDAY, TUESDAY, WEDNESDAY = date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 7)


@pytest.fixture(autouse=True)
def queues():
    Queue.objects.create(code="VENTAS", name="Ventas", segment="nacional_a", sla_seconds=20)
    Queue.objects.create(code="EMPRESAS", name="Empresas", segment="empresas", sla_seconds=10)


def call(started, *, queue="VENTAS", disposition="ANSWERED", wait=15, talk=100, fold=0):
    """A call that begins at this local time."""
    local = datetime.fromisoformat(started).replace(tzinfo=ZoneInfo(ZONE), fold=fold)
    begin = local.astimezone(UTC)
    talk = talk if disposition in ("ANSWERED", "TRANSFERRED") else 0
    return Call.objects.create(
        call_id=Call.objects.count() + 1, queue_code=queue, disposition=disposition, language="es",
        started_at=begin, ended_at=begin + timedelta(seconds=wait + talk),
        duration_s=wait + talk, wait_s=wait, talk_s=talk,
    )  # fmt: skip


@pytest.fixture
def monday():
    """Ten calls: six of Ventas from nine to ten, the others later or of Empresas."""
    call("2026-10-05 09:00:00", wait=5, talk=60)
    call("2026-10-05 09:10:00", wait=20, talk=180)
    call("2026-10-05 09:20:00", wait=21, talk=300, disposition="TRANSFERRED")
    call("2026-10-05 09:30:00", wait=90, disposition="ABANDONED")
    call("2026-10-05 09:40:00", wait=2, disposition="BUSY")
    call("2026-10-05 09:59:59", wait=4, disposition="VOICEMAIL")
    call("2026-10-05 10:00:00", wait=50, talk=500)
    call("2026-10-05 23:59:59", wait=1, disposition="ABANDONED")
    call("2026-10-05 09:15:00", queue="EMPRESAS", wait=10, talk=40)
    call("2026-10-05 09:45:00", queue="EMPRESAS", wait=11, talk=50)


@pytest.fixture
def stored(monday):
    """The sums of Monday as the ETL stores them; the calls are gone, so only the sums can tell."""
    daily.rebuild([MONDAY], zone=ZONE)
    Call.objects.all().delete()


WHOLE_MONDAY = Figures(
    offered=10, answered=6, abandoned=2, within_sla=3,
    wait_sum_s=117, wait_max_s=50, talk_sum_s=1_130, talk_max_s=500,
)  # fmt: skip


def test_a_day_counted_by_hand(stored):
    metrics = calculate_metrics(start=MONDAY, end=TUESDAY)

    (day,) = metrics.intervals
    assert day.figures == WHOLE_MONDAY
    assert day.figures.abandonment_rate == 0.2
    assert day.figures.service_level == 0.3
    assert day.figures.average_speed_of_answer_s == 19.5
    assert day.figures.average_handle_time_s == pytest.approx(188.333, abs=0.001)
    assert str(day.start) == "2026-10-05 00:00:00-06:00"
    assert str(day.end) == "2026-10-06 00:00:00-06:00"


def test_an_hour_counted_by_hand(monday):
    metrics = calculate_metrics(
        start=datetime(2026, 10, 5, 9), end=datetime(2026, 10, 5, 10), interval="hour"
    )

    assert metrics.totals == Figures(
        offered=8, answered=5, abandoned=1, within_sla=3,
        wait_sum_s=67, wait_max_s=21, talk_sum_s=630, talk_max_s=300,
    )  # fmt: skip


def test_each_queue_has_its_own_service_level(monday):
    """Ten seconds are in time for Empresas, eleven are not."""
    metrics = calculate_metrics(start=MONDAY, end=TUESDAY, queue="EMPRESAS", interval="hour")

    assert metrics.totals.offered == 2
    assert metrics.totals.within_sla == 1
    assert metrics.totals.service_level == 0.5


def test_one_queue_from_the_stored_sums(stored):
    metrics = calculate_metrics(start=MONDAY, end=TUESDAY, queue=" empresas")

    assert metrics.queue == "EMPRESAS"
    assert metrics.totals == Figures(
        offered=2, answered=2, abandoned=0, within_sla=1,
        wait_sum_s=21, wait_max_s=11, talk_sum_s=90, talk_max_s=50,
    )  # fmt: skip


def test_hours_of_a_day_add_up_to_the_day(monday):
    hours = calculate_metrics(start=MONDAY, end=TUESDAY, interval="hour")

    assert len(hours.intervals) == 24
    assert [i.start.hour for i in hours.intervals if i.figures.offered] == [9, 10, 23]
    assert hours.totals == WHOLE_MONDAY


def test_an_interval_without_calls_is_there_and_empty(stored):
    metrics = calculate_metrics(start=MONDAY, end=date(2026, 10, 8))

    assert [interval.figures.offered for interval in metrics.intervals] == [10, 0, 0]


def test_a_day_whose_sums_are_due_is_counted_from_its_calls(stored):
    call("2026-10-06 12:00:00")
    daily.mark_stale([TUESDAY])

    metrics = calculate_metrics(start=MONDAY, end=WEDNESDAY)

    assert [interval.figures.offered for interval in metrics.intervals] == [10, 1]


def test_a_stale_day_that_lost_its_calls_shows_none(stored):
    StaleDay.objects.create(day=MONDAY)

    metrics = calculate_metrics(start=MONDAY, end=TUESDAY)

    assert DailyMetrics.objects.count() == 2
    assert metrics.totals == Figures()


def test_part_of_a_day_is_counted_from_the_calls(monday):
    metrics = calculate_metrics(start=datetime(2026, 10, 5, 9, 30), end=TUESDAY)

    assert [interval.figures.offered for interval in metrics.intervals] == [6]


def test_the_hour_that_comes_twice_is_two_hours():
    call("2022-10-30 01:30:00", fold=0)
    call("2022-10-30 01:30:00", fold=1)
    call("2022-10-30 01:45:00", fold=1)

    metrics = calculate_metrics(start=date(2022, 10, 30), end=date(2022, 10, 31), interval="hour")

    assert len(metrics.intervals) == 25
    assert [
        (f"{interval.start:%H:%M%z}", interval.figures.offered)
        for interval in metrics.intervals[:4]
    ] == [("00:00-0500", 0), ("01:00-0500", 1), ("01:00-0600", 2), ("02:00-0600", 0)]


def test_a_day_of_25_hours_holds_all_its_calls():
    call("2022-10-30 00:00:00")
    call("2022-10-30 23:59:59")
    call("2022-10-31 00:00:00")

    part = calculate_metrics(start=datetime(2022, 10, 29, 12), end=date(2022, 11, 1))
    daily.rebuild([date(2022, 10, 30), date(2022, 10, 31)], zone=ZONE)
    whole = calculate_metrics(start=date(2022, 10, 29), end=date(2022, 11, 1))

    assert [interval.figures.offered for interval in part.intervals] == [0, 2, 1]
    assert [interval.figures.offered for interval in whole.intervals] == [0, 2, 1]


def test_a_call_of_a_forgotten_queue_is_answered_but_never_in_time():
    call("2026-10-05 09:00:00", queue="DESAPARECIDA", wait=1)
    daily.rebuild([MONDAY], zone=ZONE)

    for interval in ("day", "hour"):
        totals = calculate_metrics(start=MONDAY, end=TUESDAY, interval=interval).totals
        assert (totals.offered, totals.answered, totals.within_sla) == (1, 1, 0)


def test_the_period_is_half_open(monday):
    call("2026-10-06 00:00:00")

    assert calculate_metrics(start=MONDAY, end=TUESDAY, interval="hour").totals.offered == 10


@pytest.mark.parametrize(
    ("interval", "queries"), [("day", 3), ("hour", 4)], ids=["stored sums", "calls"]
)
def test_it_takes_few_queries_however_long_the_period(monday, interval, queries):
    with CaptureQueriesContext(connection) as captured:
        calculate_metrics(
            start=date(2026, 1, 1), end=date(2026, 12, 31), queue="VENTAS", interval=interval
        )

    assert len(captured) == queries


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"end": MONDAY}, "antes de empezar"),
        ({"queue": "VENTSA"}, "No existe la cola «VENTSA»"),
        ({"interval": "week"}, "no «week»"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(options, sentence):
    with pytest.raises(InvalidPeriod, match=sentence):
        calculate_metrics(**({"start": MONDAY, "end": TUESDAY} | options))
