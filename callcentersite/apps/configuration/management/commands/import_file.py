"""``manage.py import_file configuracion ajustes.csv``: a file of this computer, imported here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from callcentersite.apps.common.interchange import uploads
from callcentersite.apps.common.interchange.background import FileImport
from callcentersite.apps.common.interchange.limits import RUN, too_many_bytes
from opsconsole import OperationError, permissions, registry
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


def kept(path: Path, *, sender: Any, model: str) -> uploads.Upload:
    """The file in the storage, where a worker finds it as well."""
    try:
        if path.stat().st_size > RUN.bytes:
            raise OperationError(str(too_many_bytes(RUN.megabytes)))
        with path.open("rb") as file:
            return uploads.keep(File(file), name=path.name, sender=sender, model=model)
    except OSError as error:
        raise OperationError(
            _("No se puede leer «%(path)s».") % {"path": path},
            cause=why(error),
            remedy=_("Compruebe la ruta y los permisos del archivo."),
        ) from error


def why(error: OSError) -> str:
    """The usual reasons in the language of the screen; else the system's own word."""
    if isinstance(error, FileNotFoundError):
        return _("No existe.")
    if isinstance(error, PermissionError):
        return _("No hay permiso para leerlo.")
    if isinstance(error, IsADirectoryError):
        return _("Es un directorio.")
    return error.strerror or type(error).__name__
