"""Who is in which group, from a file: by the rules of ``granting``, a row of them at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from callcentersite.apps.audit.services import Action, Target
from callcentersite.apps.common import bulk
from callcentersite.apps.common.interchange.deeds import Deed
from callcentersite.apps.common.interchange.importing import Change, Importer, Key, Known, Values
from callcentersite.apps.common.interchange.texts import TextCheck

from .. import granting_many
from ..granting import Clase
from ..models_permisos_granular import GrupoPermiso, UsuarioGrupo
from ..models_solicitudes import SolicitudAsignacion
from .moments import moment_of, text_of

USERS = get_user_model()._meta.label_lower


class Group(NamedTuple):
    """What has to be known of a group before somebody enters it."""

    pk: int
    activo: bool
    needs_approval: bool


class MembershipImporter(Importer):
    """A new row assigns; one that differs replaces the assignment; what is not there stays.

    A group that requires approval becomes a request, as on the page; one that waits already is no
    change. Nobody assigns to herself.
    """

    columns = ("usuario", "grupo", "motivo", "vence_el")
    keys = ("usuario", "grupo")
    motivo = TextCheck.of(UsuarioGrupo, "motivo")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        waiting = granting_many.groups_that_need_approval()
        rows = GrupoPermiso.objects.order_by().values_list("codigo", "pk", "activo")
        self.groups = {code: Group(pk, active, pk in waiting) for code, pk, active in rows}
        self.people: dict[str, Any] = {}
        self.asked: dict[Key, Values] = {}

    def known(self, keys: Collection[Key]) -> Mapping[Key, Known]:
        """The memberships that nobody has ended; where there is none, the request that waits."""
        self.people = people_named({usuario for usuario, _grupo in keys})
        if not self.people:
            return {}
        names = {pk: name for name, pk in self.people.items()}
        codes = {group.pk: code for code, group in self.groups.items()}
        these = bulk.values(list(names))
        rows = UsuarioGrupo.objects.filter(revocado_el=None, usuario__in=these)
        if self.writing:
            rows = rows.select_for_update()
        requests = SolicitudAsignacion.objects.filter(
            clase=Clase.GRUPO, estado=SolicitudAsignacion.Estado.PENDIENTE, usuario__in=these
        )

        def read(found: Any) -> Iterator[tuple[Key, Known]]:
            fields = ("pk", "usuario_id", "grupo_id", "motivo", "vence_el")
            for pk, usuario, grupo, motivo, until in found.order_by().values_list(*fields):
                key = (names[usuario], codes[grupo])
                cells = (*key, motivo, text_of(until))
                yield key, Known(pk, dict(zip(self.columns, cells, strict=True)))

        waiting = {key: Known(None, one.values) for key, one in read(requests)}
        self.asked = {key: one.values for key, one in waiting.items()}
        return waiting | dict(read(rows))

    def problems(self, values: Values, before: Known | None) -> Iterator[str]:
        values["motivo"] = values["motivo"].strip()
        person, group = self.people.get(values["usuario"]), self.groups.get(values["grupo"])
        yield from self.motivo.problems(values["motivo"])
        yield from self.until_problems(values, before)
        if person is None:
            yield _("usuario: no existe la cuenta «%(name)s».") % {"name": values["usuario"]}
        if group is None:
            yield _("grupo: no existe el grupo «%(code)s».") % {"code": values["grupo"]}
        if person is None or group is None or (before and before.values == values):
            return
        asked = self.asked.get((values["usuario"], values["grupo"]))
        if asked == values and before is not None:
            values.update(before.values)  # it waits already: there is nothing to do
            return
        yield from self.rule_problems(person, group, waits=asked is not None)

    def until_problems(self, values: Values, before: Known | None) -> Iterator[str]:
        """Bring the end to its one form; one that has passed says nothing new."""
        try:
            until = moment_of(values["vence_el"])
        except ValueError as error:
            yield _("vence_el: %(text)s") % {"text": error}
            return
        values["vence_el"] = text_of(until)
        same = before is not None and before.values["vence_el"] == values["vence_el"]
        if until is not None and until <= self.now and not same:
            yield _("vence_el: debe ser posterior a ahora.")

    def rule_problems(self, person: Any, group: Group, *, waits: bool) -> Iterator[str]:
        """What ``granting`` refuses."""
        if self.by is not None and self.by.pk == person and not self.by.is_superuser:
            yield _("Nadie cambia sus propios permisos.")
        if not group.activo:
            yield _("grupo: está inactivo; actívelo antes.")
        if waits:
            yield _("Ya espera aprobación con otros datos: decida antes esa solicitud.")
        elif group.needs_approval and self.by is None:
            yield _("Requiere aprobación, y la pide una cuenta: repita con --as USUARIO.")

    def waits(self, values: Values, before: Known | None) -> str:
        needs = self.groups[values["grupo"]].needs_approval
        return _("espera aprobación") if needs else ""

    def deeds(self, change: Change) -> Iterator[Deed]:
        """As ``granting`` tells of one assignment, or of one request."""
        usuario, grupo = change.values["usuario"], change.values["grupo"]
        detail = {
            "group": grupo,
            "why": change.values["motivo"],
            "until": moment_of(change.values["vence_el"]),
        }
        if change.waits:
            target = Target(kind="users.solicitudasignacion", name=f"{usuario} · {grupo}")
            yield Deed(Action.REQUEST_MADE, target, {**detail, "kind": Clase.GRUPO.value})
            return
        number = str(self.people[usuario])
        yield Deed(Action.GROUP_ASSIGNED, Target(kind=USERS, number=number, name=usuario), detail)

    def write(self, changes: Sequence[Change]) -> None:
        """Memberships end and begin; requests are made."""
        assignments = [
            granting_many.Assignment(
                usuario_id=self.people[one.values["usuario"]],
                grupo_id=self.groups[one.values["grupo"]].pk,
                motivo=one.values["motivo"],
                vence_el=moment_of(one.values["vence_el"]),
                replaces=one.before.pk if one.before else None,
                waits=bool(one.waits),
            )
            for one in changes
        ]
        granting_many.assign_groups(assignments, by=self.by, now=self.now)


def people_named(names: Collection[str]) -> dict[str, Any]:
    """Accounts by their names."""
    users = get_user_model()._default_manager.filter(username__in=bulk.values(list(names)))
    return dict(users.order_by().values_list("username", "pk"))
