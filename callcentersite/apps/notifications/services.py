"""Tell people something; mark, resolve and erase what they were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from callcentersite.apps.configuration.services import get_int, is_on
from callcentersite.apps.users.selectors import holders

from . import outbox
from .models import Level, Notification
from .models.notification import SUBJECT_LENGTH

PUSH, MOST = "notificaciones.push_enabled", "notificaciones.max_notifications_per_user"
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is said, the same to everybody."""

    subject: str
    body: str
    level: str
    kind: str
    run_id: int | None
    link: str
    at: datetime | None = None  # None: now
    read: bool = False

    def __post_init__(self) -> None:
        if not self.subject:
            raise ValueError("A message needs a subject.")
        if self.link and (not self.link.startswith("/") or self.link.startswith(("//", "/\\"))):
            raise ValueError(f"{self.link!r} is no page of this site.")


def notify(
    recipients: Any,
    *,
    subject: str,
    body: str = "",
    level: str = Level.INFO,
    run_id: int | None = None,
    kind: str = "",
    link: str = "",
    at: datetime | None = None,
    read: bool = False,
) -> int:
    """Put a message in each mailbox and on its way by the open channels; return to how many.

    ``recipients`` are accounts: a queryset of them, or any iterable of them or of their numbers;
    those that are switched off hear nothing. The same ``kind`` of the same ``run_id`` reaches a
    person once, so announcing again is harmless. ``at`` and ``read`` are for what was said before
    now, in test data: it is not sent by any other channel. A few statements for every 500 people,
    each handful its own transaction.
    """
    message = Message(
        subject=" ".join(subject.split())[:SUBJECT_LENGTH],
        body=body.replace("\x00", ""),
        level=Level(level),
        kind=kind,
        run_id=run_id,
        link=link,
        at=at,
        read=read,
    )
    people = active_ids(recipients)
    for start in range(0, len(people), AT_ONCE):
        put(message, people[start : start + AT_ONCE])
    return len(people)


def broadcast(permission: str, **message: Any) -> int:
    """Notify everybody who has the permission now."""
    return notify(holders(permission), **message)


def mailbox_is_on() -> bool:
    """Whether messages are put into mailboxes at all."""
    return is_on(PUSH)


def active_ids(recipients: Any) -> list[int]:
    """The numbers of the active accounts, each once and in order."""
    everybody = get_user_model()._default_manager.filter(is_active=True)
    if isinstance(recipients, QuerySet):
        found = recipients.filter(is_active=True).order_by().values_list("pk", flat=True)
        return sorted(set(found))
    numbers = sorted({getattr(one, "pk", one) for one in recipients})
    return [
        pk
        for start in range(0, len(numbers), AT_ONCE)
        for pk in everybody.filter(pk__in=numbers[start : start + AT_ONCE])
        .order_by("pk")
        .values_list("pk", flat=True)
    ]


def put(message: Message, people: list[int]) -> None:
    """One handful: mailbox and outbox together."""
    with transaction.atomic():
        if mailbox_is_on():
            rows = (row_for(message, pk) for pk in people)
            Notification.objects.bulk_create(rows, ignore_conflicts=True)
            prune(people)
        if message.at is None:
            outbox.add(message, people)


def row_for(message: Message, person_id: int) -> Notification:
    """The message as it lies in one mailbox."""
    return Notification(
        recipient_id=person_id,
        subject=message.subject,
        body=message.body,
        level=message.level,
        kind=message.kind,
        run_id=message.run_id,
        link=message.link,
        created_at=message.at or timezone.now(),
        is_read=message.read,
        read_at=(message.at or timezone.now()) if message.read else None,
    )


def prune(people: list[int]) -> int:
    """Keep at most ``max_notifications_per_user`` in each mailbox: the oldest read ones go.

    Unread ones are counted, and come first; none of them is ever taken.
    """
    place = Window(
        RowNumber(), partition_by="recipient_id", order_by=[F("is_read"), F("pk").desc()]
    )
    ranked = Notification.objects.filter(recipient_id__in=people).order_by().annotate(place=place)
    beyond = ranked.filter(place__gt=get_int(MOST)).values("pk")
    gone, _per_model = Notification.objects.filter(pk__in=beyond, is_read=True).delete()
    return gone


# What was told


def mark(messages: QuerySet[Notification], *, read: bool) -> int:
    """Read, or unread again; return how many that changed."""
    return (
        messages.filter(is_read=not read)
        .order_by()
        .update(is_read=read, read_at=timezone.now() if read else None)
    )


def erase_read(messages: QuerySet[Notification]) -> int:
    """Delete those that were read; return how many."""
    gone, _per_model = messages.filter(is_read=True).order_by().delete()
    return gone


def resolve(kind: str, *, outcome: str, run_id: int | None = None) -> int:
    """What these messages asked for is settled: say how, and call nobody's attention any more."""
    asked = Notification.objects.filter(kind=kind, run_id=run_id, outcome="").order_by()
    changed = asked.filter(is_read=True).update(outcome=outcome[:200])
    now = timezone.now()
    return changed + asked.update(outcome=outcome[:200], is_read=True, read_at=now)


__all__ = ["broadcast", "erase_read", "mark", "notify", "resolve"]
