"""By SMS: ``notificaciones.sms_enabled``, through the class that ``SMS_PROVIDER`` names.

The console has none of its own. A provider knows whom it reaches at which number; it gets the
account and a short text. What it raises is tried again, but for Undeliverable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from callcentersite.apps.configuration.services import is_on

from ..models import Delivery
from .email import absolute

KEY = "notificaciones.sms_enabled"
LENGTH = 160
Send = Callable[[Delivery], None]


class SmsProvider(Protocol):
    """What ``SMS_PROVIDER`` names: a class that is made without arguments."""

    def send(self, *, user: Any, text: str) -> None:
        """Send at most 160 characters to this account; raise where that fails."""


def is_provided() -> bool:
    """Whether the settings name a provider."""
    return bool(settings.SMS_PROVIDER)


def is_open() -> bool:
    """Whether SMS is switched on, and there is somebody to send it."""
    return is_provided() and is_on(KEY)


def provider() -> SmsProvider:
    """The provider; raises ImportError where its name is wrong."""
    found: SmsProvider = import_string(settings.SMS_PROVIDER)()
    return found


@contextmanager
def session() -> Iterator[Send]:
    """One provider for a handful of messages."""
    one = provider()
    yield lambda delivery: one.send(user=delivery.recipient, text=text_of(delivery))


def text_of(delivery: Delivery) -> str:
    """The subject, and the address if it fits."""
    both = f"{delivery.subject} {absolute(delivery.link)}".strip()
    return both if len(both) <= LENGTH else delivery.subject[:LENGTH]
