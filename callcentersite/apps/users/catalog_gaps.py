"""What the database lacks of the catalogue that came with the app, and putting it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Max

from . import seeding
from .domain.catalog import CapacidadEntry
from .models_permisos_granular import (
    Capacidad,
    Funcion,
    FuncionCapacidad,
    GrupoCapacidad,
    GrupoPermiso,
)


def is_seeded() -> bool:
    """Whether there is anything of it at all."""
    return any(model._default_manager.exists() for model in seeding.MUST_BE_EMPTY)


def functions() -> list[str]:
    """Full names."""
    known = set(Funcion.objects.values_list("nombre_completo", flat=True))
    wanted = [one.nombre_completo for one in seeding.the_catalog().funciones]
    return [name for name in wanted if name not in known]


def capabilities() -> list[str]:
    """Codes."""
    known = set(Capacidad.objects.values_list("codigo", flat=True))
    wanted = [one.codigo for one in seeding.the_catalog().capacidades]
    return [code for code in wanted if code not in known]


def groups() -> list[str]:
    """Codes."""
    known = set(GrupoPermiso.objects.values_list("codigo", flat=True))
    wanted = [one.codigo for one in seeding.the_catalog().grupos]
    return [code for code in wanted if code not in known]


def function_links() -> list[str]:
    """Codes of capabilities that are not in their function."""
    found = FuncionCapacidad.objects.values_list("funcion__nombre_completo", "capacidad__codigo")
    known = set(found)
    return [
        one.codigo
        for one in seeding.the_catalog().capacidades
        if (one.funcion, one.codigo) not in known
    ]


def group_links() -> list[tuple[str, str]]:
    """Codes of groups that are there, and of capabilities that they lack."""
    known = set(GrupoCapacidad.objects.values_list("grupo__codigo", "capacidad__codigo"))
    absent = set(groups())
    wanted = seeding.the_catalog().grupo_capacidades
    return [link for link in wanted if link not in known and link[0] not in absent]


# Putting it back


def add_functions(names: Sequence[str]) -> int:
    """Those of the catalogue with these names."""
    catalog = seeding.the_catalog()
    wanted = tuple(one for one in catalog.funciones if one.nombre_completo in names)
    return len(seeding.create_functions(replace(catalog, funciones=wanted)))


def add_capabilities(codes: Sequence[str]) -> int:
    """Those of the catalogue with these codes."""
    catalog = seeding.the_catalog()
    wanted = tuple(one for one in catalog.capacidades if one.codigo in codes)
    return len(seeding.create_capabilities(replace(catalog, capacidades=wanted)))


def add_groups(codes: Sequence[str]) -> int:
    """Those of the catalogue with these codes, without capabilities: people give these."""
    catalog = seeding.the_catalog()
    wanted = tuple(one for one in catalog.grupos if one.codigo in codes)
    return len(seeding.create_groups(replace(catalog, grupos=wanted)))


def add_function_links(codes: Sequence[str]) -> int:
    """Each capability in its function: in its place, or at the end where somebody took that."""
    catalog = seeding.the_catalog()
    wanted = [one for one in catalog.capacidades if one.codigo in codes]
    functions = {one.nombre_completo: one for one in Funcion.objects.all()}
    capabilities = {one.codigo: one for one in Capacidad.objects.all()}
    for one in wanted:
        entry = replace(catalog, capacidades=(placed(one),))
        seeding.link_functions(entry, functions, capabilities)
    return len(wanted)


def placed(entry: CapacidadEntry) -> CapacidadEntry:
    """The entry with a place that is free in its function."""
    there = FuncionCapacidad.objects.filter(funcion__nombre_completo=entry.funcion)
    if not there.filter(orden=entry.orden).exists():
        return entry
    last = there.aggregate(last=Max("orden"))["last"] or 0
    return replace(entry, orden=last + 1)
