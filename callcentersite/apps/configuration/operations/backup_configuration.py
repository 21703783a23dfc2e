"""Back the settings up, as the guide does each night from Monday to Friday."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opsconsole import Effect, Figure, Link, Operation
from opsconsole.context import RunContext
from opsconsole.models import JobRun

from .. import backups
from ..models import ConfiguracionBackup


class BackupConfiguration(Operation):
    """``backup_configuration``: dumpdata of the app, to the storage."""

    name = "backup_configuration"
    title = gettext_lazy("Respaldar la configuración")
    description = gettext_lazy(
        "Guarda las configuraciones y su historial en un archivo que loaddata sabe leer, con su "
        "huella. Se conservan los 30 últimos."
    )
    section = gettext_lazy("Datos")
    effect = Effect.WRITES
    exclusive = True
    timeout_seconds = 900
    figures = (
        Figure("settings", gettext_lazy("Configuraciones")),
        Figure("changes", gettext_lazy("Cambios del historial")),
        Figure("size", gettext_lazy("Tamaño")),
        Figure("removed", gettext_lazy("Respaldos quitados")),
    )

    def run(self, params: dict[str, Any], ctx: RunContext) -> dict[str, Any]:
        """Make one, then forget the oldest beyond thirty."""
        ctx.say(_("Respaldando la configuración..."))
        backup = backups.make(by=ctx.requested_by, run=ctx.run_id)
        removed = backups.prune()
        ctx.info(_("%(name)s: %(size)s") % {"name": backup.name, "size": size_of(backup)})
        ctx.info(_("SHA-256 %(digest)s") % {"digest": backup.sha256})
        ctx.say(summary(backup))
        return {
            "settings": backup.settings,
            "changes": backup.changes,
            "size": size_of(backup),
            "removed": removed,
            "file": backup.name,
            "sha256": backup.sha256,
        }

    def links(self, run: JobRun, user: Any) -> Iterable[Link]:
        """The backup's page, while it is kept."""
        backup = ConfiguracionBackup.objects.filter(run=run.pk).first()
        if backup is not None and user.has_perm("configuration.view_configuracionbackup"):
            yield Link(title=_("Ver el respaldo"), url=backup.get_absolute_url())


def size_of(backup: ConfiguracionBackup) -> str:
    """With its unit."""
    return filesizeformat(backup.size_bytes).replace("\xa0", " ")


def summary(backup: ConfiguracionBackup) -> str:
    """The last line."""
    text = ngettext(
        "Respaldo completado: %(count)s configuración",
        "Respaldo completado: %(count)s configuraciones",
        backup.settings,
    )
    return text % {"count": backup.settings}
