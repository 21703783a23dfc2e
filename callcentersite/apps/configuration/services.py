"""Read a setting; seed and restore them; undo a change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from opsconsole import OperationError

from . import settings_cache
from .domain.catalog import Entry, catalog, categories
from .domain.values import BadValue, Value, canonical
from .models import Configuracion, ConfiguracionChange


def get(clave: str) -> Value:
    """The setting's value, of its type: ``get("seguridad.session_timeout")`` → 900.

    Cheap: asks the database at most every two seconds, so that every process follows a change
    within five. A key whose row is missing or inactive has the catalogue's default; one that the
    catalogue does not have is read from its row each time, and raises KeyError without one.
    """
    found = settings_cache.values()
    if clave in found:
        return found[clave]
    entry = catalog().get(clave)
    if entry is not None:
        return entry.default_typed
    other = settings_cache.read_one(clave)
    if other is None:
        raise KeyError(clave)
    return other


def get_int(clave: str) -> int:
    """A setting that is a whole number."""
    value = get(clave)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(clave)
    return value


def is_on(clave: str) -> bool:
    """A setting that is yes or no."""
    return get(clave) is True


def get_text(clave: str) -> str:
    """A setting that is a text."""
    return str(get(clave))


def saved_at(clave: str) -> datetime | None:
    """When the setting was last saved, as cheap as its value; None for one without a row."""
    return settings_cache.written_at(clave)


# Defaults


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What restoring a key would change; ``now`` None: the key has no row."""

    clave: str
    now: str | None
    default: str
    unidad: str

    @property
    def is_change(self) -> bool:
        """Whether there is anything to do."""
        return self.now != self.default


def missing(categoria: str) -> list[Entry]:
    """The catalogue's entries of the category that have no row."""
    wanted = [entry for entry in catalog().values() if entry.categoria == categoria]
    known = set(
        Configuracion.objects.filter(clave__in=[one.clave for one in wanted]).values_list(
            "clave", flat=True
        )
    )
    return [entry for entry in wanted if entry.clave not in known]


def seed(categoria: str) -> int:
    """Create the rows that are missing; return how many. A row that is there stays as it is."""
    return sum(created for entry in missing(categoria) for _row, created in [create(entry)])


def create(entry: Entry) -> tuple[Configuracion, bool]:
    """The entry's row with its default, or the one that somebody made meanwhile."""
    row, created = Configuracion.objects.get_or_create(
        clave=entry.clave,
        defaults={
            "categoria": entry.categoria,
            "valor": entry.default,
            "valor_default": entry.default,
            "tipo_dato": entry.tipo_dato,
            "unidad": entry.unidad,
            "descripcion": entry.descripcion,
        },
    )
    return row, created


def differences(claves: Iterable[str]) -> list[Difference]:
    """What restoring the keys would change, in the catalogue's order."""
    wanted = set(claves)
    rows = dict(Configuracion.objects.filter(clave__in=wanted).values_list("clave", "valor"))
    return [
        Difference(
            clave=entry.clave, now=rows.get(entry.clave), default=entry.default, unidad=entry.unidad
        )
        for entry in catalog().values()
        if entry.clave in wanted
    ]


def restore(found: Iterable[Difference]) -> int:
    """Put the defaults back; return how many changed. Refuses what has changed meanwhile."""
    count = 0
    with transaction.atomic():
        for difference in found:
            row, created = create(catalog()[difference.clave])
            if not created:
                row = Configuracion.objects.select_for_update().get(pk=row.pk)
            if (None if created else row.valor) != difference.now:
                raise changed_meanwhile(difference.clave)
            if row.valor != difference.default:
                row.valor = difference.default
                row.save()
            count += difference.is_change
    return count


def changed_meanwhile(clave: str) -> OperationError:
    """The refusal to write over what somebody else has just written."""
    return OperationError(
        _("%(key)s cambió mientras tanto: no se cambió nada.") % {"key": clave},
        cause=_("Otra persona, una corrida o un comando le dio otro valor."),
        remedy=_("Revise el valor de ahora y vuelva a intentarlo."),
    )


def repair(claves: Iterable[str]) -> int:
    """Give keys of the catalogue its type, and the default where their value will not do.

    For rows that something wrote past every check; returns how many there were.
    """
    with transaction.atomic():
        found = Configuracion.objects.select_for_update().filter(clave__in=list(claves))
        rows = [row for row in found if row.entry is not None]
        for row in rows:
            put_right(row, catalog()[row.clave])
    return len(rows)


def put_right(row: Configuracion, entry: Entry) -> None:
    """One of them."""
    row.tipo_dato = entry.tipo_dato
    try:
        canonical(row.clave, row.valor, tipo_dato=entry.tipo_dato, rule=entry.rule)
    except BadValue:
        row.valor = entry.default
    row.save()


# The past


def may_be_reverted(change: ConfiguracionChange) -> bool:
    """Whether there is a value to go back to."""
    return change.action != ConfiguracionChange.Action.CREATED


def revert(change: ConfiguracionChange, *, seen: str | None) -> Configuracion:
    """Give the setting what it had before the change; ``seen`` is the value that was shown.

    Raises OperationError where the setting is no longer as it was shown.
    """
    with transaction.atomic():
        row = Configuracion.objects.select_for_update().filter(clave=clave_of(change)).first()
        if (row.valor if row else None) != seen:
            raise changed_meanwhile(change.clave)
        row = row or Configuracion(clave=clave_of(change))
        for name, (before, _after) in change.other_fields.items():
            setattr(row, name, before)
        row.valor = change.old_valor or ""
        row.save()
    return row


def clave_of(change: ConfiguracionChange) -> str:
    """The key under which the setting is found: the new one, if the change was to the key."""
    return str(change.other_fields.get("clave", [None, change.clave])[1] or change.clave)


__all__ = [
    "Difference",
    "categories",
    "differences",
    "get",
    "get_int",
    "get_text",
    "is_on",
    "may_be_reverted",
    "repair",
    "restore",
    "revert",
    "seed",
]
