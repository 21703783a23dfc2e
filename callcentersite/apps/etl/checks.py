"""The console only ever reads the IVR's database: a user that may write is worth a warning.

A database check: it runs where databases are named (``check --database legacy``, ``migrate``), so
that a plain ``check`` never connects. Development and tests write on purpose and are left alone.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import Error, connections
from django.utils.translation import gettext as _

from .domain.grants import writing_rights

ALIAS = "legacy"


@register(Tags.database)
def legacy_user_only_reads(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W001: the user may write. W002: nobody could find out."""
    if ALIAS not in (databases or ()) or settings.ALLOW_TEST_DATA:
        return []
    connection = connections[ALIAS]
    if connection.vendor != "mysql":  # a SQLite file has no users
        return []
    try:
        rights = writing_rights(grants(connection), database=connection.settings_dict["NAME"])
    except Error as error:
        return [not_checked(error)]
    return [may_write(rights)] if rights else []


def grants(connection: Any) -> list[str]:
    """One line per grant of the user we connect as."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW GRANTS")
        return [line for (line,) in cursor.fetchall()]


def may_write(rights: set[str]) -> CheckMessage:
    return Warning(
        _("El usuario de LEGACY_DATABASE_URL puede escribir en el IVR: %(rights)s.")
        % {"rights": ", ".join(sorted(rights))},
        hint=_("Use un usuario que solo lea: GRANT SELECT ON ivr_legacy.* TO …"),
        id="etl.W001",
    )


def not_checked(error: Error) -> CheckMessage:
    return Warning(
        _("No se pudo comprobar qué puede hacer el usuario de LEGACY_DATABASE_URL: %(error)s")
        % {"error": error},
        hint=_("Compruebe que la base del IVR responda y que la URL sea correcta."),
        id="etl.W002",
    )
