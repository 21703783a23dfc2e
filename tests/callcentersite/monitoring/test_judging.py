"""When each part turns yellow and red, and what comes of all of them; no database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from callcentersite.apps.monitoring.domain.facts import (
    DiskFacts,
    Facts,
    Load,
    PeopleFacts,
    QueueFacts,
    RunFacts,
    ScheduleFacts,
    TableFacts,
)
from callcentersite.apps.monitoring.domain.health import JUDGES, judge
from callcentersite.apps.monitoring.domain.history import Growth, growth
from callcentersite.apps.monitoring.domain.parts import WEIGHTS, Key, Why
from callcentersite.apps.monitoring.domain.states import State
from callcentersite.apps.monitoring.doors import DOORS
from callcentersite.apps.monitoring.wording.reasons import SENTENCES
from callcentersite.apps.monitoring.wording.remedies import REMEDIES
from callcentersite.apps.monitoring.wording.summaries import SUMMARIES
from callcentersite.apps.monitoring.wording.titles import TITLES

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORKING = QueueFacts(clusters=1, workers=2, canary_age_seconds=12.0)


def loads(*shares, every=HOUR, age=HOUR / 2, read=1_000):
    """Whole loads, the newest first, each with its share of rejected rows."""
    return tuple(
        Load(ended_at=NOW - age - number * every, read=read, rejected=round(read * share))
        for number, share in enumerate(shares)
    )


HEALTHY = Facts(
    taken_at=NOW,
    period_hours=24,
    queue=WORKING,
    loads=loads(*[0.05] * 11),
    runs=RunFacts(runs=20, failed=1),
    schedules=ScheduleFacts(active=3),
    disks=(DiskFacts(place="data", total_bytes=1_000, free_bytes=500),),
    tables=(TableFacts(name="calls", rows=10**7, grown_per_day=50_000, usual_per_day=48_000),),
)


def queue(**changes):
    return {"queue": replace(WORKING, **changes)}


def disk(free):
    return {"disks": (DiskFacts(place="media", total_bytes=1_000, free_bytes=free),)}


def table(grown, usual):
    return {"tables": (TableFacts(name="t", rows=1, grown_per_day=grown, usual_per_day=usual),)}


def behind(seconds):
    return {"schedules": ScheduleFacts(overdue=1, longest_overdue_seconds=seconds)}


CASES = [
    (Key.CANARY, queue(canary_late=True, canary_age_seconds=101), "CRITICAL"),
    (Key.CANARY, queue(canary_late=True, all_busy=True), "WARNING"),
    (Key.CANARY, queue(canary_age_seconds=None), "UNKNOWN"),
    (Key.WORKERS, queue(workers=0), "CRITICAL"),
    (Key.WORKERS, queue(stopping=True), "WARNING"),
    (Key.QUEUE, queue(waiting=3, oldest_wait_seconds=299), "OK"),
    (Key.QUEUE, queue(waiting=3, oldest_wait_seconds=300), "WARNING"),
    (Key.QUEUE, queue(waiting=3, oldest_wait_seconds=1_800), "CRITICAL"),
    (Key.QUEUE, queue(waiting=1_000), "CRITICAL"),
    (Key.FRESHNESS, {"loads": ()}, "WARNING"),
    # Hourly: twice an hour and a quarter, four times an hour and a quarter.
    (Key.FRESHNESS, {"loads": loads(*[0.0] * 11, age=2.2 * HOUR)}, "OK"),
    (Key.FRESHNESS, {"loads": loads(*[0.0] * 11, age=2.3 * HOUR)}, "WARNING"),
    (Key.FRESHNESS, {"loads": loads(*[0.0] * 11, age=4.3 * HOUR)}, "CRITICAL"),
    # Weekly: a day without a load is nothing unusual.
    (Key.FRESHNESS, {"loads": loads(*[0.0] * 11, every=168 * HOUR, age=24 * HOUR)}, "OK"),
    # By hand, a minute apart, an hour ago: nobody promised one a minute.
    (Key.FRESHNESS, {"loads": loads(*[0.0] * 11, every=HOUR / 60, age=HOUR)}, "OK"),
    # Too few to say what is usual: daily is assumed.
    (Key.FRESHNESS, {"loads": loads(0.0, 0.0, age=47 * HOUR)}, "OK"),
    (Key.FRESHNESS, {"loads": loads(0.0, 0.0, age=49 * HOUR)}, "WARNING"),
    (Key.REJECTIONS, {"loads": loads(0.09, *[0.05] * 10)}, "OK"),
    (Key.REJECTIONS, {"loads": loads(0.10, *[0.05] * 10)}, "WARNING"),
    (Key.REJECTIONS, {"loads": loads(0.20, *[0.05] * 10)}, "CRITICAL"),
    # A few more of next to none are no news.
    (Key.REJECTIONS, {"loads": loads(0.015, *[0.0] * 10)}, "OK"),
    # One bad day among the ten before does not change what is usual.
    (Key.REJECTIONS, {"loads": loads(0.20, 0.9, *[0.05] * 9)}, "CRITICAL"),
    (Key.REJECTIONS, {"loads": loads(0.19, 0.0)}, "OK"),
    (Key.REJECTIONS, {"loads": loads(0.50, 0.0)}, "CRITICAL"),
    (Key.REJECTIONS, {"loads": loads(1.0, read=99)}, "UNKNOWN"),
    (Key.RUNS, {"runs": RunFacts(runs=9, failed=5)}, "OK"),
    (Key.RUNS, {"runs": RunFacts(runs=9, failed=1, broken=("run_etl",))}, "WARNING"),
    (Key.RUNS, {"runs": RunFacts(runs=9, failed=3, broken=("a", "b", "c"))}, "CRITICAL"),
    (Key.RUNS, {"runs": RunFacts(runs=9, lost=1, still_lost=1)}, "WARNING"),
    (Key.SCHEDULES, behind(300), "WARNING"),
    (Key.SCHEDULES, behind(3_600), "CRITICAL"),
    (Key.SCHEDULES, {"schedules": ScheduleFacts(missed=1, still_missed=1)}, "WARNING"),
    (Key.SCHEDULES, {"schedules": ScheduleFacts(missed=3, still_missed=3)}, "CRITICAL"),
    (Key.DISK, disk(151), "OK"),
    (Key.DISK, disk(149), "WARNING"),
    (Key.DISK, disk(49), "CRITICAL"),
    (Key.GROWTH, table(300_000, 100_000), "OK"),
    (Key.GROWTH, table(500_000, 100_000), "WARNING"),
    (Key.GROWTH, table(2_000_000, 100_000), "CRITICAL"),
    # From ten rows a day to a thousand is a hundred times as much, and nothing.
    (Key.GROWTH, table(1_000, 10), "OK"),
    (Key.GROWTH, table(9_000_000, None), "OK"),
    (Key.MESSAGES, {"people": PeopleFacts(unread=1)}, "WARNING"),
    (Key.MESSAGES, {"people": PeopleFacts(unread=10)}, "CRITICAL"),
    (Key.LOGINS, {"people": PeopleFacts(failed_logins=99, locked=2)}, "OK"),
    (Key.LOGINS, {"people": PeopleFacts(failed_logins=100)}, "WARNING"),
    (Key.LOGINS, {"people": PeopleFacts(failed_logins=600), "period_hours": 168}, "OK"),
    (Key.LOGINS, {"people": PeopleFacts(failed_logins=100), "period_hours": 1}, "WARNING"),
    (Key.LOGINS, {"people": PeopleFacts(locked=20)}, "CRITICAL"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "changes", "state"), CASES)
def test_each_part_has_its_marks(key, changes, state):
    part = JUDGES[key](replace(HEALTHY, **changes))

    assert part.state.value == state
    assert bool(part.reasons) is (state != "OK")


def test_every_part_can_turn_yellow_or_red():
    assert {key for key, _changes, state in CASES if state in ("WARNING", "CRITICAL")} == set(Key)
    assert list(JUDGES) == list(WEIGHTS) == list(Key)


def test_the_weights_are_a_hundred_and_all_well_is_a_hundred():
    health = judge(HEALTHY)

    assert sum(WEIGHTS.values()) == 100
    assert (health.score, health.state, health.exit_code) == (100, State.OK, 0)
    assert health.troubles == ()


def test_a_warning_costs_half_of_its_weight_and_a_critical_part_all_of_it():
    warned = judge(replace(HEALTHY, **disk(149)))
    failed = judge(replace(HEALTHY, **queue(canary_late=True)))

    assert (warned.score, warned.state, warned.exit_code) == (95, State.WARNING, 1)
    assert (failed.score, failed.state, failed.exit_code) == (80, State.CRITICAL, 2)


def test_what_cannot_be_judged_counts_for_nothing():
    health = judge(replace(HEALTHY, **queue(canary_age_seconds=None, workers=0)))

    # 10 of the 80 that are left.
    assert (health.score, health.state) == (87, State.CRITICAL)


@pytest.mark.parametrize(("least", "code"), [(95, 1), (96, 2)])
def test_a_score_below_the_one_that_was_asked_for_is_critical(least, code):
    assert judge(replace(HEALTHY, **disk(149)), fail_under=least).exit_code == code


def test_growth_is_measured_by_the_day_and_against_its_own_days():
    days = [date(2026, 11, day) for day in range(20, 10, -1)]
    samples = [(day, 100 * day.day) for day in days]

    assert growth(2_900, samples, today=date(2026, 11, 21)) == Growth(now=900.0, usual=100.0)
    # Today's own sample is no yesterday; a weekend without workers is three days.
    assert growth(2_300, [(date(2026, 11, 21), 9), *samples[2:]], today=date(2026, 11, 21)) == (
        Growth(now=500 / 3, usual=100.0)
    )
    assert growth(0, samples, today=date(2026, 11, 21)).now == 0.0
    assert growth(5, [], today=date(2026, 11, 21)) == Growth(now=None, usual=None)


def test_every_reason_has_its_words_and_its_remedy_and_every_part_its_title_and_door():
    assert set(SENTENCES) == set(REMEDIES) == set(Why)
    assert set(TITLES) == set(SUMMARIES) == set(DOORS) == set(Key)
