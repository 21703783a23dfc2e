"""What a database says when it fails, as three lines for people; never with its own words in them.

A driver's text may quote an address, a user, a row. Only names that the ETL itself asked for are
taken from it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, IntegrityError, connections
from django.utils.connection import ConnectionDoesNotExist
from django.utils.translation import gettext as _

from opsconsole import OperationError

# MariaDB's numbers for: who are you, which database, which table, which column.
DENIED = frozenset({1044, 1045, 1130, 1142, 1143, 1227, 1698})
NO_DATABASE, NO_TABLE, NO_COLUMN = 1049, 1146, 1054
MISSING_TABLE = re.compile(
    r"no such table: (?:\w+\.)?(\w+)|Table '(?:[^'.]+\.)?(\w+)' doesn't exist"
)
MISSING_COLUMN = re.compile(r"no such column: (?:\w+\.)?(\w+)|Unknown column '(?:[^'.]+\.)?(\w+)'")
FULL = re.compile(r"disk is full|No space left|could not extend", re.IGNORECASE)


def legacy_connection() -> Any:
    """Django's connection to the legacy database, or three lines that say what is missing."""
    try:
        return connections["legacy"]
    except ConnectionDoesNotExist as error:
        raise OperationError(
            _("ImproperlyConfigured - DATABASES['legacy'] no existe"),
            cause=_("Base legacy sin configurar"),
            remedy=_("Definir la variable de entorno LEGACY_DATABASE_URL"),
        ) from error
    except ImproperlyConfigured as error:
        raise OperationError(
            _("ImproperlyConfigured - falta el controlador de la base legacy"),
            cause=_("Paquete mysqlclient no instalado"),
            remedy=_("Instalar requirements/mariadb.txt"),
        ) from error


@contextmanager
def reading() -> Iterator[None]:
    """Errors of the legacy database, told."""
    try:
        yield
    except Error as error:
        raise legacy_error(error) from error


@contextmanager
def writing() -> Iterator[None]:
    """Errors of the analytics database, told; a broken constraint is a bug and stays one."""
    try:
        yield
    except IntegrityError:
        raise
    except Error as error:
        raise target_error(error) from error


def legacy_error(error: Error) -> OperationError:
    """What went wrong on the side of the IVR."""
    code, text = (error.args[0] if error.args else None), str(error)
    if (column := MISSING_COLUMN.search(text)) or code == NO_COLUMN:
        return _schema_differs(_("falta la columna «%(name)s»") % {"name": _name(column)}, error)
    if (table := MISSING_TABLE.search(text)) or code == NO_TABLE:
        return _schema_differs(_("falta la tabla «%(name)s»") % {"name": _name(table)}, error)
    if code in DENIED:
        return OperationError(
            _("%(kind)s - access denied") % {"kind": _kind(error)},
            cause=_("La base legacy rechaza al usuario o su clave"),
            remedy=_("Verificar usuario y clave de DATABASES['legacy'] y su permiso de lectura"),
        )
    if code == NO_DATABASE:
        return OperationError(
            _("%(kind)s - unknown database") % {"kind": _kind(error)},
            cause=_("La base ivr_legacy no existe en ese servidor"),
            remedy=_("Verificar el nombre en DATABASES['legacy']"),
        )
    return OperationError(
        _("%(kind)s - database connection failed") % {"kind": _kind(error)},
        cause=_("Base legacy no accesible"),
        remedy=_("Verificar configuracion DATABASES['legacy']"),
    )


def target_error(error: Error) -> OperationError:
    """What went wrong on the side of analytics."""
    state, text = getattr(error.__cause__, "sqlstate", None) or "", str(error)
    if state == "53100" or FULL.search(text):
        return OperationError(
            _("%(kind)s - disk full") % {"kind": _kind(error)},
            cause=_("La base analytics se quedó sin espacio; quedaron solo lotes completos"),
            remedy=_("Liberar espacio y ejecutar de nuevo: continúa donde quedó"),
        )
    if state == "42P01" or "no such table" in text:
        return OperationError(
            _("%(kind)s - missing table") % {"kind": _kind(error)},
            cause=_("Tablas de destino sin crear"),
            remedy=_("Ejecutar python manage.py migrate"),
        )
    if state == "28P01" or "authentication failed" in text:
        return OperationError(
            _("%(kind)s - access denied") % {"kind": _kind(error)},
            cause=_("La base analytics rechaza al usuario o su clave"),
            remedy=_("Verificar usuario y clave de DATABASES['default']"),
        )
    if "database is locked" in text:
        return OperationError(
            _("%(kind)s - database is locked") % {"kind": _kind(error)},
            cause=_("Otro proceso retiene la base analytics"),
            remedy=_("Esperar a que termine y ejecutar de nuevo: continúa donde quedó"),
        )
    if not _is_connection_lost(state, error):
        return OperationError(
            _("%(kind)s - write refused") % {"kind": _kind(error)},
            cause=_("La base analytics rechazó un lote (código %(code)s)") % {"code": state or "?"},
            remedy=_("Revisar el registro del servidor; ningún lote quedó a medias"),
        )
    return OperationError(
        _("%(kind)s - database connection failed") % {"kind": _kind(error)},
        cause=_("Base analytics no accesible"),
        remedy=_("Verificar configuracion DATABASES['default']"),
    )


def _is_connection_lost(state: str, error: Error) -> bool:
    """No state at all (the server never answered), class 08, or a server going down."""
    return (not state and _kind(error) != "DataError") or state[:2] == "08" or state[:3] == "57P"


def _schema_differs(what: str, error: Error) -> OperationError:
    return OperationError(
        _("%(kind)s - %(what)s en la base legacy") % {"kind": _kind(error), "what": what},
        cause=_("El esquema de ivr_legacy no es el esperado"),
        remedy=_("Comparar con callcentersite/apps/etl/legacy/ivr_legacy.sql"),
    )


def _kind(error: Error) -> str:
    return type(error).__name__


def _name(match: re.Match[str] | None) -> str:
    return next(filter(None, match.groups()), "?") if match else "?"
