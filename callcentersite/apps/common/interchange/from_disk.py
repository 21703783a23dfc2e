"""A file of this computer, kept as the page keeps one that was sent to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _

from opsconsole import OperationError

from . import uploads
from .limits import RUN, too_many_bytes


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
