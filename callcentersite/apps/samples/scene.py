"""What the parts of the demonstration share: a seed, a last day, the people, and who listens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _

from opsconsole import OperationError, RunContext

from .domain.cast import EMAILS, Role

MARK = "test_data"  # begins the keys of all that is made here


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The same seed and day give the same; ``ctx`` hears of it, and may say stop.

    ``awaits_workers``: some are about to be started, though none is there yet.
    """

    seed: int
    until: date
    ctx: RunContext
    awaits_workers: bool = False

    @property
    def end(self) -> datetime:
        """The midnight after the last day, here."""
        return timezone.make_aware(datetime.combine(self.until + timedelta(days=1), time.min))

    def key(self, kind: str, number: int) -> str:
        """What is written once for this seed."""
        return f"{MARK}:{self.seed}:{kind}:{number}"

    @cached_property
    def accounts(self) -> dict[str, Any]:
        """The people that are there, by their names; first asked for when they have been made."""
        return {one.get_username(): one for one in cast_accounts()}

    def number_of(self, role: Role) -> str | None:
        """The number of her account; None: there is none."""
        account = self.accounts.get(role.username)
        return None if account is None else str(account.pk)


def cast_accounts() -> Any:
    """The accounts of the demonstration: known by their address, and never a superuser's."""
    accounts = get_user_model()._default_manager
    return accounts.filter(email__in=EMAILS, is_superuser=False)


def refuse_outside_development() -> None:
    """Raise OperationError where no test data may be."""
    if not settings.ALLOW_TEST_DATA:
        raise OperationError(
            _("Aquí no se crean datos de prueba."),
            cause=_("Esta instalación no es de desarrollo ni de pruebas (ALLOW_TEST_DATA)."),
            remedy=_("Ejecútelo con DJANGO_SETTINGS_MODULE=callcentersite.settings.development."),
        )
