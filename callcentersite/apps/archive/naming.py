"""Which calls still tell who called: in the table, and in a file."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import reduce
from operator import and_

import polars as pl
from django.db.models import Q

from callcentersite.apps.analytics.retention_targets import PERSONAL

STAMP = "anonymized_at"
NAMED = Q(**{STAMP: None}) & ~reduce(and_, (Q(**{name: None}) for name in PERSONAL))


def is_named(*, before: datetime | None = None) -> pl.Expr:
    """The same of a file's calls; of those that began before a moment."""
    tells = pl.any_horizontal(*(pl.col(name).is_not_null() for name in PERSONAL))
    named = pl.col(STAMP).is_null() & tells
    if before is None:
        return named
    return named & (pl.col("started_at") < pl.lit(before.astimezone(UTC)))
