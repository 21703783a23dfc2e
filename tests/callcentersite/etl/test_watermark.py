"""Where an incremental reading begins again."""

from datetime import UTC, datetime

import pytest

from callcentersite.apps.etl.domain.rows import GarbledPage, page_of, parse
from callcentersite.apps.etl.domain.walks import ByIds, ByKey, ByUpdate, Undated
from callcentersite.apps.etl.domain.watermark import advanced, restart

ZONE = "America/Mexico_City"
NOW = datetime(2026, 10, 5, 18, 0, tzinfo=UTC)  # 12:00 there


@pytest.mark.parametrize(
    ("stamp", "again_from"),
    [
        ("2026-10-05 09:00:00", "2026-10-05 08:55:00"),
        ("2026-10-05 00:02:00", "2026-10-04 23:57:00"),
        # The hour from 01:00 to 02:00 came twice: 01:10 may have been written after 01:59.
        ("2022-10-30 01:59:00", "2022-10-30 00:54:00"),
        ("2022-10-30 02:30:00", "2022-10-30 01:25:00"),
    ],
)
def test_reading_begins_again_a_little_earlier(stamp, again_from):
    assert restart(stamp, zone=ZONE) == again_from


@pytest.mark.parametrize(
    ("before", "read", "after"),
    [
        (None, "2026-10-05 09:00:00", "2026-10-05 09:00:00"),
        ("2026-10-05 08:00:00", "2026-10-05 09:00:00", "2026-10-05 09:00:00"),
        ("2026-10-05 08:00:00", "2026-10-05 07:55:00", "2026-10-05 08:00:00"),
        ("2026-10-05 08:00:00", "2099-01-01 00:00:00", "2026-10-05 12:00:00"),
        ("2026-10-05 08:00:00", None, "2026-10-05 08:00:00"),
        ("2026-10-05 08:00:00", "0000-00-00 00:00:00", "2026-10-05 08:00:00"),
        (None, "0000-00-00 00:00:00", None),
    ],
)
def test_the_watermark_moves_forward_and_never_past_the_clock(before, read, after):
    assert advanced(before, read=read, now=NOW, zone=ZONE) == after


PAGE = page_of([{"call_id": "7", "updated_at": "2026-10-05 09:00:00"}])


@pytest.mark.parametrize(
    ("walk", "condition"),
    [
        (ByKey(), ("1 = 1", ())),
        (ByKey().after(PAGE), ("call_id > %s", (7,))),
        (
            ByKey(since="2026-10-01 00:00:00", until="2026-10-02 00:00:00"),
            (
                "started_at >= %s AND started_at < %s",
                ("2026-10-01 00:00:00", "2026-10-02 00:00:00"),
            ),
        ),
        (
            ByKey(until="2026-10-02 00:00:00"),
            (
                "started_at < %s AND started_at >= %s",
                ("2026-10-02 00:00:00", "1000-01-01 00:00:00"),
            ),
        ),
        (ByUpdate(since="2026-10-05 08:55:00"), ("updated_at >= %s", ("2026-10-05 08:55:00",))),
        (
            ByUpdate(since="2026-10-05 08:55:00").after(PAGE),
            (
                "updated_at >= %s AND (updated_at > %s OR call_id > %s)",
                ("2026-10-05 09:00:00", "2026-10-05 09:00:00", 7),
            ),
        ),
        (Undated(), ("(updated_at IS NULL OR updated_at < %s)", ("1000-01-01 00:00:00",))),
        (ByIds(call_ids=(3, 7, 9)).after(PAGE), ("call_id IN (9)", ())),
        (ByIds(call_ids=(3, 7)).after(PAGE), ("call_id IN (NULL)", ())),
    ],
)
def test_a_walk_says_which_rows_come_next(walk, condition):
    assert walk.condition() == condition


def test_a_page_tells_its_own_separators_from_those_between_rows():
    with pytest.raises(GarbledPage):
        parse("\x1f".join(["1", *["x"] * 17]).encode(), rows=1)
    with pytest.raises(GarbledPage):
        parse("\x1e".join(["\x1f".join(["1"] * 17)] * 3).encode(), rows=2)


def test_an_empty_page_has_no_rows():
    assert parse(b"", rows=0).rows == 0


def test_null_and_empty_are_two_things():
    page = page_of([{"call_id": "1", "ani": "", "notes": None}])

    assert page.frame.select("ani", "notes").row(0) == ("", None)
