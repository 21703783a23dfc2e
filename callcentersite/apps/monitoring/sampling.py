"""Remember once a day how large the tables are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from opsconsole.events import ticked

from .estimating import estimates
from .models import TableSample

KEPT_DAYS = 60


class DailyDuty:
    """What this process knows to be done for today; a tick then costs nothing."""

    def __init__(self) -> None:
        self.done_on: date | None = None

    def __call__(self, day: date) -> None:
        if self.done_on != day:
            sample(day)
            self.done_on = day


def sample(day: date) -> int:
    """Write the day's estimates, unless somebody has; and forget those that are too old."""
    if TableSample.objects.filter(day=day).exists():
        return 0
    rows = [
        TableSample(name=one.name, day=day, rows=one.rows, size_bytes=one.size_bytes)
        for one in estimates()
    ]
    TableSample.objects.bulk_create(rows, ignore_conflicts=True)
    TableSample.objects.filter(day__lt=day - timedelta(days=KEPT_DAYS)).delete()
    return len(rows)


duty = DailyDuty()


@receiver(ticked)
def sample_today(**kwargs: Any) -> None:
    """In whichever worker comes first on that day."""
    duty(timezone.localdate())
