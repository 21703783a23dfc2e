"""Where the report may be written: one new file, below the folder of the terminal."""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.translation import gettext as _

from opsconsole.exceptions import BadInput

SAFE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
MODE = 0o640


def refuse(text: str) -> BadInput:
    """The refusal of --output."""
    return BadInput({"output": [text]})


def check(output: str, *, folder: Path) -> Path:
    """The path to be written; raises BadInput for what is elsewhere, or there already."""
    if not plain_name(output):
        raise refuse(_("Indique un nombre de archivo, sin carpetas."))
    path = folder / output
    if os.path.lexists(path):
        if path.is_symlink():
            raise refuse(_("Es un enlace simbólico: no se escribe a través de él."))
        if path.is_dir():
            raise refuse(_("Es una carpeta: indique un archivo."))
        raise refuse(_("El archivo ya existe: no se sobrescribe."))
    return path


def write(output: str, content: str, *, folder: Path) -> None:
    """Write it; checked again, for somebody may have been there meanwhile."""
    path = check(output, folder=folder)
    try:
        descriptor = os.open(path, SAFE, MODE)
    except OSError as error:
        raise refuse(_("No se puede escribir: %(reason)s.") % {"reason": error.strerror}) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)


def plain_name(output: str) -> bool:
    """Whether it is the name of a file, without any folder."""
    return output not in {".", ".."} and Path(output).name == output and output.isprintable()
