"""What must be true of settings, however they were written: their type, and their rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callcentersite.apps.integrity.domain.findings import Offender, Severity, mixed
from callcentersite.apps.integrity.registry import Check, Key, Mend, register

from . import services
from .domain.catalog import catalog, rule_for
from .domain.values import BadValue, canonical
from .models import Configuracion, ConfiguracionBackup

CHUNK = 2_000
Row = tuple[str, str, str]  # key, value, type


def rows() -> Iterator[Row]:
    """Every setting, also those that an import brought."""
    found = Configuracion.objects.order_by("clave").values_list("clave", "valor", "tipo_dato")
    yield from found.iterator(chunk_size=CHUNK)


def has_drifted(row: Row) -> bool:
    """Whether its type is not the one that the catalogue says."""
    entry = catalog().get(row[0])
    return entry is not None and entry.tipo_dato != row[2]


def is_readable(row: Row) -> bool:
    """Whether the value is of its type and within its rule."""
    clave, valor, tipo_dato = row
    try:
        canonical(clave, valor, tipo_dato=tipo_dato, rule=rule_for(clave, tipo_dato))
    except BadValue:
        return False
    return True


def offender(row: Row, text: str) -> Offender:
    """The value itself is not told: it may be a secret."""
    clave, _valor, _tipo = row
    return Offender(
        key=clave, text=text, version=mixed(*row), mendable=clave in catalog(), sought=clave
    )


def unreadable() -> Iterator[Offender]:
    """Of the right type by name, and not by value."""
    for row in rows():
        if not has_drifted(row) and not is_readable(row):
            text = _("%(key)s: su valor no vale como %(type)s; rige el valor por omisión.")
            yield offender(row, text % {"key": row[0], "type": row[2]})


def drifted() -> Iterator[Offender]:
    """Of another type than the catalogue's."""
    for row in rows():
        if has_drifted(row):
            text = _("%(key)s: su tipo es %(type)s y debe ser %(right)s.")
            right = catalog()[row[0]].tipo_dato
            yield offender(row, text % {"key": row[0], "type": row[2], "right": right})


def mend(keys: Sequence[Key]) -> int:
    """The catalogue's type; the value as it is where it will do, else the default."""
    return services.repair([str(key) for key in keys])


def backups_without_file() -> Iterator[Offender]:
    """At most the thirty that are kept."""
    for backup in ConfiguracionBackup.objects.order_by("pk"):
        storage, name = backup.file.storage, str(backup.file.name)
        if not storage.exists(name) or storage.size(name) != backup.size_bytes:
            text = _("Respaldo «%(name)s»: su archivo falta o cambió de tamaño.")
            yield Offender(key=backup.pk, text=text % {"name": backup.name}, mendable=False)


MEND = Mend(
    title=gettext_lazy("Vuelve al tipo del catálogo; si el valor no vale, al valor por omisión."),
    apply=mend,
)
REMEDY = gettext_lazy("Repárelo, o corrija el valor en la página de la configuración.")

register(
    Check(
        name="settings_unreadable",
        title=gettext_lazy("Configuraciones cuyo valor no se puede leer"),
        model="configuration.Configuracion",
        severity=Severity.ERROR,
        explanation=gettext_lazy("Se escribieron por fuera de la consola, y no rigen."),
        remedy=REMEDY,
        find=unreadable,
        in_order=False,
        lookup="clave",
        mend=MEND,
    )
)
register(
    Check(
        name="settings_type_drifted",
        title=gettext_lazy("Configuraciones de otro tipo que el del catálogo"),
        model="configuration.Configuracion",
        severity=Severity.ERROR,
        explanation=gettext_lazy("Quien las lee espera otra clase de valor."),
        remedy=REMEDY,
        find=drifted,
        in_order=False,
        lookup="clave",
        mend=MEND,
    )
)
register(
    Check(
        name="settings_backups_without_file",
        title=gettext_lazy("Respaldos de la configuración sin su archivo"),
        model="configuration.ConfiguracionBackup",
        severity=Severity.ERROR,
        explanation=gettext_lazy("Ese respaldo no se puede descargar ni restaurar."),
        remedy=gettext_lazy("Haga otro: python manage.py backup_configuration"),
        find=backups_without_file,
    )
)
