"""A database that does not answer, said in three lines instead of a driver's words."""

from __future__ import annotations

from typing import TypeGuard

from django.db import Error, InterfaceError, OperationalError, ProgrammingError
from django.utils.translation import gettext as _

from .exceptions import OperationError
from .masking import Masker

# What the drivers say, in lower case, and what it comes to.
FULL = ("no space left", "disk full", "database or disk is full")
MISSING_TABLE = ("no such table", "undefined table", "does not exist", "doesn't exist")
LOCKED = ("database is locked", "table is locked", "deadlock", "lock timeout", "lock wait timeout")
REFUSED = ("password authentication failed", "access denied")


def is_missing_table(error: BaseException) -> TypeGuard[ProgrammingError]:
    """PostgreSQL and MariaDB call it a ProgrammingError, SQLite an OperationalError."""
    return isinstance(error, ProgrammingError) and any(
        sign in str(error).lower() for sign in MISSING_TABLE
    )


def explain(error: Error) -> OperationError:
    """What the database's error means for the person in front of it; never shows a password."""
    text = str(error)
    lowered = text.lower()
    name = type(error).__name__
    if any(sign in lowered for sign in FULL):
        return OperationError(
            _("%(name)s - disco lleno") % {"name": name},
            cause=_("No queda espacio en el disco de la base de datos."),
            remedy=_("Libere espacio y repita la operación; nada quedó a medias."),
        )
    if any(sign in lowered for sign in MISSING_TABLE):
        return OperationError(
            _("%(name)s - falta una tabla o una base de datos") % {"name": name},
            cause=first_line(text),
            remedy=_("Ejecute: python manage.py migrate"),
        )
    if any(sign in lowered for sign in LOCKED):
        return OperationError(
            _("%(name)s - base de datos ocupada") % {"name": name},
            cause=_("Otro proceso la tuvo bloqueada demasiado tiempo."),
            remedy=_("Espere a que termine y vuelva a intentarlo."),
        )
    if any(sign in lowered for sign in REFUSED):
        return OperationError(
            _("%(name)s - acceso denegado a la base de datos") % {"name": name},
            cause=_("El usuario o la contraseña no son válidos."),
            remedy=_("Verifique DATABASE_URL y OPS_DATABASE_URL."),
        )
    if not isinstance(error, (OperationalError, InterfaceError)):
        return OperationError(
            _("%(name)s - la base de datos rechazó la operación") % {"name": name},
            cause=first_line(text),
            remedy=_("Avise al equipo técnico."),
        )
    return OperationError(
        _("%(name)s - database connection failed") % {"name": name},
        cause=first_line(text),
        remedy=_("Verifique que la base de datos esté en marcha, y DATABASE_URL."),
    )


def first_line(text: str) -> str:
    """The driver's first line, without secrets."""
    return Masker().mask(text.strip().partition("\n")[0])[:500]
