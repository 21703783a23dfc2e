"""Rows of a query as offenders, one after the other: however many, memory holds a chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet

from .domain.findings import Offender, mixed

CHUNK = 2_000


def always(*values: Any) -> bool:
    """Every row can be mended."""
    return True


def offenders(
    rows: QuerySet[Any],
    *columns: str,
    says: Callable[..., str],
    mendable: Callable[..., bool] = always,
) -> Iterator[Offender]:
    """In the order of their keys; ``says`` and ``mendable`` get the key and the columns."""
    found = rows.order_by("pk").values_list("pk", *columns)
    for values in found.iterator(chunk_size=CHUNK):
        yield Offender(
            key=values[0],
            text=says(*values),
            version=mixed(*values[1:]),
            mendable=mendable(*values),
        )
