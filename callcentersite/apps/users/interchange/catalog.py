"""Functions and capabilities from a file: what the seed writes once, brought over or mended."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from callcentersite.apps.common import bulk
from callcentersite.apps.common.interchange.importing import Change, Key, Known, Values
from callcentersite.apps.common.interchange.rows import RowImporter

from ..models_permisos_granular import Capacidad, Funcion, FuncionCapacidad

CODES = "capacidades"
ENTRY = re.compile(r"([0-9]{1,4}):([^\s:,;]+)(:requerida)?")
MOST_ORDER = 32_767
Entry = tuple[int, str, bool]  # its order, the capability's code, whether the function needs it


class CapacidadImporter(RowImporter):
    """What may be done. Whoever imports it decides what waits for approval."""

    model = Capacidad
    columns = (
        "codigo", "accion", "nombre", "nivel_riesgo", "requiere_aprobacion", "requiere_auditoria",
    )  # fmt: skip
    keys = ("codigo",)
    flags = ("requiere_aprobacion", "requiere_auditoria")
    defaults = dict.fromkeys(flags, "false")

    def problems(self, values: Values, before: Known | None) -> Iterator[str]:
        yield from super().problems(values, before)
        if not values["codigo"].endswith(f".{values['accion']}"):
            yield _("codigo: termina en un punto y su acción.")


class FuncionImporter(RowImporter):
    """A function, and its capabilities in their order: ``1:codigo:requerida 2:otro``."""

    model = Funcion
    columns = (
        "nombre_completo", "nombre", "dominio", "categoria", "descripcion", "icono", "orden_menu",
        CODES,
    )  # fmt: skip
    keys = ("nombre_completo",)
    linked = (CODES,)
    defaults = {"orden_menu": "0"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.capabilities = dict(Capacidad.objects.order_by().values_list("codigo", "pk"))
        names = Funcion.objects.order_by().values_list("nombre", "nombre_completo")
        self.names = dict(names)

    def known(self, keys: Collection[Key]) -> Mapping[Key, Known]:
        found = super().known(keys)
        links = entries_of([one.pk for one in found.values()])
        for one in found.values():
            one.values[CODES] = text_of(links.get(one.pk, []))
        return found

    def problems(self, values: Values, before: Known | None) -> Iterator[str]:
        values["orden_menu"] = values["orden_menu"].strip().lstrip("0") or "0"
        yield from super().problems(values, before)
        other = self.names.setdefault(values["nombre"], values["nombre_completo"])
        if other != values["nombre_completo"]:
            yield _("nombre: ya es el de %(other)s.") % {"other": other}
        try:
            entries = entries_in(values[CODES])
        except ValueError as error:
            yield _("capacidades: %(text)s") % {"text": error}
            return
        unknown = sorted({code for _order, code, _needed in entries} - self.capabilities.keys())
        if unknown:
            yield _("capacidades: no existen: %(codes)s.") % {"codes": ", ".join(unknown)}
        values[CODES] = text_of(entries)

    def write(self, changes: Sequence[Change]) -> None:
        """The functions; the links of those whose capabilities changed are made anew."""
        super().write(changes)
        relinked = [
            one
            for one in changes
            if one.before is None or one.before.values[CODES] != one.values[CODES]
        ]
        names = [one.values["nombre_completo"] for one in relinked]
        keys = dict(self.found(names).order_by().values_list("nombre_completo", "pk"))
        FuncionCapacidad.objects.filter(funcion__in=keys.values()).delete()
        bulk.insert(
            FuncionCapacidad,
            ("funcion_id", "capacidad_id", "orden", "es_requerida"),
            (
                (keys[one.values["nombre_completo"]], self.capabilities[code], order, needed)
                for one in relinked
                for order, code, needed in entries_in(one.values[CODES])
            ),
        )


def entries_in(text: str) -> list[Entry]:
    """The links of a cell, in their order; ValueError, with the sentence, for anything else."""
    entries: list[Entry] = []
    for word in re.split(r"[\s,;]+", text.strip()) if text.strip() else ():
        found = ENTRY.fullmatch(word)
        if found is None or int(found[1]) > MOST_ORDER:
            raise ValueError(_("«%(word)s» no es orden:codigo ni orden:codigo:requerida.")
                             % {"word": word})  # fmt: skip
        entries.append((int(found[1]), found[2], found[3] is not None))
    for place in (0, 1):
        if len({entry[place] for entry in entries}) < len(entries):
            raise ValueError(_("un orden o un código está repetido."))
    return sorted(entries)


def text_of(entries: list[Entry]) -> str:
    """The links in their one form."""
    return " ".join(
        f"{order}:{code}{':requerida' if needed else ''}" for order, code, needed in sorted(entries)
    )


def entries_of(functions: Collection[Any]) -> dict[Any, list[Entry]]:
    """By function, its links."""
    found: dict[Any, list[Entry]] = {}
    links = FuncionCapacidad.objects.filter(funcion__in=functions).select_related("capacidad")
    for link in links.order_by():
        entry = (link.orden, link.capacidad.codigo, link.es_requerida)
        found.setdefault(link.funcion_id, []).append(entry)
    return found
