"""What the guide runs by itself, and when, by the site's clock."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from opsconsole.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideProgramme:
    """A name, an operation, a cron."""

    name: Text
    operation: str
    cron: str


GUIDE = (
    GuideProgramme(name=_("ETL cada hora"), operation="run_etl", cron="0 * * * *"),
    GuideProgramme(
        name=_("Retención, domingo 02:00"), operation="apply_retention", cron="0 2 * * 0"
    ),
    GuideProgramme(
        name=_("Respaldo de la configuración, de lunes a viernes 03:00"),
        operation="backup_configuration",
        cron="0 3 * * 1-5",
    ),
)
