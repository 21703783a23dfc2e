"""The page of what a person may do, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from opsconsole.admin.pages import page
from opsconsole.admin.presenters.chips import Chip

from ..backends import cached_rights
from ..domain.effective import Decision, Ground, Source, Standing, decide
from ..models import Capacidad, FuncionCapacidad, SolicitudAsignacion
from ..selectors import exceptions_in_force, memberships_in_force, standing_of
from ..words import ground_words
from .risk import risk_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One capability on the page."""

    capacidad: Capacidad
    risk: Chip
    allowed: bool
    ground: str
    sources: tuple[Source, ...]
    until: datetime | None


def effective_page(request: HttpRequest, user: Any) -> HttpResponseBase:
    """Hers by default; every capability with ``?todas=1``."""
    now = timezone.now()
    standing = standing_of(user, now=now)
    everything = request.GET.get("todas") == "1"
    return page(
        request,
        "admin/users/effective.html",
        title=_("Permisos de %(user)s") % {"user": user.get_username()},
        account=user,
        functions=functions_of(standing, everything=everything),
        everything=everything,
        allowed=len(standing.allowed()),
        known=len(standing.known or ()),
        memberships=memberships_in_force(now).filter(usuario=user).select_related("grupo"),
        exceptions=exceptions_in_force(now).filter(usuario=user).select_related("capacidad"),
        waiting=SolicitudAsignacion.objects.filter(usuario=user, estado="pendiente").select_related(
            "grupo", "capacidad", "usuario"
        ),
        plain=plain_permissions(user),
        may_assign=request.user.has_perm("users.add_usuariogrupo"),
    )


def functions_of(standing: Standing, *, everything: bool) -> list[tuple[Any, list[Line]]]:
    """The lines under their functions; without those that nothing speaks of, unless asked."""
    links = FuncionCapacidad.objects.select_related("funcion", "capacidad").order_by(
        "funcion__orden_menu", "funcion__nombre", "orden"
    )
    functions: dict[Any, list[Line]] = {}
    for link in links:
        decision = decide(link.capacidad.codigo, standing)
        if everything or decision.allowed or decision.ground is Ground.REVOKED:
            functions.setdefault(link.funcion, []).append(line_of(link.capacidad, decision))
    return list(functions.items())


def line_of(capacidad: Capacidad, decision: Decision) -> Line:
    """A decision, as the page tells it."""
    return Line(
        capacidad=capacidad,
        risk=risk_of(capacidad.nivel_riesgo),
        allowed=decision.allowed,
        ground=ground_words(decision.ground),
        sources=decision.sources,
        until=decision.until,
    )


def plain_permissions(user: Any) -> list[str]:
    """What Django's own permissions give her besides."""
    if user.is_superuser:
        return []
    account = type(user).objects.get(pk=user.pk)
    cached_rights(account)  # so that what an exception revokes is not among them
    return sorted(ModelBackend().get_all_permissions(account))
