"""Calls that are gone on purpose: remembered, so that they stay gone and their days stay told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connections
from django.db.models import QuerySet
from django.db.models.functions import TruncHour

from callcentersite.data_centralization.targets import Removal

from . import daily
from .daily import local_day
from .models import ClosedDay, RemovedCalls

BATCH = 2_000
REMEMBER = """
INSERT INTO removed_calls (word, bits, calls) VALUES (%s, %s, %s)
ON CONFLICT (word) DO UPDATE SET bits = removed_calls.bits | excluded.bits,
    calls = removed_calls.calls + excluded.calls
"""
# ``~`` and ``&``: the bits of the calls that came back are cleared.
FORGET = "UPDATE removed_calls SET bits = bits & ~%s, calls = calls - %s WHERE word = %s"


def remember(removal: Removal) -> None:
    """In the transaction that deletes them."""
    write(REMEMBER, removal, lambda word, bits, calls: (word, bits, calls))


def forget(removal: Removal) -> None:
    """In the transaction that brings them back."""
    write(FORGET, removal, lambda word, bits, calls: (bits, calls, word))
    RemovedCalls.objects.using(removal.alias).filter(calls__lte=0).delete()


def reopen(removal: Removal) -> None:
    """The same; days whose calls are all there again can be counted anew."""
    forget(removal)
    daily.reopen(sorted(days_of(removal.queryset)), zone=settings.TIME_ZONE, using=removal.alias)


def write(statement: str, removal: Removal, params: Any) -> None:
    """The statement for each word, in batches: there may be millions."""
    rows = (params(word, bits, count_of(bits)) for word, bits in removal.words())
    with connections[removal.alias].cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            cursor.executemany(statement, batch)


def count_of(bits: int) -> int:
    """How many calls 64 signed bits stand for."""
    return (bits & (2**64 - 1)).bit_count()


@contextmanager
def closing_days(removal: Removal) -> Iterator[None]:
    """The days of what is about to go are counted a last time, and never anew from then on."""
    days = sorted(days_of(removal.queryset))
    daily.rebuild(days, zone=settings.TIME_ZONE, using=removal.alias)
    closed = [ClosedDay(day=day) for day in days]
    ClosedDay.objects.using(removal.alias).bulk_create(closed, ignore_conflicts=True)
    yield


def days_of(calls: QuerySet[Any]) -> set[Any]:
    """The local days of these calls, by way of their hours: few rows leave the database."""
    hours = calls.annotate(hour=TruncHour("started_at", tzinfo=ZoneInfo("UTC"))).order_by()
    found: Iterable[Any] = hours.values_list("hour", flat=True).distinct()
    zone = ZoneInfo(settings.TIME_ZONE)
    return {local_day(hour, zone=zone) for hour in found}
