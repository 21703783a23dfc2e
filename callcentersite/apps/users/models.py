"""People who use the console, and what they may do."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models_permisos_granular import (
    Capacidad,
    Funcion,
    FuncionCapacidad,
    GrupoCapacidad,
    GrupoPermiso,
    NivelRiesgo,
    PermisoExcepcional,
    UsuarioGrupo,
)
from .models_solicitudes import SolicitudAsignacion

__all__ = [
    "Capacidad",
    "Funcion",
    "FuncionCapacidad",
    "GrupoCapacidad",
    "GrupoPermiso",
    "NivelRiesgo",
    "PermisoExcepcional",
    "SolicitudAsignacion",
    "User",
    "UsuarioGrupo",
]


class User(AbstractUser):
    """A person with an account; a model of our own from the first migration on.

    ``password_set_at`` follows the password through whatever door it is set, as long as that door
    saves the account: a form, a command, a shell. ``QuerySet.update`` passes by.
    """

    password_set_at = models.DateTimeField(
        _("contraseña puesta el"), default=timezone.now, editable=False
    )
    must_change_password = models.BooleanField(
        _("debe cambiar la contraseña"),
        default=False,
        help_text=_("Al entrar se le pide otra, y hasta entonces no puede hacer nada más."),
    )

    class Meta(AbstractUser.Meta):
        permissions = [
            ("suspend_user", _("Puede suspender cuentas")),
            ("reactivate_user", _("Puede reactivar cuentas")),
        ]

    # The hash that set_password made, to tell a new password from an old one under a better hash.
    _hashed_here: str | None = None

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self._hashed_here = self.password

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With a new password its time begins anew, and nobody has to ask for it any more."""
        only: Iterable[str] | None = kwargs.get("update_fields")
        if self._has_new_password(only):
            self.password_set_at = timezone.now()
            # An account that begins keeps the flag that it was given.
            self.must_change_password = self._state.adding and self.must_change_password
            if only is not None:
                kwargs["update_fields"] = {*only, "password_set_at", "must_change_password"}
        super().save(*args, **kwargs)

    def _has_new_password(self, only: Iterable[str] | None) -> bool:
        """Whether this save writes a password that the account did not have."""
        if getattr(self, "_password", None) is not None:  # Django's own: set, and not yet saved
            return only is None or "password" in only
        if self._state.adding or not (only is None or "password" in only):
            return False
        if "password" in self.get_deferred_fields() or self.password == self._hashed_here:
            return False
        stored = type(self)._base_manager.filter(pk=self.pk).values_list("password", flat=True)
        return self.password not in stored[:1]
