"""The words for a refusal, and the fields it points at."""

import pytest

from callcentersite.apps.etl.domain.files.rules import FILE_REASONS
from callcentersite.apps.etl.domain.reasons import REASONS, judged, reason
from callcentersite.apps.etl.domain.rules import REASONS as RULES

RAW = {"call_id": 5, "started_at": None, "ended_at": "2026-10-05 09:00:00", "duration_s": -1}


def test_every_rule_that_refuses_has_its_words():
    assert REASONS.keys() == RULES.keys() | FILE_REASONS.keys()


@pytest.mark.parametrize("code", REASONS)
def test_a_reason_is_a_sentence_and_points_at_some_field(code):
    assert reason(code).sentence.endswith(".")
    assert reason(code).fields != ()


def test_the_guilty_fields_are_marked_and_the_others_are_not():
    fields = judged(RAW, ["started_missing", "duration_invalid"])

    assert [field.name for field in fields] == ["call_id", "started_at", "ended_at", "duration_s"]
    assert [field.is_guilty for field in fields] == [False, True, False, True]


def test_a_field_may_be_guilty_twice():
    fields = judged(RAW, ["duration_invalid", "duration_mismatch"])

    assert [each.code for each in fields[3].reasons] == ["duration_invalid", "duration_mismatch"]


def test_a_reason_that_the_rules_no_longer_know_keeps_its_name():
    assert reason("moon_phase").title == "moon_phase"
