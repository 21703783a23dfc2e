"""What a file does not say of a call that is known here stays as it is.

A column that it does not bring; a number or a note that an export had masked; a blank where the
call has an empty text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import polars as pl

from callcentersite.apps.analytics.models import Call
from callcentersite.apps.common import bulk
from callcentersite.apps.common.interchange.formats import as_text
from opsconsole.masking import MASK

from ..domain.files.headings import COLUMNS

MASKED = ("ani", "notes")
EMPTY_OR_NULL = ("dnis", "recording_file", "notes")
OLD = "_old"


def completed(
    frame: pl.DataFrame, *, brought: Collection[str], using: str = "default"
) -> pl.DataFrame:
    """The page with what is known filled in; ``brought`` are the columns of the file."""
    absent = [name for name in COLUMNS if name not in brought]
    names = sorted({*absent, *MASKED, *EMPTY_OR_NULL})
    known = known_of(frame["call_id"], names, using=using)
    both = frame.join(known, on="call_id", how="left", maintain_order="left")
    return both.with_columns(*filled(absent)).select(frame.columns)


def known_of(call_ids: pl.Series, names: list[str], *, using: str) -> pl.DataFrame:
    """These columns of the calls that are here, as texts, with OLD behind their names."""
    keys = call_ids.cast(pl.Int64).to_list()
    calls = Call.objects.using(using).filter(pk__in=bulk.values(keys, using=using)).order_by()
    rows: Any = calls.values_list("call_id", *map(attribute_of, names))
    columns = ["call_id", *(f"{name}{OLD}" for name in names)]
    texts = [tuple(text_of(value) for value in row) for row in rows]
    return pl.DataFrame(texts, schema=dict.fromkeys(columns, pl.String), orient="row")


def filled(absent: list[str]) -> Iterator[pl.Expr]:
    """Each column that may have to keep something."""
    for name in absent:
        yield pl.col(f"{name}{OLD}").alias(name)
    for name in {*MASKED, *EMPTY_OR_NULL} - {*absent}:
        old, new = pl.col(f"{name}{OLD}"), pl.col(name)
        stays = new.is_null() & (old == "") if name in EMPTY_OR_NULL else pl.lit(value=False)
        if name in MASKED:
            stays = stays | new.str.contains(MASK, literal=True)
        yield pl.when(stays.fill_null(value=False)).then(old).otherwise(new).alias(name)


def attribute_of(column: str) -> str:
    """What ``Call`` calls it."""
    return "source_updated_at" if column == "updated_at" else column


def text_of(value: Any) -> str | None:
    """A value as a file would bring it."""
    return None if value is None else as_text(value)
