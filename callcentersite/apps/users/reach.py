"""What an account could come to do without a second person: more than it may do at this moment.

An exception that revokes can be annulled, a group switched on, a concession can begin tomorrow:
whoever knows the password by then has it all.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from .domain.mapping import capability_of
from .models_permisos_granular import Capacidad, GrupoCapacidad, PermisoExcepcional, UsuarioGrupo
from .selectors import rights_of


def may_reset_password(person: Any, user: Any, *, now: datetime) -> bool:
    """The password of an account that could do what needs approval is a superuser's affair.

    So is that of one with a permission of Django that no capability gives, and she has not.
    """
    if person.is_superuser:
        return True
    rights = rights_of(user, now=now)
    plain = rights.user_permissions | rights.group_permissions
    codes = codes_within_reach(user, now=now) | {capability_of(one) for one in plain}
    if is_grave(codes):
        return False
    return all(person.has_perm(one) for one in plain if capability_of(one) is None)


def codes_within_reach(user: Any, *, now: datetime) -> set[str | None]:
    """Of groups, active or not, and of concessions, begun or not; what revokes does not count."""
    lasting = Q(vence_el=None) | Q(vence_el__gt=now)
    memberships = UsuarioGrupo.objects.filter(lasting, usuario=user, revocado_el=None)
    links = GrupoCapacidad.objects.filter(grupo__in=memberships.order_by().values("grupo"))
    conceded = PermisoExcepcional.objects.filter(
        Q(hasta=None) | Q(hasta__gt=now), usuario=user, tipo="conceder", anulado_el=None
    )
    return {
        *links.values_list("capacidad__codigo", flat=True),
        *conceded.values_list("capacidad__codigo", flat=True),
    }


def is_grave(codes: set[str | None]) -> bool:
    """Whether any of them waits for a second person when it is given."""
    named = [code for code in codes if code is not None]
    return Capacidad.objects.filter(requiere_aprobacion=True, codigo__in=named).exists()
