"""The catalogue of permissions: four CSV texts, read and judged before anything is written."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

# What the guide promises.
FUNCIONES, CAPACIDADES, GRUPOS, FUNCTION_LINKS, GROUP_LINKS = 13, 78, 10, 78, 75
RISKS = ("bajo", "medio", "alto", "critico")
BOOLEANS = {"true": True, "false": False}
FILES = ("funciones", "capacidades", "grupos", "grupo_capacidades")


class CatalogError(ValueError):
    """The catalogue contradicts itself or the guide; each of ``problems`` is a sentence."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class FuncionEntry:
    """A function of the system; ``nombre_completo`` names it everywhere else."""

    nombre: str
    nombre_completo: str
    dominio: str
    categoria: str
    descripcion: str
    icono: str
    orden_menu: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacidadEntry:
    """Something that may be done within a function."""

    codigo: str
    funcion: str
    accion: str
    orden: int
    nombre: str
    nivel_riesgo: str
    requiere_aprobacion: bool
    requiere_auditoria: bool
    es_requerida: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GrupoEntry:
    """A group of people by what they do."""

    codigo: str
    nombre: str
    descripcion: str
    categoria: str
    nivel_riesgo: str
    requiere_aprobacion: bool
    color: str
    icono: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything that the seed creates; ``grupo_capacidades`` are pairs of codes."""

    funciones: tuple[FuncionEntry, ...]
    capacidades: tuple[CapacidadEntry, ...]
    grupos: tuple[GrupoEntry, ...]
    grupo_capacidades: tuple[tuple[str, str], ...]


def parse(texts: Mapping[str, str]) -> Catalog:
    """Read the four texts, by the names of FILES; raise CatalogError with all that is wrong."""
    try:
        catalog = Catalog(
            funciones=tuple(map(funcion_of, rows(texts["funciones"]))),
            capacidades=tuple(map(capacidad_of, rows(texts["capacidades"]))),
            grupos=tuple(map(grupo_of, rows(texts["grupos"]))),
            grupo_capacidades=tuple(
                (row["grupo"], row["capacidad"]) for row in rows(texts["grupo_capacidades"])
            ),
        )
    except (KeyError, ValueError) as error:
        raise CatalogError([f"No se puede leer el catálogo: {error!r}."]) from error
    problems = tuple(problems_of(catalog))
    if problems:
        raise CatalogError(problems)
    return catalog


def rows(text: str) -> list[dict[str, str]]:
    """The lines of a CSV text by the names of its first line."""
    return list(csv.DictReader(text.splitlines(), strict=True))


def funcion_of(row: Mapping[str, str]) -> FuncionEntry:
    """A line of funciones.csv."""
    return FuncionEntry(**{**row, "orden_menu": int(row["orden_menu"])})  # type: ignore[arg-type]


def capacidad_of(row: Mapping[str, str]) -> CapacidadEntry:
    """A line of capacidades.csv."""
    flags = ("requiere_aprobacion", "requiere_auditoria", "es_requerida")
    typed = {"orden": int(row["orden"])} | {flag: BOOLEANS[row[flag]] for flag in flags}
    return CapacidadEntry(**{**row, **typed})  # type: ignore[arg-type]


def grupo_of(row: Mapping[str, str]) -> GrupoEntry:
    """A line of grupos.csv."""
    approval = BOOLEANS[row["requiere_aprobacion"]]
    return GrupoEntry(**{**row, "requiere_aprobacion": approval})  # type: ignore[arg-type]


def problems_of(catalog: Catalog) -> Iterator[str]:
    """What contradicts the guide or the rest of the catalogue."""
    yield from wrong_counts(catalog)
    functions = [one.nombre_completo for one in catalog.funciones]
    capabilities = [one.codigo for one in catalog.capacidades]
    groups = [one.codigo for one in catalog.grupos]
    for name, values in (
        ("funciones.csv", functions),
        ("capacidades.csv", capabilities),
        ("grupos.csv", groups),
        ("grupo_capacidades.csv", list(catalog.grupo_capacidades)),
    ):
        yield from (f"{name}: {value!r} está repetido." for value in repeated(values))
    for one in catalog.capacidades:
        if one.funcion not in functions:
            yield f"capacidades.csv: {one.codigo} nombra la función desconocida {one.funcion!r}."
        if one.codigo != f"{one.funcion}.{one.accion}":
            yield f"capacidades.csv: {one.codigo} no es su función y su acción."
    risks = [(each.codigo, each.nivel_riesgo) for each in catalog.capacidades]
    for code, risk in [*risks, *((each.codigo, each.nivel_riesgo) for each in catalog.grupos)]:
        if risk not in RISKS:
            yield f"{code}: el riesgo {risk!r} no existe."
    for group, capability in catalog.grupo_capacidades:
        if group not in groups or capability not in capabilities:
            yield f"grupo_capacidades.csv: {group} → {capability} no existe."


def wrong_counts(catalog: Catalog) -> Iterator[str]:
    """Where a count is not the guide's."""
    for name, found, promised in (
        ("funciones", len(catalog.funciones), FUNCIONES),
        ("capacidades", len(catalog.capacidades), CAPACIDADES),
        ("grupos", len(catalog.grupos), GRUPOS),
        ("grupo_capacidades", len(catalog.grupo_capacidades), GROUP_LINKS),
    ):
        if found != promised:
            yield f"{name}.csv: {found} filas; se esperaban {promised}."


def repeated(values: Iterable[object]) -> list[object]:
    """Those that come more than once."""
    return [value for value, times in Counter(values).items() if times > 1]
