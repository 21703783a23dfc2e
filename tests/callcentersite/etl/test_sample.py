"""The generator: same options, same rows; the share, the shape and the dirt that it promises."""

import hashlib
from collections import Counter
from datetime import date

import polars as pl
import pytest

from callcentersite.apps.etl.domain.test_data import (
    COLUMNS,
    FIRST_CALL_ID,
    KINDS,
    QUEUES,
    REASONS,
    CallSample,
    calls_of,
    corrections_of,
    rows_of,
)
from callcentersite.apps.etl.domain.test_data.draw import Draw
from callcentersite.apps.etl.domain.test_data.rejected import kind_number

from .rules_by_hand import reasons

CODES = {queue.queue_code for queue in QUEUES}
DIRTY = CallSample(calls=20_000, seed=7)
ROW = (
    3_000_000_002, "+523395888476", "8005550400", "EMP_VENTAS", "A082", "2026-10-04 05:33:32",
    "2026-10-04 05:33:42", "2026-10-04 05:36:07", 155, 10, "ANSWERED", "2>1", "es", 100_669,
    "2026/10/04/3000000002.wav", None, "2026-10-04 05:36:09",
)  # fmt: skip


def rows(sample, **options):
    return pl.concat(calls_of(sample, **options))


@pytest.fixture(scope="module")
def sample_rows():
    return rows(DIRTY)


def rejected(frame):
    return {row["call_id"]: found for row in frame.to_dicts() if (found := reasons(row, CODES))}


def test_a_draw_is_the_same_number_on_every_machine():
    assert Draw(1).number("wait", 3_000_000_001) == 38565921133226206


def test_a_column_of_draws_holds_the_numbers_that_python_computes():
    keys = [0, 1, 3_000_000_001, 2**62]

    drawn = pl.DataFrame({"call_id": keys}).select(bits=Draw(9).bits("wait"))["bits"]

    assert drawn.to_list() == [Draw(9).number("wait", key) for key in keys]


def test_the_rows_are_written_down_once_and_for_all():
    frame = rows(CallSample(calls=5_000, seed=1))

    assert frame.row(1) == ROW
    assert hashlib.sha256(repr(frame.rows()).encode()).hexdigest()[:16] == "8f44bf5b96aea6bf"


def test_the_size_of_the_blocks_changes_nothing(sample_rows):
    assert rows(DIRTY, block_calls=777).equals(sample_rows)


def test_a_row_can_be_made_alone(sample_rows):
    alone = rows_of(DIRTY, pl.Series("call_id", [FIRST_CALL_ID + 12_345]))

    assert alone.row(0) == sample_rows.row(12_345)


def test_another_seed_gives_other_rows(sample_rows):
    other = rows(CallSample(calls=20_000, seed=8))

    assert (other["started_at"] == sample_rows["started_at"]).sum() < 1_000


def test_the_columns_are_those_of_ivr_calls(sample_rows):
    assert tuple(sample_rows.columns) == COLUMNS
    assert sample_rows["call_id"].to_list() == list(range(3_000_000_001, 3_000_020_001))


def test_three_rows_in_a_hundred_are_rejected(sample_rows):
    assert len(rejected(sample_rows)) == 600


def test_no_row_is_rejected_when_none_should_be():
    assert rejected(rows(CallSample(calls=20_000, seed=7, dirty=0.0))) == {}


def test_half_of_the_rows_can_be_rejected():
    assert len(rejected(rows(CallSample(calls=2_000, seed=7, dirty=0.5)))) == 1_000


def test_every_kind_of_dirt_is_there_and_earns_its_reason(sample_rows):
    kinds = sample_rows.select("call_id", kind=kind_number(DIRTY)).drop_nulls()
    found = rejected(sample_rows)

    missed = [KINDS[kind] for id_, kind in kinds.rows() if REASONS[KINDS[kind]] not in found[id_]]

    assert missed == []
    assert Counter(kinds["kind"].to_list()).keys() == set(range(21))


def test_a_row_can_be_wrong_in_several_ways(sample_rows):
    assert max(map(len, rejected(sample_rows).values())) == 4


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("ani", None), ("ani", ""), ("ani", "anonymous"), ("ani", "*86"), ("ani", "9" * 32),
        ("started_at", None), ("started_at", "0000-00-00 00:00:00"),
        ("answered_at", None), ("answered_at", "0000-00-00 00:00:00"),
        ("queue_code", "na_ventas "), ("queue_code", "EMP_VENTAS  "),
        ("language", "ES"), ("language", "es-MX"), ("language", "en"), ("language", "nah"),
        ("language", ""), ("customer_id", 0), ("customer_id", None), ("menu_path", ""),
        ("duration_s", None), ("duration_s", 2_147_483_647),
        ("notes", "ReclamaciÃ³n por cobro doble"), ("notes", "Folio\t4471\tpendiente"),
        ("notes", "Primera línea\nsegunda línea"), ("notes", "Nota con nulo\x00al centro"),
    ],
)  # fmt: skip
def test_the_dirt_that_the_legacy_schema_names_is_there(sample_rows, column, value):
    assert sample_rows[column].eq_missing(pl.Series([value], dtype=sample_rows[column].dtype)).any()


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\d{10}$", r"^\(55\) \d{4}-\d{4}$", r"^\(222\) \d{3}-\d{4}$", r"^52\d{10}$",
        r"^\+521\d{10}$", r"^\+52\d{10}$", r"^044\d{10}$", r"^045\d{10}$", r"^01\d{10}$",
        r"^\+1305\d{7}$", r"^\+346\d{8}$",
    ],
)  # fmt: skip
def test_numbers_are_dialled_in_every_way(sample_rows, pattern):
    assert sample_rows["ani"].str.contains(pattern).sum() > 20


def test_text_never_passes_the_width_of_its_column(sample_rows):
    widths = {"ani": 32, "menu_path": 64, "recording_file": 120, "queue_code": 16}

    longest = {name: sample_rows[name].str.len_chars().max() for name in widths}

    assert longest == widths


def test_everything_fits_in_latin1(sample_rows):
    """The IVR's columns: cp1252, with latin1 in its five holes."""
    for text in sample_rows["notes"].drop_nulls().unique():
        "".join(c for c in text if c not in "\x81\x8d\x8f\x90\x9d").encode("cp1252")


def test_office_hours_are_busier_than_the_night_and_monday_than_sunday():
    clean = rows(CallSample(calls=20_000, seed=1, dirty=0.0))
    times = clean["started_at"].str.to_datetime()

    hours, days = Counter(times.dt.hour().to_list()), Counter(times.dt.weekday().to_list())

    assert hours[10] > 20 * hours[3]
    assert days[1] > 2 * days[7]


def test_most_calls_are_answered_and_most_of_those_in_time(sample_rows):
    answered = sample_rows.filter(pl.col("disposition").is_in(["ANSWERED", "TRANSFERRED"]))

    assert 0.82 < len(answered) / len(sample_rows) < 0.92
    assert 0.55 < (answered["wait_s"] <= 20).mean() < 0.80


def test_calls_come_in_both_nights_on_which_the_clocks_changed(sample_rows):
    spring = sample_rows.filter(pl.col("started_at").str.starts_with("2022-04-03 02:"))
    autumn = sample_rows.filter(pl.col("started_at").str.starts_with("2022-10-30 01:"))

    assert {tuple(reasons(row, CODES)) for row in spring.to_dicts()} == {("started_missing",)}
    assert len(autumn) > 20
    assert sum(not reasons(row, CODES) for row in autumn.to_dicts()) > 20


def test_a_call_across_the_gap_of_the_spring_night_is_accepted(sample_rows):
    across = sample_rows.filter(
        pl.col("started_at").str.starts_with("2022-04-03 01:")
        & pl.col("ended_at").str.starts_with("2022-04-03 03:")
    )

    assert len(across) > 0
    assert any(not reasons(row, CODES) for row in across.to_dicts())


def test_the_last_call_is_on_the_last_day():
    clean = rows(CallSample(calls=5_000, seed=1, dirty=0.0, until=date(2024, 2, 29)))

    assert clean["started_at"].max()[:10] == "2024-02-29"


def test_corrections_change_their_share_and_move_updated_at_beyond_everything(sample_rows):
    corrected = pl.concat(corrections_of(DIRTY, share=0.1))

    assert 1_900 < len(corrected) < 2_100
    assert corrected["updated_at"].min() > sample_rows["updated_at"].max()


def test_corrections_turn_bad_rows_good_and_some_good_rows_bad(sample_rows):
    corrected = pl.concat(corrections_of(DIRTY, share=0.5))
    before, after = rejected(sample_rows).keys(), rejected(corrected).keys()
    touched = set(corrected["call_id"])

    assert len(touched & before) > 200
    assert not before & after
    assert 0.08 < len(after) / len(touched) < 0.12


def test_corrected_rows_really_changed(sample_rows):
    corrected = pl.concat(corrections_of(DIRTY, share=0.1)).drop("updated_at")
    originals = sample_rows.filter(pl.col("call_id").is_in(corrected["call_id"].implode()))

    same = corrected.join(originals.drop("updated_at"), on=corrected.columns, nulls_equal=True)

    assert len(same) == 0


def test_the_next_turn_of_corrections_is_later_and_touches_other_rows():
    first = pl.concat(corrections_of(DIRTY, share=0.1, turn=1))
    second = pl.concat(corrections_of(DIRTY, share=0.1, turn=2))

    assert second["updated_at"].min() > first["updated_at"].max()
    assert len(set(first["call_id"]) & set(second["call_id"])) < 400
