"""Reading the policies: which hold, for how many days, and what they select."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from callcentersite.apps.configuration import services as configuration
from opsconsole import OperationError
from opsconsole.plans import StalePlan

from . import targets
from .domain.guards import clocks_disagree
from .domain.terms import BelowFloor, Terms
from .models import RetentionPolicy
from .selection import Selection


def active(table: str = "") -> list[RetentionPolicy]:
    """The policies in their order, of one target where asked to; raises where there are none."""
    if table:
        targets.get(table)
    found = RetentionPolicy.objects.filter(active=True)
    policies = list(found.filter(target=table) if table else found)
    if not policies and table and found.exists():
        raise OperationError(
            _("Ninguna política activa trata la tabla «%(table)s».") % {"table": table},
            cause=_("Sus políticas no existen o están inactivas."),
            remedy=_("Revise las políticas de retención en la consola."),
        )
    if not policies:
        raise OperationError(
            _("No retention policies configured"),
            cause=_("Configuraciones ausentes"),
            remedy=_(
                "Crear configuraciones de retencion: python manage.py seed_retention_policies"
            ),
        )
    for policy in policies:
        for rival in policy.rivals():
            raise contradiction(policy, rival)
    return policies


def contradiction(policy: RetentionPolicy, rival: RetentionPolicy) -> OperationError:
    """The refusal of two policies for the same rows: the second would find them gone."""
    return OperationError(
        _("Dos políticas activas tratan las mismas filas: «%(one)s» y «%(other)s».")
        % {"one": policy.name, "other": rival.name},
        cause=_("Cada fila la trata una sola política."),
        remedy=_("Desactive una de las dos, o deles condiciones distintas."),
    )


def days_of(policy: RetentionPolicy) -> int:
    """The days as they are now."""
    if policy.config_key:
        return configuration.get_int(policy.config_key)
    return int(policy.days or 0)


def terms_of(policy: RetentionPolicy) -> Terms:
    """The days with their floor; raises OperationError below it."""
    days = days_of(policy)
    floor = max(policy.floor_days, target_of(policy).least_days)
    try:
        return Terms(days=days, floor=floor)
    except BelowFloor as error:
        raise OperationError(
            _("La política «%(name)s» no se aplica: %(days)s días están fuera de lo permitido.")
            % {"name": policy.name, "days": days},
            cause=_("Su mínimo es de %(floor)s días.") % {"floor": floor},
            remedy=_("Corrija %(what)s.") % {"what": policy.config_key or _("los días")},
        ) from error


def target_of(policy: RetentionPolicy) -> targets.Target:
    """The policy's target; raises OperationError where its app is gone."""
    target = targets.find(policy.target)
    if target is None:
        raise OperationError(
            _("La política «%(name)s» trata una tabla que ya no existe: %(table)s.")
            % {"name": policy.name, "table": policy.target},
            cause=_("Su aplicación no está instalada."),
            remedy=_("Desactive la política."),
        )
    return target


def said(policy: RetentionPolicy, terms: Terms) -> dict[str, Any]:
    """What a plan fixes of the policy, and what must still hold when the plan is applied."""
    return {
        "name": policy.name,
        "target": policy.target,
        "action": policy.action,
        "condition": policy.condition,
        "days": terms.days,
        "archive_days": policy.archive_days if policy.archive else 0,
        "needs_approval": policy.needs_approval,
    }


def require_unchanged(facts: Iterable[dict[str, Any]]) -> None:
    """Raise StalePlan where a policy no longer says what a plan shows of it.

    Whoever lengthens or stops a policy wants its rows kept, also from a plan made before.
    """
    policies = {policy.name: policy for policy in RetentionPolicy.objects.filter(active=True)}
    changed = [one["name"] for one in facts if not is_same(policies.get(one["name"]), one)]
    if changed:
        raise StalePlan(
            cause=_("Cambió la política desde que se mostró: %(names)s.")
            % {"names": ", ".join(changed)}
        )


def is_same(policy: RetentionPolicy | None, fact: dict[str, Any]) -> bool:
    """Whether this is what the plan shows."""
    return policy is not None and said(policy, terms_of(policy)).items() <= fact.items()


def select(policy: RetentionPolicy, *, cutoff: datetime) -> Selection:
    """The rows from before the cut-off."""
    return Selection.older_than(
        cutoff, target=target_of(policy), action=policy.action, condition=policy.condition
    )


def moment() -> datetime:
    """Now; raises where this computer and the database disagree about it."""
    ours = timezone.now()
    theirs = RetentionPolicy.objects.annotate(moment=Now()).values_list("moment", flat=True).first()
    if theirs is not None and clocks_disagree(ours, theirs):
        raise OperationError(
            _("No se calcula ningún plazo: los relojes no coinciden."),
            cause=_("Este equipo dice %(ours)s; la base de datos, %(theirs)s.")
            % {"ours": ours.isoformat(" ", "seconds"), "theirs": theirs.isoformat(" ", "seconds")},
            remedy=_("Ponga en hora los dos equipos."),
        )
    return ours
