"""The settings that the console knows: ``configuraciones.csv``, with what each may be."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from .limits import LIMITS
from .rules import Rule
from .values import Value, typed

PATH = Path(__file__).with_name("configuraciones.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A setting as the catalogue has it; ``default`` is text, as it is stored."""

    categoria: str
    clave: str
    default: str
    tipo_dato: str
    unidad: str
    descripcion: str
    rule: Rule

    @property
    def default_typed(self) -> Value:
        """The default as a value of its type."""
        return typed(self.default, self.tipo_dato)


@cache
def catalog() -> Mapping[str, Entry]:
    """Key → entry, in the catalogue's order."""
    with PATH.open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["clave"]: entry_of(row) for row in csv.DictReader(file)})


def entry_of(row: Mapping[str, str]) -> Entry:
    """A line of the file; KeyError where ``limits`` does not say what the key may be."""
    return Entry(
        categoria=row["categoria"],
        clave=row["clave"],
        default=row["valor"],
        tipo_dato=row["tipo_dato"],
        unidad=row["unidad"],
        descripcion=row["descripcion"],
        rule=LIMITS[row["clave"]],
    )


def categories() -> tuple[str, ...]:
    """The seven categories, in the catalogue's order."""
    return tuple(dict.fromkeys(entry.categoria for entry in catalog().values()))


def rule_for(clave: str, tipo_dato: str) -> Rule:
    """What the key may be: the catalogue's rule, else whatever its type allows."""
    entry = catalog().get(clave)
    return entry.rule if entry else Rule.of_type(tipo_dato)
