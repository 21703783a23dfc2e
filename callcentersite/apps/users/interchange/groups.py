"""Groups with what they may do, from a file: by the rules of ``granting``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callcentersite.apps.audit.services import Action, Target
from callcentersite.apps.common.interchange.deeds import Deed
from callcentersite.apps.common.interchange.importing import Change, Key, Known, Values
from callcentersite.apps.common.interchange.rows import RowImporter
from callcentersite.apps.common.interchange.trail import steps_of

from .. import granting_many
from ..granting import Clase, Grant
from ..models_permisos_granular import Capacidad, GrupoCapacidad, GrupoPermiso, UsuarioGrupo
from ..models_solicitudes import SolicitudAsignacion

SEPARATOR = re.compile(r"[\s,;]+")
CODES = "capacidades"


class GroupImporter(RowImporter):
    """The column of codes is all that the group may do: what it does not name is taken away.

    A capability that requires approval is asked for, in the name of whoever imports; one that
    waits already is no change. Nobody changes a group that she is in, and only a superuser, or
    the terminal, lifts the approval that a group requires: as on its page.
    """

    model = GrupoPermiso
    columns = (
        "codigo",
        "nombre",
        "descripcion",
        "categoria",
        "nivel_riesgo",
        "requiere_aprobacion",
        "color",
        "icono",
        "activo",
        CODES,
    )
    keys = ("codigo",)
    flags = ("requiere_aprobacion", "activo")
    linked = (CODES,)
    defaults = {"requiere_aprobacion": "false", "activo": "true"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        rows = Capacidad.objects.order_by().values_list("codigo", "pk", "requiere_aprobacion")
        self.capabilities = {code: pk for code, pk, _needs in rows}
        self.grave = {code for code, _pk, needs in rows if needs}
        self.own = groups_of(self.by)
        self.asked: dict[Any, set[str]] = {}

    def known(self, keys: Collection[Key]) -> Mapping[Key, Known]:
        found = super().known(keys)
        groups = [one.pk for one in found.values()]
        links = codes_of(GrupoCapacidad.objects.filter(grupo__in=groups))
        self.asked = codes_of(
            SolicitudAsignacion.objects.filter(
                clase=Clase.CAPACIDAD, estado="pendiente", grupo__in=groups
            )
        )
        for one in found.values():
            one.values[CODES] = joined(links[one.pk])
        return found

    def problems(self, values: Values, before: Known | None) -> Iterator[str]:
        yield from super().problems(values, before)
        codes = codes_in(values[CODES])
        unknown = sorted(codes - self.capabilities.keys())
        if unknown:
            yield _("capacidades: no existen: %(codes)s.") % {"codes": ", ".join(unknown)}
        if before is not None:
            codes -= self.asked.get(before.pk, set()) - codes_in(before.values[CODES])
        values[CODES] = joined(codes)
        if before is None or before.values != values:
            yield from self.rule_problems(values, before)

    def rule_problems(self, values: Values, before: Known | None) -> Iterator[str]:
        """What ``granting`` and the group's page refuse."""
        bound = self.by is not None and not self.by.is_superuser
        if bound and before is not None and before.pk in self.own:
            yield _("Nadie cambia sus propios permisos: usted pertenece al grupo.")
        approval = "requiere_aprobacion"
        if bound and before is not None and before.values[approval] != values[approval]:
            yield _("requiere_aprobacion: solo lo cambia quien administra el sistema.")
        if bound and before is not None and self.switches_on_what_is_grave(values, before):
            yield _("activo: requiere aprobación, así que solo lo activa un superusuario.")
        if self.by is None and self.waiting(values, before):
            yield _("Requiere aprobación, y la pide una cuenta: repita con --as USUARIO.")

    def switches_on_what_is_grave(self, values: Values, before: Known) -> bool:
        """Whether the group's members would have again what needs approval."""
        if before.values["activo"] == values["activo"] or values["activo"] != "true":
            return False
        needs = before.values["requiere_aprobacion"] == "true"
        return needs or bool(codes_in(before.values[CODES]) & self.grave)

    def waiting(self, values: Values, before: Known | None) -> set[str]:
        """The new codes that a second person decides about."""
        there = codes_in(before.values[CODES]) if before else set()
        return (codes_in(values[CODES]) - there) & self.grave

    def waits(self, values: Values, before: Known | None) -> str:
        count = len(self.waiting(values, before))
        if not count:
            return ""
        return ngettext(
            "%(count)s capacidad espera aprobación",
            "%(count)s capacidades esperan aprobación",
            count,
        ) % {"count": count}

    def write(self, changes: Sequence[Change]) -> None:
        """The groups, then what they may do through the one place that grants."""
        super().write(changes)
        codes = [one.values["codigo"] for one in changes]
        keys = dict(self.found(codes).order_by().values_list("codigo", "pk"))
        added, removed, waiting = [], [], []
        for one in changes:
            group = keys[one.values["codigo"]]
            wanted = codes_in(one.values[CODES])
            there = codes_in(one.before.values[CODES]) if one.before else set()
            later = self.waiting(one.values, one.before)
            added += self.links(group, wanted - there - later)
            removed += self.links(group, there - wanted)
            waiting += self.links(group, later)
        granting_many.change_links(
            added=added, removed=removed, waiting=waiting, grant=self.grant()
        )

    def deeds(self, change: Change) -> Iterator[Deed]:
        """The group as its page tells of it, and each request."""
        code, why = change.values["codigo"], self.grant().motivo
        there = codes_in(change.before.values[CODES]) if change.before else set()
        wanted, later = codes_in(change.values[CODES]), self.waiting(change.values, change.before)
        detail: dict[str, Any] = {name: pair for name, pair in steps_of(change) if name != CODES}
        detail |= {"added": sorted(wanted - there - later), "removed": sorted(there - wanted)}
        detail |= {"waiting": sorted(later), "why": why}
        yield Deed(Action.GROUP_CHANGED, Target(kind=self.kind, name=code), detail)
        for capability in sorted(later):
            target = Target(kind="users.solicitudasignacion", name=f"{code} · {capability}")
            what = {"group": code, "capability": capability, "why": why}
            yield Deed(Action.REQUEST_MADE, target, {**what, "kind": Clase.CAPACIDAD.value})

    def links(self, group: int, codes: Collection[str]) -> list[granting_many.Link]:
        """The group's key beside each capability's."""
        return [(group, self.capabilities[code]) for code in sorted(codes)]

    def grant(self) -> Grant:
        """By whom, and why: the file."""
        motivo = _("Importación de %(name)s") % {"name": self.name or _("un archivo")}
        return Grant(by=self.by, motivo=motivo[:300], now=self.now)


def codes_in(text: str) -> set[str]:
    """The codes of a cell, however they are separated."""
    return set(filter(None, SEPARATOR.split(text)))


def joined(codes: Collection[str]) -> str:
    """The codes in their one form."""
    return " ".join(sorted(codes))


def codes_of(rows: Any) -> dict[Any, set[str]]:
    """By group, the codes of links or of requests."""
    found: dict[Any, set[str]] = defaultdict(set)
    for group, code in rows.order_by().values_list("grupo_id", "capacidad__codigo"):
        found[group].add(code)
    return found


def groups_of(person: Any) -> set[int]:
    """The groups that she is in, ended ones apart."""
    if person is None:
        return set()
    current = UsuarioGrupo.objects.filter(usuario=person, revocado_el=None)
    return set(current.order_by().values_list("grupo_id", flat=True))
