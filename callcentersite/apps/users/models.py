"""People who use the console, and what they may do."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext_lazy as _

from callcentersite.apps.common.whole import WrittenWhole

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


class User(WrittenWhole, AbstractUser):
    """A person with an account; a model of our own from the first migration on."""

    class Meta(AbstractUser.Meta):
        permissions = [
            ("suspend_user", _("Puede suspender cuentas")),
            ("reactivate_user", _("Puede reactivar cuentas")),
        ]
