"""What must be true of messages: somebody is there to read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.integrity.domain.findings import Offender, Severity
from callcentersite.apps.integrity.registry import Check, Key, Mend, register
from callcentersite.apps.integrity.rows import offenders

from .models import Notification


def orphans() -> QuerySet[Notification]:
    """Their account is gone, whatever the database promised."""
    account = get_user_model()._default_manager.filter(pk=OuterRef("recipient_id"))
    return Notification.objects.filter(~Exists(account))


def unread_by_nobody() -> QuerySet[Notification]:
    """Unread, and their account is switched off; retention waits for them to be read."""
    return Notification.objects.filter(is_read=False, recipient__is_active=False)


def find_orphans() -> Iterator[Offender]:
    return offenders(
        orphans(),
        "recipient_id",
        says=lambda key, account: (
            _("Mensaje %(key)s: la cuenta %(account)s no existe.")
            % {"key": key, "account": account}
        ),
    )


def find_unread() -> Iterator[Offender]:
    return offenders(
        unread_by_nobody(),
        "recipient_id",
        says=lambda key, account: _("Mensaje %(key)s: su cuenta está inactiva.") % {"key": key},
    )


def delete(keys: Sequence[Key]) -> int:
    """They belong to nobody."""
    deleted, _rows = orphans().filter(pk__in=keys).delete()
    return deleted


def close(keys: Sequence[Key]) -> int:
    """Mark them as read, so that they age."""
    rows = unread_by_nobody().filter(pk__in=keys)
    return rows.update(is_read=True, read_at=timezone.now())


register(
    Check(
        name="notifications_without_recipient",
        title=gettext_lazy("Mensajes sin destinatario"),
        model="notifications.Notification",
        severity=Severity.ERROR,
        explanation=gettext_lazy("La cuenta se borró por fuera de la consola."),
        remedy=gettext_lazy("Repárelos: nadie puede leerlos."),
        find=find_orphans,
        listed="notifications.SentNotification",
        mend=Mend(title=gettext_lazy("Se eliminan."), apply=delete, deletes=True),
    )
)
register(
    Check(
        name="notifications_nobody_reads",
        title=gettext_lazy("Mensajes sin leer de cuentas inactivas"),
        model="notifications.Notification",
        severity=Severity.WARNING,
        explanation=gettext_lazy(
            "Nadie los va a leer, y la retención solo elimina los leídos: se quedarían para "
            "siempre."
        ),
        remedy=gettext_lazy("Repárelos, o reactive la cuenta."),
        find=find_unread,
        listed="notifications.SentNotification",
        mend=Mend(title=gettext_lazy("Quedan como leídos."), apply=close),
    )
)
