"""``OPSCONSOLE["EXPLAIN_ACCESS"]``: who has a permission through groups and exceptions, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from callcentersite.apps.integrations import clients
from opsconsole.access import Access, access, plain_holders, with_door

from .domain.effective import Decision, Ground, Source, Standing, decide
from .domain.mapping import capability_of
from .models import Capacidad, PermisoExcepcional
from .selectors import exception_source, exceptions_in_force, memberships_in_force
from .words import ground_words

RUN = "opsconsole.run_"
Sources = defaultdict[Any, list[Source]]


def explain(permission: str) -> Iterable[Access]:
    """A row for each active account that has it, or would if nobody had revoked it."""
    launching = clients.that_launch(timezone.now()) if permission.startswith(RUN) else {}
    for one in holders(permission):
        names = launching.get(one.person_id)
        door = _("la API (%(clients)s)") % {"clients": ", ".join(names)} if names else ""
        yield with_door(one, door)


def holders(permission: str) -> Iterable[Access]:
    """The same, with the doors that every account has."""
    plain = {user.pk: (user, why) for user, why in plain_holders(permission)}
    code = capability_of(permission)
    decisions = decisions_about(code, now=timezone.now()) if code else {}
    for pk in plain.keys() | decisions.keys():
        user, why = plain.get(pk, (None, ""))
        if pk in decisions:
            user, decision = decisions[pk]
            yield row(user, decision, plain=why)
        else:
            yield access(user, allowed=True, why=why)


def row(user: Any, decision: Decision, *, plain: str) -> Access:
    """A superuser is beyond exceptions; a plain permission is not."""
    if user.is_superuser:
        return access(user, allowed=True, why=plain)
    if plain and not decision.allowed and decision.ground is not Ground.REVOKED:
        return access(user, allowed=True, why=plain)
    return access(
        user,
        allowed=decision.allowed,
        why=reason(decision),
        until=None if plain else decision.until,
    )


def reason(decision: Decision) -> str:
    """The ground, and what it rests on."""
    sources = ", ".join(source.name for source in decision.sources)
    return _("%(ground)s: %(sources)s") % {
        "ground": ground_words(decision.ground),
        "sources": sources,
    }


def decisions_about(code: str, *, now: datetime) -> dict[Any, tuple[Any, Decision]]:
    """The accounts that a group or an exception speaks of, with the decision: two queries."""
    people: dict[Any, Any] = {}
    groups: Sources = defaultdict(list)
    exceptions: dict[str, Sources] = {"conceder": defaultdict(list), "revocar": defaultdict(list)}
    memberships = memberships_in_force(now).filter(
        grupo__capacidades__codigo=code, usuario__is_active=True
    )
    for one in memberships.select_related("usuario", "grupo"):
        people[one.usuario_id] = one.usuario
        groups[one.usuario_id].append(
            Source(codigo=code, name=one.grupo.nombre, until=one.vence_el)
        )
    for exception in exceptions_about(code, now=now):
        people[exception.usuario_id] = exception.usuario
        exceptions[exception.tipo][exception.usuario_id].append(exception_source(exception))
    known = frozenset(Capacidad.objects.filter(codigo=code).values_list("codigo", flat=True))
    return {
        pk: (
            user,
            decide(
                code,
                Standing(
                    active=user.is_active,
                    groups=tuple(groups[pk]),
                    conceded=tuple(exceptions["conceder"][pk]),
                    revoked=tuple(exceptions["revocar"][pk]),
                    known=known,
                ),
            ),
        )
        for pk, user in people.items()
    }


def exceptions_about(code: str, *, now: datetime) -> Iterable[PermisoExcepcional]:
    """Those in force about this capability."""
    return (
        exceptions_in_force(now)
        .filter(capacidad__codigo=code, usuario__is_active=True)
        .select_related("usuario", "capacidad", "autorizado_por")
    )
