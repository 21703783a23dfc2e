"""What the figures mean, without a database."""

import pytest

from callcentersite.apps.analytics.domain.metrics import Figures

MORNING = Figures(
    offered=10, answered=8, abandoned=1, within_sla=6,
    wait_sum_s=120, wait_max_s=40, talk_sum_s=1_600, talk_max_s=500,
)  # fmt: skip
EVENING = Figures(
    offered=30, answered=12, abandoned=15, within_sla=3,
    wait_sum_s=1_080, wait_max_s=300, talk_sum_s=2_400, talk_max_s=400,
)  # fmt: skip


def test_the_abandonment_rate_is_of_all_calls_offered():
    assert MORNING.abandonment_rate == 0.1
    assert EVENING.abandonment_rate == 0.5


def test_the_service_level_is_of_all_calls_offered():
    assert MORNING.service_level == 0.6
    assert EVENING.service_level == 0.1


def test_the_speed_of_answer_is_of_answered_calls():
    assert MORNING.average_speed_of_answer_s == 15
    assert EVENING.average_speed_of_answer_s == 90


def test_the_handle_time_is_of_answered_calls():
    assert MORNING.average_handle_time_s == 200


def test_two_figures_together_are_weighted_by_their_calls():
    both = MORNING + EVENING

    assert both == Figures(
        offered=40, answered=20, abandoned=16, within_sla=9,
        wait_sum_s=1_200, wait_max_s=300, talk_sum_s=4_000, talk_max_s=500,
    )  # fmt: skip
    assert both.service_level == 0.225
    assert both.average_speed_of_answer_s == 60


@pytest.mark.parametrize(
    "name",
    ["abandonment_rate", "service_level", "average_speed_of_answer_s", "average_handle_time_s"],
)
def test_a_rate_of_no_calls_is_none_and_not_zero(name):
    assert getattr(Figures(), name) is None
