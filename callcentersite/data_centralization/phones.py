"""One phone number in the form in which the calls have it."""

import polars as pl

from callcentersite.apps.etl.domain import phones


def e164(number: str) -> str:
    """``044 55 1234 5678`` → ``+525512345678``; empty where it is no number."""
    column = pl.DataFrame({"number": [number]}).select(phones.e164(pl.col("number")))
    return column.item() or ""
