"""What other systems are told of the settings."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from .domain.catalog import catalog
from .domain.values import Value
from .models import Configuracion

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An active setting with its value, of its type."""

    clave: str
    value: Value
    tipo_dato: str
    unidad: str
    descripcion: str
    updated_at: datetime


def published(categorias: Collection[str]) -> dict[str, list[Published]]:
    """The active settings of each of the categories, in the catalogue's order."""
    found: dict[str, list[Published]] = {categoria: [] for categoria in categorias}
    places = {clave: place for place, clave in enumerate(catalog())}
    rows = Configuracion.objects.filter(activa=True, categoria__in=found)
    for row in sorted(rows, key=lambda row: (places.get(row.clave, len(places)), row.clave)):
        found[row.categoria].append(told(row))
    return found


def told(row: Configuracion) -> Published:
    """The row; a value that something wrote past every check counts as the default."""
    try:
        value = row.get_valor_typed()
    except ValueError:
        logger.error("%s: the stored value is not a %s", row.clave, row.tipo_dato)
        value = row.entry.default_typed if row.entry else None
    return Published(
        clave=row.clave,
        value=value,
        tipo_dato=row.tipo_dato,
        unidad=row.unidad,
        descripcion=row.descripcion,
        updated_at=row.updated_at,
    )
