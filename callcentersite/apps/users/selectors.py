"""What is in force for a person at a moment, read from the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from opsconsole.access import active_people

from .domain.effective import Source, Standing
from .domain.mapping import capability_of, permissions_of
from .models_permisos_granular import (
    Capacidad,
    GrupoCapacidad,
    GrupoPermiso,
    PermisoExcepcional,
    UsuarioGrupo,
)


def memberships_in_force(now: datetime) -> QuerySet[UsuarioGrupo]:
    """Memberships that give something: not revoked, not expired, in an active group."""
    return UsuarioGrupo.objects.filter(
        Q(vence_el=None) | Q(vence_el__gt=now), revocado_el=None, grupo__activo=True
    )


def exceptions_in_force(now: datetime) -> QuerySet[PermisoExcepcional]:
    """Exceptions that hold now: begun, not over, not annulled."""
    return PermisoExcepcional.objects.filter(
        Q(hasta=None) | Q(hasta__gt=now), desde__lte=now, anulado_el=None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """All that one query tells of a person: capabilities, and Django's own permissions."""

    allowed: frozenset[str]
    revoked: frozenset[str]
    user_permissions: frozenset[str]
    group_permissions: frozenset[str]

    @property
    def permissions(self) -> frozenset[str]:
        """The permissions that the capabilities give."""
        return permissions_of(self.allowed)


def rights_of(user: Any, *, now: datetime | None = None) -> Rights:
    """Read everything that decides about this person, in one query."""
    found: dict[str, set[str]] = {kind: set() for kind in ("g", "conceder", "revocar", "u", "p")}
    for kind, code in rows_about(user, now=now or timezone.now()):
        found[kind].add(code)
    return Rights(
        allowed=frozenset((found["g"] | found["conceder"]) - found["revocar"]),
        revoked=frozenset(found["revocar"]),
        user_permissions=frozenset(found["u"]),
        group_permissions=frozenset(found["p"]),
    )


def rows_about(user: Any, *, now: datetime) -> Any:
    """Pairs of kind and code: of groups, exceptions, Django's permissions, by one statement."""
    theirs = memberships_in_force(now).filter(usuario=user)
    through_groups = GrupoCapacidad.objects.filter(
        capacidad=OuterRef("pk"), grupo__in=theirs.values("grupo")
    )
    return pairs(Capacidad.objects.filter(Exists(through_groups)), kind="g", code="codigo").union(
        exceptions_in_force(now)
        .filter(usuario=user)
        .order_by()
        .values_list(Cast("tipo", CharField()), "capacidad__codigo"),
        pairs(Permission.objects.filter(user=user), kind="u", code=django_name()),
        pairs(Permission.objects.filter(group__user=user), kind="p", code=django_name()),
        all=True,
    )


def pairs(rows: QuerySet[Any], *, kind: str, code: Any) -> Any:
    """The kind beside each row's code."""
    return rows.order_by().values_list(Value(kind, output_field=CharField()), code)


def django_name() -> Concat:
    """``app.codename``."""
    return Concat("content_type__app_label", Value("."), "codename", output_field=CharField())


def standing_of(user: Any, *, now: datetime) -> Standing:
    """Everything in force for the person, with the names that explain it."""
    exceptions = list(
        exceptions_in_force(now)
        .filter(usuario=user)
        .select_related("capacidad", "autorizado_por")
        .order_by("pk")
    )
    kinds = {
        tipo: tuple(exception_source(one) for one in exceptions if one.tipo == tipo)
        for tipo in PermisoExcepcional.Tipo.values
    }
    return Standing(
        active=user.is_active,
        groups=group_sources(user, now=now),
        conceded=kinds["conceder"],
        revoked=kinds["revocar"],
        known=frozenset(Capacidad.objects.values_list("codigo", flat=True)),
    )


def group_sources(user: Any, *, now: datetime) -> tuple[Source, ...]:
    """Each capability of each group that the person is in."""
    rows = (
        memberships_in_force(now)
        .filter(usuario=user, grupo__enlaces__isnull=False)
        .order_by("grupo__nombre")
        .values_list(
            "grupo__enlaces__capacidad__codigo",
            "grupo__nombre",
            "vence_el",
            "asignado_por__username",
        )
    )
    return tuple(
        Source(codigo=code, name=group, until=until, by=by or "") for code, group, until, by in rows
    )


def exception_source(exception: PermisoExcepcional) -> Source:
    """An exception, by its reason."""
    by = exception.autorizado_por
    return Source(
        codigo=exception.capacidad.codigo,
        name=exception.motivo,
        until=exception.hasta,
        by=by.get_username() if by else "",
    )


def holders(permission: str, *, now: datetime | None = None) -> QuerySet[Any]:
    """Everybody to whom ``has_perm`` says yes, by one statement, however many they are."""
    now = now or timezone.now()
    granted = plainly(permission)
    code = capability_of(permission)
    if code is not None:
        exceptions = exceptions_in_force(now).filter(capacidad__codigo=code).order_by()
        members = memberships_in_force(now).filter(grupo__capacidades__codigo=code).order_by()
        granted |= Q(pk__in=members.values("usuario_id"))
        granted |= Q(pk__in=exceptions.filter(tipo="conceder").values("usuario_id"))
        granted &= ~Q(pk__in=exceptions.filter(tipo="revocar").values("usuario_id"))
    return active_people().filter(Q(is_superuser=True) | granted)


def plainly(permission: str) -> Q:
    """Django's own permission, of the account or of a group of Django's."""
    app, _dot, codename = permission.partition(".")
    known = Permission.objects.filter(content_type__app_label=app, codename=codename)
    user = get_user_model()
    own = user.user_permissions.through.objects.filter(permission__in=known)
    through_groups = user.groups.through.objects.filter(group__permissions__in=known)
    return Q(pk__in=own.values("user_id")) | Q(pk__in=through_groups.values("user_id"))


def groups_by_code() -> dict[str, GrupoPermiso]:
    """Every group of the catalogue and of the site."""
    return {one.codigo: one for one in GrupoPermiso.objects.all()}
