"""The guide's command: fill an empty permission system from the catalogue."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opsconsole import Effect, Figure, Operation, Plan

from .. import seeding
from ..domain.catalog import Catalog

if TYPE_CHECKING:
    from opsconsole import RunContext


class SeedPermisosGranular(Operation):
    """All or nothing, and only once: where data exist it refuses and changes nothing."""

    name = "seed_permisos_granular"
    title = gettext_lazy("Poblar permisos")
    description = gettext_lazy(
        "Crea las 13 funciones, las 78 capacidades y los 10 grupos del catálogo, con sus enlaces. "
        "Se hace una sola vez: donde ya hay datos falla y no cambia nada."
    )
    section = gettext_lazy("Puesta en marcha")
    effect = Effect.WRITES
    exclusive = True
    timeout_seconds = 300
    figures = (
        Figure("funciones", gettext_lazy("Funciones")),
        Figure("capacidades", gettext_lazy("Capacidades")),
        Figure("grupos", gettext_lazy("Grupos")),
        Figure(
            "asignaciones",
            gettext_lazy("Asignaciones"),
            gettext_lazy("capacidades dadas a los grupos"),
        ),
    )

    def plan(self, params: dict[str, Any]) -> Plan:
        """What will be created; raises the guide's refusal where it cannot."""
        seeding.require_empty()
        catalog = seeding.the_catalog()
        links = len(catalog.capacidades) + len(catalog.grupo_capacidades)
        rows = len(catalog.funciones) + len(catalog.capacidades) + len(catalog.grupos) + links
        return Plan(
            summary=_(
                "Se crearán %(functions)s funciones, %(capabilities)s capacidades y %(groups)s "
                "grupos, y %(links)s enlaces entre ellos."
            )
            % {
                "functions": len(catalog.funciones),
                "capabilities": len(catalog.capacidades),
                "groups": len(catalog.grupos),
                "links": links,
            },
            rows=rows,
            lines=tuple(lines(catalog)),
            seal=seal_of(catalog),
            warnings=(_("Los grupos quedan sin personas: asígnelas después, con su motivo."),),
        )

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """The guide's six lines, and the rows."""
        ctx.say(_("Iniciando seed de permisos granular..."))
        created = seeding.seed(seeding.the_catalog(), say=ctx.say)
        ctx.figures(**created)
        ctx.say(_("Seed completado exitosamente"))
        return created


def seal_of(catalog: Catalog) -> str:
    """All that would be written, in no language."""
    text = json.dumps(asdict(catalog), default=sorted, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def lines(catalog: Catalog) -> list[dict[str, Any]]:
    """A line per group: what it will be able to do, and how grave that is."""
    counts = dict.fromkeys((one.codigo for one in catalog.grupos), 0)
    for group, _capability in catalog.grupo_capacidades:
        counts[group] += 1
    return [
        {
            _("Grupo"): one.nombre,
            _("Capacidades"): counts[one.codigo],
            _("Riesgo"): one.nivel_riesgo,
            _("Aprobación"): _("de una segunda persona")
            if one.requiere_aprobacion
            else _("no hace falta"),
        }
        for one in catalog.grupos
    ]
