"""Exceptions of the same person and capability that hold at the same time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from .models_permisos_granular import PermisoExcepcional

# Later than any end; so that an exception without one can be compared.
FOREVER = datetime.fromisoformat("9999-01-01T00:00:00+00:00")


def live(now: datetime) -> QuerySet[Any]:
    """Neither annulled nor over; begun or still to begin. ``until`` is its end, or FOREVER."""
    rows = PermisoExcepcional.objects.filter(Q(hasta=None) | Q(hasta__gt=now), anulado_el=None)
    return rows.annotate(until=Coalesce(F("hasta"), FOREVER))


def others(now: datetime) -> QuerySet[Any]:
    """Those of the same person and capability as the row of the outer query, but itself."""
    same = live(now).filter(usuario=OuterRef("usuario"), capacidad=OuterRef("capacidad"))
    return same.exclude(pk=OuterRef("pk"))


def around(now: datetime) -> QuerySet[Any]:
    """Of the same kind, from no later until no earlier; of two that are alike, the older."""
    wider = Q(desde__lt=OuterRef("desde")) | Q(until__gt=OuterRef("until"))
    return others(now).filter(
        wider | Q(pk__lt=OuterRef("pk")),
        tipo=OuterRef("tipo"),
        desde__lte=OuterRef("desde"),
        until__gte=OuterRef("until"),
    )


def covered(now: datetime) -> QuerySet[Any]:
    """Those that say nothing which another does not say: annulling them changes nobody's rights."""
    return live(now).filter(Exists(around(now)))


def overlapping(now: datetime) -> QuerySet[Any]:
    """The later of two that hold at once and are not simply repeated: a person must decide."""
    at_once = others(now).filter(
        pk__lt=OuterRef("pk"), desde__lt=OuterRef("until"), until__gt=OuterRef("desde")
    )
    around_it = Q(desde__lte=OuterRef("desde"), until__gte=OuterRef("until"))
    within_it = Q(desde__gte=OuterRef("desde"), until__lte=OuterRef("until"))
    repeated = Q(tipo=OuterRef("tipo")) & (around_it | within_it)
    return live(now).filter(Exists(at_once.filter(~repeated)))
