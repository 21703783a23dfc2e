"""What a client may be let do; its account must have the right as well."""

from __future__ import annotations

from collections.abc import Iterable

CONFIGURATION = "configuracion"
SEE_OPERATIONS = "operaciones.ver"
LAUNCH = "operaciones.lanzar"
METRICS = "tableros"
# The settings that other systems are there to obey. Those of seguridad say how to attack us.
USUAL = (f"{CONFIGURATION}.llamadas", f"{CONFIGURATION}.tickets")


def configuration(categoria: str) -> str:
    """The scope that publishes a category of settings."""
    return f"{CONFIGURATION}.{categoria}"


def all_scopes(categorias: Iterable[str]) -> list[str]:
    """Every scope that there is, in the order in which people choose."""
    return [*map(configuration, categorias), SEE_OPERATIONS, LAUNCH, METRICS]


def categories_in(scopes: Iterable[str]) -> frozenset[str]:
    """The categories that the scopes publish."""
    start = f"{CONFIGURATION}."
    return frozenset(one.removeprefix(start) for one in scopes if one.startswith(start))
