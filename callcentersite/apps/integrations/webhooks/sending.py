"""Send the notices that are due, several at once, and write down what became of each."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from callcentersite.apps.configuration.services import is_on
from opsconsole import OperationError
from opsconsole.masking import Masker

from .. import endpoints
from ..domain.backoff import pause_after
from ..domain.signatures import signature
from ..domain.targets import BadTarget, target_of
from ..models import WebhookDelivery, WebhookEndpoint
from . import posting
from .notices import KEY, TEST, notice
from .words import refusal, said

# All of them together take as long as the slowest: five seconds.
MOST_AT_ONCE = 16
# For so long an attempt is somebody's; after that whoever made it has died of it.
LEASE = timedelta(minutes=1)
State = WebhookDelivery.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an attempt."""

    code: int | None = None
    text: str = ""
    error: str = ""

    @property
    def arrived(self) -> bool:
        """Whether the receiver took it."""
        return not self.error


def send_due() -> int:
    """One attempt at each notice that is due; return how many there were."""
    if not is_on(KEY):
        return 0
    mine = [row for row in due(timezone.now()) if claim(row)]
    if not mine:
        return 0
    with ThreadPoolExecutor(len(mine), thread_name_prefix="webhook") as pool:
        outcomes = list(pool.map(attempt, mine))
    for row, outcome in zip(mine, outcomes, strict=True):
        record(row, outcome)
    return len(mine)


def send_now(row: WebhookDelivery) -> WebhookDelivery:
    """One attempt at this notice, at once; as it stands after it."""
    if not is_on(KEY):
        raise webhooks_off()
    if not claim(row):
        raise OperationError(
            _("Este envío ya está en camino."),
            remedy=_("Espere unos segundos y recargue la página."),
        )
    record(row, attempt(row))
    return WebhookDelivery.objects.select_related("endpoint").get(pk=row.pk)


def send_test(endpoint: WebhookEndpoint) -> WebhookDelivery:
    """A notice about no run, sent at once: is anybody there, and does she know our signature?"""
    if not is_on(KEY):
        raise webhooks_off()
    row = notice(endpoint, TEST, None)
    row.save()
    return send_now(row)


def send_again(row: WebhookDelivery) -> WebhookDelivery:
    """The same notice once more, delivered or not."""
    if not is_on(KEY):
        raise webhooks_off()
    again = WebhookDelivery.objects.filter(pk=row.pk, attempts=row.attempts)
    again.update(state=State.PENDING, next_at=timezone.now())
    return send_now(WebhookDelivery.objects.select_related("endpoint").get(pk=row.pk))


def due(now: datetime) -> list[WebhookDelivery]:
    """Those that wait, the longest first."""
    waiting = WebhookDelivery.objects.filter(
        state=State.PENDING, next_at__lte=now, endpoint__active=True
    )
    return list(waiting.select_related("endpoint").order_by("next_at")[:MOST_AT_ONCE])


def claim(row: WebhookDelivery) -> bool:
    """Take this attempt; the first UPDATE wins."""
    now = timezone.now()
    as_seen = WebhookDelivery.objects.filter(
        pk=row.pk, state=State.PENDING, attempts=row.attempts, next_at=row.next_at
    )
    taken = as_seen.update(attempts=F("attempts") + 1, attempted_at=now, next_at=now + LEASE)
    row.attempts += 1
    return bool(taken)


def attempt(row: WebhookDelivery) -> Outcome:
    """Sign and send; asks no database, for it runs in a thread of its own."""
    try:
        secret = endpoints.secret_of(row.endpoint)
        target = target_of(row.endpoint.url, trusted_hosts=endpoints.trusted_hosts())
        body = row.body.encode()
        reply = posting.post(
            target,
            body,
            headers(row, secret, body),
            trusted_hosts=endpoints.trusted_hosts(),
            seconds=posting.TOTAL_SECONDS,
        )
    except OperationError as error:
        return Outcome(error=f"{error.message} {error.remedy}")
    except BadTarget as error:
        return Outcome(error=refusal(error))
    except posting.NotPosted as error:
        return Outcome(error=said(error))
    text = Masker().mask(reply.start.decode("utf-8", "replace"))
    return Outcome(code=reply.code, text=text, error=complaint(reply.code))


def headers(row: WebhookDelivery, secret: str, body: bytes) -> dict[str, str]:
    """What the receiver needs to know us by, and to know this notice again."""
    timestamp = int(time.time())
    return {
        "Content-Type": "application/json",
        "User-Agent": "opsconsole-webhook/1",
        "X-Webhook-Id": str(row.pk),
        "X-Webhook-Event": row.event,
        "X-Webhook-Timestamp": str(timestamp),
        "X-Webhook-Signature": signature(secret, timestamp=timestamp, body=body),
    }


def complaint(code: int) -> str:
    """Why the status is no success; empty: it is one."""
    if 200 <= code < 300:
        return ""
    if 300 <= code < 400:
        return _("La dirección redirige a otra, y las redirecciones no se siguen.")
    return _("El receptor respondió %(code)s.") % {"code": code}


def record(row: WebhookDelivery, outcome: Outcome) -> None:
    """Write it down, unless a later attempt has begun meanwhile."""
    # Of a test somebody is told at once; she tries again by herself.
    is_final = outcome.arrived or row.run_id is None
    pause = None if is_final else pause_after(row.attempts)
    undelivered = State.PENDING if pause else State.GIVEN_UP
    WebhookDelivery.objects.filter(pk=row.pk, attempts=row.attempts).update(
        state=State.DELIVERED if outcome.arrived else undelivered,
        next_at=timezone.now() + pause if pause else None,
        response_code=outcome.code,
        response_text=outcome.text,
        error=outcome.error,
    )


def webhooks_off() -> OperationError:
    """The refusal while they are switched off."""
    return OperationError(
        _("Los webhooks están apagados: no se envió nada."),
        cause=_("La configuración %(key)s está en no.") % {"key": KEY},
        remedy=_("Enciéndala y vuelva a intentarlo."),
    )
