"""Which events an ending is, and when something is slow: no database."""

from datetime import UTC, datetime, timedelta

import pytest

from callcentersite.apps.notifications.domain.events import Event, Outcome, is_slow
from callcentersite.apps.notifications.domain.retries import PAUSES, next_attempt

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
FAILED, FIRST, RECOVERED, FINISHED = (
    Event.FAILED, Event.FIRST_FAILURE, Event.RECOVERED, Event.FINISHED,
)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "status", "said"),
    [
        (None, "succeeded", {FINISHED}),
        ("succeeded", "succeeded", {FINISHED}),
        ("failed", "succeeded", {FINISHED, RECOVERED}),
        ("lost", "succeeded", {FINISHED, RECOVERED}),
        (None, "failed", {FINISHED, FAILED, FIRST}),
        ("succeeded", "failed", {FINISHED, FAILED, FIRST}),
        ("succeeded", "lost", {FINISHED, FAILED, FIRST}),
        ("failed", "failed", {FINISHED, FAILED}),
        ("lost", "failed", {FINISHED, FAILED}),
        ("failed", "cancelled", {FINISHED}),
        ("succeeded", "rejected", set()),
        ("succeeded", "expired", set()),
    ],
)
def test_an_ending_beside_the_one_before_it(before, status, said):
    assert Outcome(status=status, before=before).events() == said


@pytest.mark.parametrize(
    ("seconds", "usual", "slow"),
    [
        (121, 60, True),
        (120, 60, False),
        (9, 1, False),  # nine seconds instead of one are no news
        (11.5, 1, True),
        (500, None, False),
        (None, 60, False),
    ],
)
def test_slow_is_clearly_more_than_usual(seconds, usual, slow):
    assert is_slow(seconds, usual_seconds=usual) is slow


def test_only_a_success_is_slow():
    slow = {"seconds": 300, "usual_seconds": 60}

    assert Event.SLOW in Outcome(status="succeeded", **slow).events()
    assert Event.SLOW not in Outcome(status="failed", **slow).events()


def test_attempts_are_bounded_and_further_and_further_apart():
    times = [next_attempt(number, now=NOW) for number in range(1, len(PAUSES) + 2)]

    assert times[0] == NOW + timedelta(minutes=1)
    assert times[:-1] == sorted(times[:-1])
    assert times[-1] is None
