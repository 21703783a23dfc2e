"""``seguridad.password_expiry_days``: until when a password holds, and what the next one may be."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callcentersite.apps.audit.services import Action, record
from callcentersite.apps.configuration.services import get_int
from opsconsole import OperationError

from .domain.password_age import Due, PasswordAge
from .models import User

KEY = "seguridad.password_expiry_days"


def reason_to_change(user: User, *, now: datetime) -> str:
    """Why the account needs another password before it goes on; empty: it does not.

    Who enters by some other way than a password is asked for none.
    """
    if not user.has_usable_password():
        return ""
    age = PasswordAge(
        set_at=user.password_set_at, most_days=get_int(KEY), requested=user.must_change_password
    )
    due = age.due(now)
    if due is None:
        return ""
    return requested() if due is Due.REQUESTED else expired(age.days(now), age.most_days)


def requested() -> str:
    """For who has a password that somebody else knows."""
    return _("Se pidió que elija una contraseña nueva: hágalo aquí para seguir.")


def expired(days: int, most_days: int) -> str:
    """For who has had hers for too long."""
    text = ngettext(
        "Su contraseña venció: tiene %(days)s día y el máximo son %(most)s. Elija otra aquí para "
        "seguir.",
        "Su contraseña venció: tiene %(days)s días y el máximo son %(most)s. Elija otra aquí para "
        "seguir.",
        days,
    )
    return text % {"days": days, "most": most_days}


@transaction.atomic
def require_another(user: User, *, by: Any) -> None:
    """Ask for a new password at the next page, where there is one to change."""
    if not user.has_usable_password():
        raise OperationError(_("No entra con contraseña: no hay nada que cambiar."))
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    record(Action.PASSWORD_REQUESTED, user, by=by)


class AnotherPasswordValidator:
    """A new password is not the one that the account has."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for the same password, whoever sets it."""
        # Not user.check_password: it may write, to renew the hash.
        if user is not None and check_password(password, user.password):
            raise ValidationError(
                _("La contraseña nueva debe ser distinta de la anterior."), code="password_same"
            )

    def get_help_text(self) -> str:
        """For beneath the box."""
        return _("La contraseña nueva debe ser distinta de la anterior.")
