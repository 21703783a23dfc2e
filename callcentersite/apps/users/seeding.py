"""Write the catalogue of permissions into an empty database, once."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from opsconsole import OperationError

from .domain.catalog import FILES, Catalog, parse
from .models_permisos_granular import (
    Capacidad,
    Funcion,
    FuncionCapacidad,
    GrupoCapacidad,
    GrupoPermiso,
)

# The tables that the guide wants empty.
MUST_BE_EMPTY = (Funcion, Capacidad, GrupoPermiso)
Say = Callable[[str], None]


class DataExist(OperationError):
    """The guide's refusal, word for word."""

    def __init__(self) -> None:
        super().__init__(
            _("IntegrityError - duplicate key value violates unique constraint"),
            cause=_("Datos ya existen"),
            remedy=_("Eliminar datos existentes o usar fresh database"),
        )


def the_catalog() -> Catalog:
    """The catalogue that comes with the app."""
    folder = files(__package__).joinpath("catalog")
    return parse({name: folder.joinpath(f"{name}.csv").read_text("utf-8") for name in FILES})


def require_empty() -> None:
    """Raise DataExist where there is anything already."""
    if any(model._default_manager.exists() for model in MUST_BE_EMPTY):
        raise DataExist


def seed(catalog: Catalog, *, say: Say) -> dict[str, int]:
    """Create all of it or nothing; return how many rows of what.

    Raises DataExist, also where another process was quicker: the tables are locked only by their
    unique constraints.
    """
    try:
        with transaction.atomic():
            require_empty()
            return create(catalog, say=say)
    except IntegrityError as error:
        raise DataExist from error


def create(catalog: Catalog, *, say: Say) -> dict[str, int]:
    """Four tables and their links."""
    say(_("Creando funciones..."))
    functions = create_functions(catalog)
    say(_("Creando capacidades..."))
    capabilities = create_capabilities(catalog)
    link_functions(catalog, functions, capabilities)
    say(_("Creando grupos..."))
    groups = create_groups(catalog)
    say(_("Asignando capacidades a grupos..."))
    links = link_groups(catalog, groups, capabilities)
    return {
        "funciones": len(functions),
        "capacidades": len(capabilities),
        "grupos": len(groups),
        "asignaciones": links,
    }


def create_functions(catalog: Catalog) -> dict[str, Funcion]:
    """By their full names."""
    made = Funcion.objects.bulk_create(
        Funcion(
            nombre=one.nombre,
            nombre_completo=one.nombre_completo,
            dominio=one.dominio,
            categoria=one.categoria,
            descripcion=one.descripcion,
            icono=one.icono,
            orden_menu=one.orden_menu,
        )
        for one in catalog.funciones
    )
    return {one.nombre_completo: one for one in made}


def create_capabilities(catalog: Catalog) -> dict[str, Capacidad]:
    """By their codes."""
    made = Capacidad.objects.bulk_create(
        Capacidad(
            codigo=one.codigo,
            accion=one.accion,
            nombre=one.nombre,
            nivel_riesgo=one.nivel_riesgo,
            requiere_aprobacion=one.requiere_aprobacion,
            requiere_auditoria=one.requiere_auditoria,
        )
        for one in catalog.capacidades
    )
    return {one.codigo: one for one in made}


def link_functions(
    catalog: Catalog, functions: dict[str, Funcion], capabilities: dict[str, Capacidad]
) -> None:
    """Each capability in its function, in its place."""
    FuncionCapacidad.objects.bulk_create(
        FuncionCapacidad(
            funcion=functions[one.funcion],
            capacidad=capabilities[one.codigo],
            orden=one.orden,
            es_requerida=one.es_requerida,
        )
        for one in catalog.capacidades
    )


def create_groups(catalog: Catalog) -> dict[str, GrupoPermiso]:
    """By their codes."""
    made = GrupoPermiso.objects.bulk_create(
        GrupoPermiso(
            codigo=one.codigo,
            nombre=one.nombre,
            descripcion=one.descripcion,
            categoria=one.categoria,
            nivel_riesgo=one.nivel_riesgo,
            requiere_aprobacion=one.requiere_aprobacion,
            color=one.color,
            icono=one.icono,
        )
        for one in catalog.grupos
    )
    return {one.codigo: one for one in made}


def link_groups(
    catalog: Catalog, groups: dict[str, GrupoPermiso], capabilities: dict[str, Capacidad]
) -> int:
    """What each group may do."""
    made = GrupoCapacidad.objects.bulk_create(
        GrupoCapacidad(grupo=groups[group], capacidad=capabilities[capability])
        for group, capability in catalog.grupo_capacidades
    )
    return len(made)
