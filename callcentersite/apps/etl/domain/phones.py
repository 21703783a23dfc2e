"""Callers' numbers, as dialled, to E.164: whole columns at a time."""

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
    national = "+52" + numbers
    if plain.all():
        return national
    others = (~plain).arg_true()
    mended = pl.select(_dialled(numbers.gather(others))).to_series()
    return national.scatter(others, mended)


def _dialled(numbers: pl.Series) -> pl.Expr:
    compact = pl.lit(numbers).str.replace_all(r"[\s().\-/]", "")
    digits = compact.str.len_bytes() - 1
    return (
        pl.when(compact.str.contains(PREFIXED))
        .then(pl.lit("+52") + compact.str.tail(10))
        .when(compact.str.contains(ABROAD) & digits.is_between(SHORTEST, LONGEST))
        .then(compact)
    )
