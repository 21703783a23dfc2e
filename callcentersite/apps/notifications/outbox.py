"""What leaves the console waits here; each tick sends a handful, outside every transaction."""

from __future__ import annotations

import logging
import time
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from .channels import CHANNELS, open_channels
from .channels.email import Send
from .channels.undeliverable import Undeliverable
from .domain.retries import next_attempt
from .models import Delivery
from .selectors import without

if TYPE_CHECKING:
    from .services import Message

logger = logging.getLogger(__name__)
State = Delivery.State
HANDFUL = 50
# A tick has other duties: what is not sent by then is left to the next.
BUDGET_SECONDS = 5.0
# Whoever claimed a handful has sent it within this time, or has died.
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=30)


def add(message: Message, people: list[int]) -> None:
    """Queue it for everybody, by every open channel; in the caller's transaction."""
    for channel in open_channels():
        unwilling = unwilling_among(people) if channel == "email" else set()
        Delivery.objects.bulk_create(
            (delivery_of(message, pk, channel) for pk in people if pk not in unwilling),
            ignore_conflicts=True,
        )


def unwilling_among(people: list[int]) -> set[int]:
    """Those who want no mail."""
    return set(without("by_email").filter(pk__in=people).values_list("user_id", flat=True))


def delivery_of(message: Message, person_id: int, channel: str) -> Delivery:
    """The message on its way to one person."""
    link = message.link
    if message.run_id is not None:
        link = reverse("admin:opsconsole_jobrun_change", args=[message.run_id])
    return Delivery(
        recipient_id=person_id,
        channel=channel,
        subject=message.subject,
        body=message.body,
        kind=message.kind,
        run_id=message.run_id,
        link=link,
    )


def send_due() -> int:
    """Send what is due, a handful for each channel; return how many left.

    Any number of processes may, at any time: a handful belongs to whoever claimed it. One that
    dies over it leaves it to be claimed again; so a message may go out twice, never not at all.
    """
    return sum(send_handful(name) for name in CHANNELS)


def send_handful(channel: str) -> int:
    """One channel's."""
    claimed = claim(channel)
    if not claimed:
        return 0
    if not CHANNELS[channel].is_open():
        close(claimed, State.SKIPPED, error=_("El canal se desactivó antes de enviarlo."))
        return 0
    try:
        return send_all(channel, claimed)
    except Exception as error:
        # The channel itself is away, whatever it raises: the mailbox is not lost with it.
        logger.warning("%s: %s, %s messages wait", channel, type(error).__name__, len(claimed))
        for delivery in claimed:
            put_off(delivery, error)
        return 0


def claim(channel: str) -> list[Delivery]:
    """Take a handful that is due: one guarded UPDATE, so that nobody else has them."""
    now, mark = timezone.now(), uuid.uuid4()
    due = Delivery.objects.filter(channel=channel, state=State.PENDING, due_at__lte=now)
    numbers = list(due.order_by("due_at").values_list("pk", flat=True)[:HANDFUL])
    if not numbers or not due.filter(pk__in=numbers).order_by().update(
        claim=mark, attempts=F("attempts") + 1, due_at=now + LEASE
    ):
        return []
    return list(Delivery.objects.filter(claim=mark).select_related("recipient").order_by("pk"))


def send_all(channel: str, claimed: list[Delivery]) -> int:
    """One after the other, until the time is up; raises where the channel does not open."""
    until = time.monotonic() + BUDGET_SECONDS
    sent = 0
    with CHANNELS[channel].session() as send:
        while claimed and time.monotonic() < until:
            sent += send_one(send, claimed.pop(0))
    give_back(claimed)
    logger.info("%s: %s sent, %s left for later", channel, sent, len(claimed))
    return sent


def send_one(send: Send, delivery: Delivery) -> bool:
    """Whether it left; what became of it is written at once."""
    try:
        if not delivery.recipient.is_active:
            raise Undeliverable(_("La cuenta está desactivada."))
        send(delivery)
    except Undeliverable as error:
        logger.info("delivery %s skipped: %s", delivery.pk, error)
        close([delivery], State.SKIPPED, error=str(error))
        return False
    except Exception as error:
        # A server may refuse in any way; none of them may cost the others their message.
        put_off(delivery, error)
        return False
    close([delivery], State.SENT)
    return True


def put_off(delivery: Delivery, error: Exception) -> None:
    """Try again later, a few times; then give up, and say so."""
    again = next_attempt(delivery.attempts, now=timezone.now())
    words = words_of(error)
    logger.warning("delivery %s, attempt %s: %s", delivery.pk, delivery.attempts, words)
    if again is None:
        close([delivery], State.FAILED, error=words)
    else:
        pending([delivery]).update(due_at=again, claim=None, error=words)


def words_of(error: Exception) -> str:
    """The kind of the error and the server's code: the rest may hold addresses and passwords."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def give_back(left: list[Delivery]) -> None:
    """What nobody tried is no attempt."""
    pending(left).update(claim=None, attempts=F("attempts") - 1, due_at=timezone.now())


def close(done: list[Delivery], state: str, *, error: str = "") -> None:
    """Its end."""
    now = timezone.now()
    pending(done).update(state=state, done_at=now, claim=None, error=error[:200])


def pending(deliveries: list[Delivery]) -> QuerySet[Delivery]:
    """The rows, as long as they are this process's."""
    numbers = [one.pk for one in deliveries]
    claims = {one.claim for one in deliveries}
    return Delivery.objects.filter(pk__in=numbers, claim__in=claims, state=State.PENDING).order_by()


def forget_old() -> int:
    """What left long ago is nobody's business any more."""
    old = Delivery.objects.filter(done_at__lt=timezone.now() - KEPT).order_by()
    return old.delete()[0] if old.exists() else 0
