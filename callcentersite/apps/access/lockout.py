"""``seguridad.max_login_attempts`` and ``lockout_duration``, kept by django-axes.

What is locked is an account from an address: a stranger elsewhere locks nobody out but herself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from axes.backends import AxesStandaloneBackend
from axes.models import AccessAttempt
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callcentersite.apps.audit.services import Action, Target, record
from callcentersite.apps.configuration.services import get_int
from opsconsole.admin.pages import page

TOO_MANY_REQUESTS = 429


class LockoutBackend(AxesStandaloneBackend):  # type: ignore[misc]
    """Refuses who is locked out; comes first of the backends, and lets nobody in itself.

    Without a request nobody is at a distance: it is the terminal, which axes would refuse.
    """

    def authenticate(self, request: HttpRequest | None, *args: Any, **credentials: Any) -> None:
        if request is not None:
            super().authenticate(request, *args, **credentials)


def failure_limit(request: HttpRequest | None = None, credentials: Any = None) -> int:
    """How many failures lock: AXES_FAILURE_LIMIT."""
    return get_int("seguridad.max_login_attempts")


def cool_off(request: HttpRequest | None = None) -> timedelta:
    """For how long: AXES_COOLOFF_TIME."""
    return timedelta(seconds=get_int("seguridad.lockout_duration"))


def refusal_page(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """What somebody sees who is locked out: AXES_LOCKOUT_CALLABLE."""
    minutes = max(1, round(cool_off().total_seconds() / 60))
    text = ngettext(
        "Espere %(count)s minuto desde el último intento, o pida que la desbloqueen.",
        "Espere %(count)s minutos desde el último intento, o pida que la desbloqueen.",
        minutes,
    )
    answer = page(
        request,
        "admin/locked_out.html",
        title=_("Cuenta bloqueada"),
        status=TOO_MANY_REQUESTS,
        advice=text % {"count": minutes},
    ).render()
    answer["Retry-After"] = str(int(cool_off().total_seconds()))
    return answer


# What the admin shows


def with_totals(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each row with ``total``: the failures that count now for its account and address."""
    same = AccessAttempt.objects.filter(
        Q(username=OuterRef("username")) | Q(username=None, pk=OuterRef("pk")),
        Q(ip_address=OuterRef("ip_address")) | Q(ip_address=None, pk=OuterRef("pk")),
        attempt_time__gte=timezone.now() - cool_off(),
    )
    summed = same.order_by().values("username").annotate(n=Sum(F("failures_since_start")))
    totalled: QuerySet[Any] = rows.annotate(total=Subquery(summed.values("n")[:1]))
    return totalled


def locked_until(row: Any) -> datetime | None:
    """Until when the account is locked from that address; None: it is not."""
    if (row.total or 0) < failure_limit():
        return None
    until: datetime = row.attempt_time + cool_off()
    return until


def unlock(rows: QuerySet[Any]) -> int:
    """Forget the failures of the accounts at the addresses; return how many were unlocked."""
    pairs = set(rows.values_list("username", "ip_address"))
    with transaction.atomic():
        for username, address in pairs:
            AccessAttempt.objects.filter(username=username, ip_address=address).delete()
            target = Target(kind="access.failedlogin", number=username or "", name=username or "–")
            record(Action.UNLOCKED, target, address=address)
    return len(pairs)
