"""Who wants to hear, who may, and what is in a mailbox."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from callcentersite.apps.users.selectors import holders
from opsconsole.access import active_people
from opsconsole.approvals import PERMISSION as APPROVE
from opsconsole.models import JobRun

from .domain.events import Event
from .models import Level, Notification, Preference, Subscription
from .models.subscription import EVERY_OPERATION

SEE_EVERY_RUN = "opsconsole.view_jobrun"
MOST_COUNTED = 99
MOST_UNHEEDED = 1_000


def mailbox(user: Any) -> QuerySet[Notification]:
    """A person's own messages, the unread ones first."""
    return Notification.objects.filter(recipient_id=user.pk)


def unread_count(user: Any) -> int:
    """How many are unread, at most one past MOST_COUNTED: a short walk along the index."""
    unread = mailbox(user).filter(is_read=False).order_by()
    return unread[: MOST_COUNTED + 1].count()


def unheeded(*, since: datetime, before: datetime) -> int:
    """How many errors of that time nobody has read at all, counted to a thousand.

    What one of its recipients has read somebody knows of.
    """
    errors = Notification.objects.filter(level=Level.ERROR, is_read=False).order_by()
    waiting = errors.filter(created_at__gte=since, created_at__lt=before)
    same = Notification.objects.filter(run_id=OuterRef("run_id"), kind=OuterRef("kind"))
    unknown = waiting.filter(~Exists(same.filter(is_read=True)))
    return unknown.values("run_id", "kind", "subject").distinct()[:MOST_UNHEEDED].count()


def expired(before: datetime) -> QuerySet[Notification]:
    """What retention may take: read, and older."""
    return Notification.objects.filter(is_read=True, created_at__lt=before)


# Whom a run concerns


def who_may_see(run: JobRun) -> QuerySet[Any]:
    """The accounts to which ``opsconsole.permissions.may_see`` says yes, by one statement."""
    every = Q(pk__in=holders(SEE_EVERY_RUN).values("pk"))
    own = Q(pk__in=holders(f"opsconsole.run_{run.operation}").values("pk"))
    return active_people().filter(every | (Q(pk=requester_id(run)) & own))


def subscribers(run: JobRun, events: Collection[Event]) -> QuerySet[Any]:
    """Whoever asked to hear of any of these events, and may see the run."""
    wanted = Subscription.objects.filter(
        operation__in=[EVERY_OPERATION, run.operation], event__in=[one.value for one in events]
    )
    return who_may_see(run).filter(pk__in=wanted.values("user_id"))


def requester(run: JobRun) -> QuerySet[Any]:
    """Whoever asked for the run, if that was an account and it may still see it."""
    return who_may_see(run).filter(pk=requester_id(run))


def approvers(run: JobRun) -> QuerySet[Any]:
    """Whoever may decide about the run: never the one who asked for it."""
    may_approve = holders(APPROVE).values("pk")
    people = who_may_see(run).filter(pk__in=may_approve).exclude(pk=requester_id(run))
    return people.exclude(pk__in=without("approvals"))


def without(preference: str) -> QuerySet[Any]:
    """The accounts that do not want what comes unasked."""
    return Preference.objects.filter(**{preference: False}).values("user_id")


def requester_id(run: JobRun) -> int:
    """The account's number; 0, which nobody has, for the terminal."""
    number = run.requested_by_id or ""
    return int(number) if number.isdecimal() else 0


def told_of(kind: str) -> set[int | None]:
    """Of which runs somebody was told on this occasion; None stands for a message without run."""
    rows = Notification.objects.filter(kind=kind).order_by()
    return set(rows.values_list("run_id", flat=True).distinct())
