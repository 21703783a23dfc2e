"""Seals, terms and guards: no database."""

from datetime import UTC, datetime, timedelta

import pytest

from callcentersite.data_centralization.domain import guards, seals, sizes
from callcentersite.data_centralization.domain.seals import Drift, coarse, drift, sealed
from callcentersite.data_centralization.domain.terms import BelowFloor, Terms

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def fine(*keys, version=1):
    return [(key, 1, version) for key in keys]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ([], [], Drift()),
        (fine(1, 2, 3), fine(1, 2, 3), Drift()),
        (fine(1, 2), fine(1, 2, 3), Drift(new=1)),
        (fine(1, 2, 3), fine(3), Drift(gone=2)),
        (fine(1, 2), fine(1, 2, version=2), Drift(changed=2)),
        (fine(1, 5), fine(2, 5, 9, version=1), Drift(new=2, gone=1)),
        ([(0, 0b0111, 5)], [(0, 0b1101, 9)], Drift(new=1, gone=1)),
        ([(0, 0b0111, 5)], [(0, 0b0111, 6)], Drift(changed=1)),
        ([(7, -1, 5)], [], Drift(gone=64)),
    ],
)
def test_two_seals_differ_by_so_many_rows(before, now, expected):
    assert drift(before, now) == expected
    assert bool(drift(before, now)) == (before != now)


def test_a_seal_counts_and_tells_versions_apart():
    one, other = sealed(fine(1, 2, -3)), sealed(fine(1, 2, -3, version=2))

    assert (one.rows, sealed([(0, -1, 0)]).rows) == (3, 64)
    assert one.digest != other.digest
    assert one.digest == sealed(fine(1, 2, -3)).digest


def test_a_seal_of_many_words_is_that_of_its_words():
    words = fine(*range(5_000))

    kept = b"".join(seals.Seal().through(words))

    assert list(seals.RECORD.iter_unpack(kept)) == words


def test_fine_words_become_groups_with_signed_bits():
    assert list(coarse(fine(0, 1, 63, 64, 130), fine=True)) == [
        (0, -(2**63) + 3),
        (1, 1),
        (2, 4),
    ]
    assert list(coarse([(4, 3, 99)], fine=False)) == [(4, 3)]


@pytest.mark.parametrize("days", [-1, 0, 6, 36_501])
def test_terms_below_the_floor_or_beyond_all_dates_are_none(days):
    with pytest.raises(BelowFloor):
        Terms(days=days, floor=7)


def test_the_cut_off_is_so_many_days_ago():
    assert Terms(days=30, floor=7).cutoff(NOW) == datetime(2026, 10, 22, tzinfo=UTC)
    assert Terms(days=36_500).cutoff(NOW).year == 1926


@pytest.mark.parametrize(
    ("last", "rows", "far"),
    [
        ([], 10**9, False),
        ([1, 1], 10**9, False),
        ([100, 100, 100], 500, False),
        ([100, 100, 100], 501, True),
        ([0, 0, 100, 100, 100], 501, True),
        ([100] * 10 + [10**6] * 10, 501, True),
    ],
)
def test_far_beyond_the_usual_is_five_times_the_median_of_the_last_ten(last, rows, far):
    assert guards.is_far_beyond(rows, guards.usual(last)) is far


@pytest.mark.parametrize(
    ("rows", "total", "nearly"), [(99, 99, False), (100, 125, True), (100, 126, False)]
)
def test_nearly_everything_is_four_fifths_of_a_table_that_is_not_tiny(rows, total, nearly):
    assert guards.is_nearly_everything(rows, total=total) is nearly


def test_clocks_may_differ_by_minutes():
    assert not guards.clocks_disagree(NOW, NOW + timedelta(minutes=5))
    assert guards.clocks_disagree(NOW, NOW - timedelta(minutes=6))


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (640, "640 B"), (1_234_000, "1.2 MB"), (85_400_000, "85 MB"), (999_990, "1.0 MB")],
)
def test_bytes_as_people_read_them(size, words):
    assert sizes.in_words(size) == words
