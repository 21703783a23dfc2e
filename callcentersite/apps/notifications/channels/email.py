"""By mail: ``notificaciones.email_enabled``, through Django's e-mail backend (EMAIL_URL)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from callcentersite.apps.configuration.services import is_on

from ..models import Delivery
from .undeliverable import Undeliverable

KEY = "notificaciones.email_enabled"
Send = Callable[[Delivery], None]


def is_open() -> bool:
    """Whether mail is switched on."""
    return is_on(KEY)


@contextmanager
def session() -> Iterator[Send]:
    """One connection for a handful of messages; raises where the server does not answer."""
    with get_connection() as connection:

        def send(delivery: Delivery) -> None:
            if not delivery.recipient.email:
                raise Undeliverable(_("La cuenta no tiene dirección de correo."))
            EmailMessage(
                subject=delivery.subject,
                body=text_of(delivery),
                to=[delivery.recipient.email],
                connection=connection,
                headers={"Auto-Submitted": "auto-generated"},
            ).send()

        yield send


def text_of(delivery: Delivery) -> str:
    """The text with the address of what it is about."""
    address = absolute(delivery.link)
    return "\n\n".join(part for part in (delivery.body, address) if part)


def absolute(link: str) -> str:
    """The link as a reader outside needs it."""
    site = str(settings.OPSCONSOLE["SITE_URL"]).rstrip("/")
    return f"{site}{link}" if link else ""
