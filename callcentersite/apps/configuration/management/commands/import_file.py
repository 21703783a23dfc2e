"""``manage.py import_file configuracion ajustes.csv``: a file of this computer, imported here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from callcentersite.apps.common.interchange.background import FileImport
from callcentersite.apps.common.interchange.from_disk import kept
from opsconsole import permissions, registry
from opsconsole.management.base import (
    ConsoleCommand,
    TerminalRun,
    add_operation_arguments,
    door_of,
)

PREFIX = "import_"


class Command(ConsoleCommand):
    @property
    def help(self) -> str:  # type: ignore[override]
        return _("Importa un archivo CSV, XLSX o JSON: todo o nada, como una corrida.")

    def add_arguments(self, parser: CommandParser) -> None:
        """What, from where; the rest is the operation's."""
        kinds = [one for one in registry.everything() if isinstance(one, FileImport)]
        parser.add_argument(
            "what", choices=[one.name.removeprefix(PREFIX) for one in kinds], help=_("Qué filas.")
        )
        parser.add_argument("file", type=Path, help=_("El archivo."))
        add_operation_arguments(parser, kinds[0])

    def handle(self, *args: Any, **options: Any) -> None:
        """Keep the file as the page does, and run the operation."""
        operation = registry.get(f"{PREFIX}{options['what']}")
        sender = door_of(options["as_user"]).user
        permissions.require(operation, sender)
        upload = kept(options["file"], sender=sender, model=operation.model_label())  # type: ignore[attr-defined]
        TerminalRun(self, operation, options | {"upload": upload.id}).perform()
