"""Callers' numbers, as dialled, to E.164: whole columns at a time."""

import re

import polars as pl
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

HIDDEN = (
    r"^(anonymous.*|an[oó]nimo|private|privado|restricted|unknown|desconocido|unavailable"
    r"|withheld|oculto)?$"
)

# How a number of Mexico is dialled: today, and with the prefixes of before 2019.
TEN_DIGITS = r"^[2-9][0-9]{9}$"
PREFIXED = r"^(?:(?:\+|00)?521?|04[45]|01)?[2-9][0-9]{9}$"

# The country codes are the library's; which lengths each allows is not worth its tables.
_CODES = sorted((str(code) for code in COUNTRY_CODE_TO_REGION_CODE if code != 52), reverse=True)
ABROAD = rf"^\+(?:{'|'.join(_CODES)})[0-9]+$"
SHORTEST, LONGEST = 8, 15
# What people write between the digits.
SEPARATORS = r"[\s().\-/]"
NATIONAL = "+52"
_PREFIXES = ("52", "521", "+52", "+521", "0052", "00521", "044", "045", "01")


def is_hidden(number: pl.Expr) -> pl.Expr:
    """Whether the caller showed no number: NULL, empty, or a word that says so."""
    word = number.str.strip_chars().str.to_lowercase()
    return number.is_null() | word.str.contains(HIDDEN)


def e164(number: pl.Expr) -> pl.Expr:
    """The number as ``+52…`` or ``+…``; NULL where it is no number.

    ``(55) 1234-5678``, ``044 55 1234 5678`` and ``+52 1 55 1234 5678`` are all +525512345678.
    """
    return number.map_batches(_e164_column, return_dtype=pl.String)


def _e164_column(numbers: pl.Series) -> pl.Series:
    """Most are ten plain digits: only the others meet the slower rules."""
    plain = numbers.str.contains(TEN_DIGITS).fill_null(False)
    national = NATIONAL + numbers
    if plain.all():
        return national
    others = (~plain).arg_true()
    mended = pl.select(_dialled(numbers.gather(others))).to_series()
    return national.scatter(others, mended)


def _dialled(numbers: pl.Series) -> pl.Expr:
    compact = pl.lit(numbers).str.replace_all(SEPARATORS, "")
    digits = compact.str.len_bytes() - 1
    return (
        pl.when(compact.str.contains(PREFIXED))
        .then(pl.lit(NATIONAL) + compact.str.tail(10))
        .when(compact.str.contains(ABROAD) & digits.is_between(SHORTEST, LONGEST))
        .then(compact)
    )


def ways_to_write(number: str) -> str:
    """A regular expression of every text that ``e164`` takes for this number."""
    digits = number.removeprefix(NATIONAL)
    prefix = "" if digits == number else f"(?:{'|'.join(map(_spaced, _PREFIXES))})?{SEPARATORS}*"
    return f"^{SEPARATORS}*{prefix}{_spaced(digits)}{SEPARATORS}*$"


def _spaced(text: str) -> str:
    return f"{SEPARATORS}*".join(map(re.escape, text))
