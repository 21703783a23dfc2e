"""How many failed to log in, and how many are locked out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from axes.models import AccessAttempt
from django.db.models import Count, Sum

from .lockout import cool_off, failure_limit

MOST_LOCKED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginFigures:
    """Failures since a moment, of how many accounts, and how many are locked now."""

    failures: int
    accounts: int
    locked: int


def login_figures(*, since: datetime, now: datetime) -> LoginFigures:
    """Two statements; who they are is not told."""
    attempts = AccessAttempt.objects.order_by()
    found = attempts.filter(attempt_time__gte=since).aggregate(
        failures=Sum("failures_since_start"), accounts=Count("username", distinct=True)
    )
    recent = attempts.filter(attempt_time__gte=now - cool_off()).values("username", "ip_address")
    locked = recent.annotate(n=Sum("failures_since_start")).filter(n__gte=failure_limit())
    return LoginFigures(
        failures=found["failures"] or 0,
        accounts=found["accounts"],
        locked=locked[:MOST_LOCKED].count(),
    )
