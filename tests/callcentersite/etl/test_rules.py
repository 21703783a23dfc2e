"""The rules as a table: what is said of one row that is like a good call but for a few columns."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import polars as pl
import pytest

from callcentersite.apps.etl.domain.rows import page_of
from callcentersite.apps.etl.domain.rules import REASONS, Rules

RULES = Rules(zone="America/Mexico_City", queues=frozenset({"NA_VENTAS"}))
GOOD = {
    "call_id": "1",
    "ani": "5512345678",
    "dnis": "8005550100",
    "queue_code": "NA_VENTAS",
    "agent_code": "A001",
    "started_at": "2026-10-05 09:00:00",
    "answered_at": "2026-10-05 09:00:10",
    "ended_at": "2026-10-05 09:03:10",
    "duration_s": "190",
    "wait_s": "10",
    "disposition": "ANSWERED",
    "menu_path": "1>2",
    "language": "es",
    "customer_id": "100001",
    "recording_file": "1.wav",
    "notes": None,
    "updated_at": "2026-10-05 09:03:11",
}
ZERO = "0000-00-00 00:00:00"
UNANSWERED = {"disposition": "ABANDONED", "answered_at": None}


def judge(**changes):
    return RULES.judge(page_of([GOOD | changes]))


def call(**changes):
    verdict = judge(**changes)
    assert verdict.bad.height == 0, verdict.reasons
    return verdict.good.row(0, named=True)


def reasons(**changes):
    verdict = judge(**changes)
    return json.loads(verdict.bad["reasons"][0]) if verdict.bad.height else []


def test_a_good_row_becomes_a_call_with_instants_in_utc_and_computed_lengths():
    assert call() == {
        "call_id": 1,
        "ani": "+525512345678",
        "dnis": "8005550100",
        "queue_code": "NA_VENTAS",
        "agent_code": "A001",
        "started_at": datetime(2026, 10, 5, 15, 0, 0, tzinfo=UTC),
        "answered_at": datetime(2026, 10, 5, 15, 0, 10, tzinfo=UTC),
        "ended_at": datetime(2026, 10, 5, 15, 3, 10, tzinfo=UTC),
        "duration_s": 190,
        "wait_s": 10,
        "talk_s": 180,
        "disposition": "ANSWERED",
        "menu_path": "1>2",
        "language": "es",
        "customer_id": 100001,
        "recording_file": "1.wav",
        "notes": None,
        "source_updated_at": datetime(2026, 10, 5, 15, 3, 11, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"started_at": None}, ["started_missing"]),
        ({"started_at": ZERO}, ["started_missing"]),
        ({"started_at": "2026-13-45 09:00:00"}, ["started_missing"]),
        ({"ended_at": None}, ["ended_missing"]),
        ({"ended_at": ZERO}, ["ended_missing"]),
        (
            UNANSWERED | {"ended_at": "2026-10-05 08:59:59", "duration_s": "1"},
            ["ended_before_started"],
        ),
        ({"answered_at": None}, ["answered_missing"]),
        ({"answered_at": ZERO}, ["answered_missing"]),
        ({"answered_at": None, "disposition": "TRANSFERRED"}, ["answered_missing"]),
        ({"answered_at": "2026-10-05 08:59:59"}, ["answered_out_of_range"]),
        ({"answered_at": "2026-10-05 09:03:11"}, ["answered_out_of_range"]),
        ({"duration_s": None}, ["duration_invalid"]),
        ({"duration_s": "-1"}, ["duration_invalid", "duration_mismatch"]),
        ({"duration_s": "86401"}, ["duration_invalid", "duration_mismatch"]),
        ({"duration_s": "193"}, ["duration_mismatch"]),
        ({"duration_s": "187"}, ["duration_mismatch"]),
        ({"queue_code": "NADIE"}, ["queue_unknown"]),
        ({"queue_code": None}, ["queue_unknown"]),
        ({"queue_code": "  "}, ["queue_unknown"]),
        ({"disposition": "TRANSFERR"}, ["disposition_unknown"]),
        ({"disposition": None}, ["disposition_unknown"]),
        ({"disposition": "answered"}, ["disposition_unknown"]),
    ],
)
def test_a_broken_rule_is_the_reason(changes, expected):
    assert reasons(**changes) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"duration_s": "192"},
        {"duration_s": "188"},
        {"queue_code": "na_ventas  "},
        UNANSWERED,
        UNANSWERED | {"answered_at": ZERO},
        {"answered_at": "2026-10-05 09:00:00"},
        {"answered_at": "2026-10-05 09:03:10"},
        {"ended_at": "2026-10-06 09:00:00", "duration_s": "86400"},
        {"ended_at": "2026-10-05 09:00:10", "duration_s": "10"},
        {"ani": None},
        {"updated_at": None},
        {"updated_at": ZERO},
        {"agent_code": "NADIE"},
    ],
)
def test_what_no_rule_forbids_is_a_call(changes):
    assert reasons(**changes) == []


def test_all_reasons_are_listed_and_no_row_is_both_good_and_bad():
    verdict = judge(started_at=None, ended_at=None, duration_s=None, queue_code="X", disposition="")

    assert json.loads(verdict.bad["reasons"][0]) == [
        "started_missing",
        "ended_missing",
        "duration_invalid",
        "queue_unknown",
        "disposition_unknown",
    ]
    assert verdict.good.height == 0
    assert verdict.reasons == {
        "started_missing": 1,
        "ended_missing": 1,
        "duration_invalid": 1,
        "queue_unknown": 1,
        "disposition_unknown": 1,
    }


def test_the_reasons_are_those_of_the_design():
    assert set(REASONS) == {
        "started_missing",
        "ended_missing",
        "ended_before_started",
        "answered_missing",
        "answered_out_of_range",
        "duration_invalid",
        "duration_mismatch",
        "queue_unknown",
        "disposition_unknown",
    }


def test_a_rejection_keeps_the_row_as_it_was_read():
    verdict = judge(duration_s="-1", queue_code="na_ventas ", started_at=ZERO, notes="así\n«eso»")

    assert json.loads(verdict.bad["raw"][0]) == GOOD | {
        "call_id": 1,
        "duration_s": -1,
        "wait_s": 10,
        "customer_id": 100001,
        "queue_code": "na_ventas ",
        "started_at": ZERO,
        "notes": "así\n«eso»",
    }


def test_a_local_time_that_no_clock_showed_is_missing():
    night = {"started_at": "2022-04-03 02:30:00", "answered_at": "2022-04-03 03:30:10"}

    assert reasons(**night, ended_at="2022-04-03 03:33:10") == ["started_missing"]


def test_lengths_are_counted_in_real_seconds_on_the_night_the_clocks_go_forward():
    loaded = call(
        started_at="2022-04-03 01:59:50",
        answered_at="2022-04-03 03:00:00",
        ended_at="2022-04-03 03:00:20",
        duration_s="30",
    )

    assert (loaded["wait_s"], loaded["talk_s"]) == (10, 20)


def test_an_hour_that_came_twice_is_the_later_one():
    loaded = call(
        started_at="2022-10-30 01:30:00",
        answered_at="2022-10-30 01:30:10",
        ended_at="2022-10-30 01:33:10",
    )

    assert loaded["started_at"] == datetime(2022, 10, 30, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "wait", "talk"),
    [
        ({}, 10, 180),
        (UNANSWERED, 190, 0),
        ({"answered_at": "2026-10-05 09:03:10"}, 190, 0),
        ({"wait_s": "9999"}, 10, 180),
        ({"duration_s": "192"}, 10, 180),
    ],
)
def test_wait_and_talk_are_computed_from_the_instants(changes, wait, talk):
    loaded = call(**changes)

    assert (loaded["wait_s"], loaded["talk_s"]) == (wait, talk)


@pytest.mark.parametrize(
    ("column", "legacy", "loaded"),
    [
        ("queue_code", " na_ventas ", "NA_VENTAS"),
        ("menu_path", "", None),
        ("menu_path", "1>2>3", "1>2>3"),
        ("customer_id", "0", None),
        ("customer_id", None, None),
        ("language", "ES", "es"),
        ("language", "es-MX", "es"),
        ("language", "en", "en"),
        ("language", "nah", "nah"),
        ("language", "fr", "es"),
        ("language", "", "es"),
        ("language", None, "es"),
        ("notes", "facturaciÃ³n", "facturación"),
        ("notes", "linea\tuna\nlinea dos", "linea\tuna\nlinea dos"),
        ("notes", "nul\x00aqui", "nulaqui"),
        ("notes", 'dice "hola", y cuelga', 'dice "hola", y cuelga'),
        ("notes", "", ""),
        ("ani", "044 55 1234 5678", "+525512345678"),
        ("ani", "anonymous", None),
        ("ani", "basura", None),
    ],
)
def test_what_can_be_mended_is(column, legacy, loaded):
    assert call(**{column: legacy})[column] == loaded


@pytest.mark.parametrize(
    ("ani", "warnings"),
    [
        (None, {"ani_missing": 1}),
        ("", {"ani_missing": 1}),
        ("Anonymous", {"ani_missing": 1}),
        ("basura", {"ani_invalid": 1}),
        ("12345", {"ani_invalid": 1}),
        ("5512345678", {}),
    ],
)
def test_a_hidden_caller_is_still_a_call_and_counted(ani, warnings):
    verdict = judge(ani=ani)

    assert verdict.good.height == 1
    assert verdict.warnings == warnings


@pytest.mark.parametrize(
    ("longest", "warnings"), [(189, {"duration_exceeded": 1}), (190, {}), (86_400, {})]
)
def test_a_call_of_more_than_the_longest_is_loaded_and_counted(longest, warnings):
    verdict = replace(RULES, longest_seconds=longest).judge(page_of([GOOD]))

    assert verdict.good.height == 1
    assert verdict.warnings == warnings


def test_a_refused_row_is_warned_about_nothing():
    verdict = replace(RULES, longest_seconds=1).judge(page_of([GOOD | {"ended_at": None}]))

    assert (verdict.bad.height, verdict.warnings) == (1, {})


def test_where_no_recordings_are_kept_their_names_go_nowhere():
    rows = [GOOD, GOOD | {"call_id": "2", "ended_at": None}]

    verdict = replace(RULES, keeps_recordings=False).judge(page_of(rows))

    assert verdict.good["recording_file"].to_list() == [None]
    assert verdict.good.schema["recording_file"] == pl.String
    assert json.loads(verdict.bad["raw"][0])["recording_file"] is None


def test_rows_are_judged_one_by_one():
    rows = [GOOD | {"call_id": str(number)} for number in (5, 6, 7)]
    rows[1]["ended_at"] = None

    verdict = RULES.judge(page_of(rows))

    assert verdict.good["call_id"].to_list() == [5, 7]
    assert verdict.bad["call_id"].to_list() == [6]
