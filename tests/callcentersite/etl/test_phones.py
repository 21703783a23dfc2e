"""Callers' numbers, judged by Google's library: what comes out is a number that it knows."""

import re

import phonenumbers
import polars as pl
import pytest

from callcentersite.apps.etl.domain.phones import e164, is_hidden, ways_to_write


def mended(*numbers):
    frame = pl.DataFrame({"ani": pl.Series(numbers, dtype=pl.String)})
    return frame.select(e164(pl.col("ani")))["ani"].to_list()


@pytest.mark.parametrize(
    ("dialled", "expected"),
    [
        ("5512345678", "+525512345678"),
        ("(55) 1234-5678", "+525512345678"),
        ("55.1234.5678", "+525512345678"),
        ("525512345678", "+525512345678"),
        ("+525512345678", "+525512345678"),
        ("+52 1 55 1234 5678", "+525512345678"),
        ("5215512345678", "+525512345678"),
        ("0445512345678", "+525512345678"),
        ("045 222 123 4567", "+522221234567"),
        ("015512345678", "+525512345678"),
        ("+13055551234", "+13055551234"),
        ("+34 912 345 678", "+34912345678"),
        ("+5491123456789", "+5491123456789"),
        ("551234567", None),
        ("55123456789", None),
        ("+52551234567", None),
        ("+999123456789", None),
        ("+1", None),
        ("+3491234567890123", None),
        ("basura", None),
        ("55-CALL-NOW", None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_as_dialled_becomes_e164(dialled, expected):
    assert mended(dialled) == [expected]
    for number in ("+525512345678", "+13055551234", "+34912345678"):
        assert bool(re.search(ways_to_write(number), dialled or "")) == (number == expected)


@pytest.mark.parametrize(
    "dialled",
    [
        "5512345678",
        "(55) 1234-5678",
        "525512345678",
        "+525512345678",
        "+13055551234",
        "+34 912 345 678",
    ],
)
def test_what_the_library_reads_in_mexico_we_read_alike(dialled):
    library = phonenumbers.parse(dialled, "MX")

    assert mended(dialled) == [
        phonenumbers.format_number(library, phonenumbers.PhoneNumberFormat.E164)
    ]


@pytest.mark.parametrize("prefix", ["", "52", "+52", "+521", "044", "045", "01"])
def test_every_prefix_of_mexico_ends_in_a_number_that_the_library_calls_valid(prefix):
    (number,) = mended(f"{prefix}2222123456")

    assert phonenumbers.is_valid_number(phonenumbers.parse(number, None))


def test_every_example_of_the_library_is_kept_as_it_is():
    regions = phonenumbers.SUPPORTED_REGIONS - {"MX"}
    examples = [phonenumbers.example_number(region) for region in sorted(regions)]
    numbers = [
        phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        for example in examples
        if example is not None
    ]

    long_enough = [number for number in numbers if len(number) > 8]

    assert len(long_enough) > 200
    assert mended(*long_enough) == long_enough


@pytest.mark.parametrize("shown", [None, "", "  ", "anonymous", "ANONYMOUS", "Anónimo", "unknown"])
def test_a_caller_who_shows_nothing_is_hidden(shown):
    frame = pl.DataFrame({"ani": pl.Series([shown], dtype=pl.String)})

    assert frame.select(is_hidden(pl.col("ani")))["ani"].to_list() == [True]


@pytest.mark.parametrize("shown", ["5512345678", "basura", "0"])
def test_a_caller_who_shows_something_is_not(shown):
    frame = pl.DataFrame({"ani": [shown]})

    assert frame.select(is_hidden(pl.col("ani")))["ani"].to_list() == [False]
