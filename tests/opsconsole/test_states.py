"""The table of arrows is the whole truth about the life of a run."""

from itertools import product

import pytest

from opsconsole.states import ACTIVE, ENDINGS, TRANSITIONS, Status, may_become, sources

ALLOWED = {
    ("awaiting_approval", "queued"),
    ("awaiting_approval", "rejected"),
    ("awaiting_approval", "expired"),
    ("queued", "running"),
    ("queued", "cancelled"),
    ("running", "succeeded"),
    ("running", "failed"),
    ("running", "cancelled"),
    ("running", "cancelling"),
    ("running", "interrupted"),
    ("running", "lost"),
    ("cancelling", "cancelled"),
    ("cancelling", "succeeded"),
    ("cancelling", "failed"),
    ("cancelling", "lost"),
    ("interrupted", "queued"),
    ("interrupted", "failed"),
    ("interrupted", "cancelled"),
}


@pytest.mark.parametrize(("current", "following"), sorted(ALLOWED))
def test_each_arrow_of_the_table_is_allowed(current, following):
    assert may_become(current, following)
    assert Status(current) in sources(following)


@pytest.mark.parametrize(
    ("current", "following"), sorted(set(product(Status.values, Status.values)) - ALLOWED)
)
def test_every_other_arrow_is_refused(current, following):
    assert not may_become(current, following)


def test_every_state_is_in_the_table_and_is_either_active_or_an_ending():
    assert set(TRANSITIONS) == set(Status)
    assert {*ACTIVE, *ENDINGS} == set(Status)
    assert not ACTIVE & ENDINGS
