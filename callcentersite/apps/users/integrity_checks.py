"""What must be true of permissions: the catalogue is whole, and what has ended has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.integrity.domain.findings import Offender, Severity
from callcentersite.apps.integrity.registry import Check, Key, Mend, register
from callcentersite.apps.integrity.rows import offenders
from opsconsole.text import Text

from . import catalog_gaps, overlaps
from .granting_many import annul_covered, end_expired
from .models_permisos_granular import UsuarioGrupo

# The catalogue. Functions before capabilities before links: mended in this order.

SEED = gettext_lazy("Repárelo; si el catálogo está vacío: python manage.py seed_permisos_granular")


def missing_functions() -> Iterator[Offender]:
    """Of thirteen; an empty catalogue is one thing that is wrong, not a hundred."""
    if not catalog_gaps.is_seeded():
        yield Offender(key="–", text=_("El catálogo de permisos está vacío."), mendable=False)
        return
    yield from missing(catalog_gaps.functions(), gettext_lazy("Falta la función «%(key)s»."))


def missing_capabilities() -> Iterator[Offender]:
    """Of seventy-eight."""
    yield from missing(catalog_gaps.capabilities(), gettext_lazy("Falta la capacidad «%(key)s»."))


def missing_function_links() -> Iterator[Offender]:
    """Of seventy-eight."""
    text = gettext_lazy("La capacidad «%(key)s» no está en su función.")
    yield from missing(catalog_gaps.function_links(), text)


def missing_groups() -> Iterator[Offender]:
    """Of ten."""
    yield from missing(catalog_gaps.groups(), gettext_lazy("Falta el grupo «%(key)s»."))


def missing(keys: list[str], text: Text) -> Iterator[Offender]:
    """One for each, in a catalogue that was seeded."""
    if catalog_gaps.is_seeded():
        yield from (Offender(key=key, text=str(text) % {"key": key}) for key in keys)


def missing_group_links() -> Iterator[Offender]:
    """Of seventy-five; somebody may have meant it."""
    if catalog_gaps.is_seeded():
        for group, capability in catalog_gaps.group_links():
            yield Offender(
                key=f"{group} {capability}",
                text=_("El grupo «%(group)s» no tiene la capacidad «%(capability)s».")
                % {"group": group, "capability": capability},
                mendable=False,
                sought=group,
            )


def texts(add: Callable[[Sequence[str]], int]) -> Callable[[Sequence[Key]], int]:
    """Keys of the catalogue are texts."""
    return lambda keys: add([str(key) for key in keys])


def register_catalog(
    name: str,
    *,
    model: str,
    title: Text,
    find: Callable[[], Iterator[Offender]],
    add: Callable[[Sequence[str]], int],
    mend: Text,
    **more: Any,
) -> None:
    """One of the four parts that can be put back."""
    register(
        Check(
            name=name,
            title=title,
            model=model,
            severity=Severity.ERROR,
            explanation=gettext_lazy(
                "Se borró por fuera de la consola. Lo que el catálogo no tiene se niega a todos."
            ),
            remedy=SEED,
            find=find,
            in_order=False,
            lookup="",
            mend=Mend(title=mend, apply=texts(add)),
            **more,
        )
    )


register_catalog(
    "catalog_functions_missing",
    model="users.Funcion",
    title=gettext_lazy("Funciones del catálogo que faltan"),
    find=missing_functions,
    add=catalog_gaps.add_functions,
    mend=gettext_lazy("Se crea como está en el catálogo."),
)
register_catalog(
    "catalog_capabilities_missing",
    model="users.Capacidad",
    title=gettext_lazy("Capacidades del catálogo que faltan"),
    find=missing_capabilities,
    add=catalog_gaps.add_capabilities,
    mend=gettext_lazy("Se crea como está en el catálogo; ningún grupo la tiene todavía."),
)
register_catalog(
    "catalog_function_links_missing",
    model="users.FuncionCapacidad",
    title=gettext_lazy("Capacidades fuera de su función"),
    find=missing_function_links,
    add=catalog_gaps.add_function_links,
    mend=gettext_lazy("Vuelve a su función."),
    listed="users.Funcion",
)
register_catalog(
    "catalog_groups_missing",
    model="users.GrupoPermiso",
    title=gettext_lazy("Grupos del catálogo que faltan"),
    find=missing_groups,
    add=catalog_gaps.add_groups,
    mend=gettext_lazy("Se crea vacío: sus capacidades las da una persona."),
)
register(
    Check(
        name="catalog_group_links_missing",
        title=gettext_lazy("Grupos sin alguna capacidad del catálogo"),
        model="users.GrupoCapacidad",
        severity=Severity.WARNING,
        explanation=gettext_lazy(
            "Alguien la quitó, a propósito o por fuera de la consola; la historia del grupo lo "
            "dice."
        ),
        remedy=gettext_lazy(
            "Désela al grupo en su página, con aprobación si la exige. Dar permisos nunca se "
            "repara solo."
        ),
        find=missing_group_links,
        in_order=False,
        listed="users.GrupoPermiso",
        lookup="codigo",
    )
)


# People, whom a run's log and files do not name: the lists do, to whoever may see them.


def expired_memberships() -> Iterator[Offender]:
    """Over, and nobody wrote that down."""
    rows = UsuarioGrupo.objects.filter(revocado_el=None, vence_el__lte=timezone.now())
    return offenders(
        rows,
        *("grupo__codigo", "vence_el"),
        says=lambda key, group, until: (
            _("Asignación %(key)s, al grupo «%(group)s»: venció y sigue activa.")
            % {"key": key, "group": group}
        ),
    )


def end_memberships(keys: Sequence[Key]) -> int:
    """They end when they expired."""
    return end_expired(keys, now=timezone.now())


def repeated_exceptions() -> Iterator[Offender]:
    """Said by another one as well."""
    return exceptions(
        overlaps.covered(timezone.now()),
        gettext_lazy("Excepción %(key)s, %(kind)s «%(code)s»: ya lo dice otra."),
    )


def overlapping_exceptions() -> Iterator[Offender]:
    """At once with an earlier one, and not the same."""
    return exceptions(
        overlaps.overlapping(timezone.now()),
        gettext_lazy("Excepción %(key)s, %(kind)s «%(code)s»: se cruza con otra."),
    )


def exceptions(rows: Any, text: Text) -> Iterator[Offender]:
    """Each in a sentence."""
    return offenders(
        rows,
        *("capacidad__codigo", "tipo", "usuario_id", "desde", "hasta"),
        says=lambda key, code, kind, *rest: str(text) % {"key": key, "code": code, "kind": kind},
    )


def annul(keys: Sequence[Key]) -> int:
    """The other one stays."""
    return annul_covered(keys, now=timezone.now())


register(
    Check(
        name="memberships_expired",
        title=gettext_lazy("Asignaciones vencidas que siguen activas"),
        model="users.UsuarioGrupo",
        severity=Severity.WARNING,
        explanation=gettext_lazy("Ya no dan ningún permiso, pero las listas las muestran vivas."),
        remedy=gettext_lazy("Repárelas, o asigne el grupo de nuevo si debe seguir."),
        find=expired_memberships,
        mend=Mend(
            title=gettext_lazy("Quedan revocadas el día en que vencieron; nadie pierde nada."),
            apply=end_memberships,
        ),
    )
)
register(
    Check(
        name="exceptions_repeated",
        title=gettext_lazy("Excepciones que otra ya dice"),
        model="users.PermisoExcepcional",
        severity=Severity.WARNING,
        explanation=gettext_lazy(
            "La misma persona, la misma capacidad y el mismo tipo, dentro del plazo de otra. "
            "Anular una sola de las dos no cambiaría nada, y engaña."
        ),
        remedy=gettext_lazy("Repárelas, o anule una en su página."),
        find=repeated_exceptions,
        mend=Mend(
            title=gettext_lazy("Se anulan; los permisos de la persona no cambian."), apply=annul
        ),
    )
)
register(
    Check(
        name="exceptions_overlapping",
        title=gettext_lazy("Excepciones que se cruzan"),
        model="users.PermisoExcepcional",
        severity=Severity.WARNING,
        explanation=gettext_lazy(
            "Dos excepciones de la misma persona y capacidad rigen a la vez. Si una concede y otra "
            "revoca, gana la que revoca."
        ),
        remedy=gettext_lazy("Decida cuál vale y anule la otra en su página."),
        find=overlapping_exceptions,
    )
)
