"""The installed programs, and the user they run as."""

import os
import pwd
import shutil
from pathlib import Path
from typing import Any

MISSING = """\
ERROR: No se encontró «{program}».
CAUSA: Los servidores de prueba usan los paquetes de Debian de requirements/apt.txt.
SOLUCION: Ejecute make apt (o instale esos paquetes) y repita.
({program} not found: install the Debian packages of requirements/apt.txt, then repeat.)"""


class ServerError(RuntimeError):
    """A server that could not be started; the message says why and what to do."""


def program(name: str) -> str:
    """The full path of an installed program. Raises ServerError naming the package list."""
    # Daemons live in /usr/sbin, which an ordinary user's PATH does not hold.
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise ServerError(MISSING.format(program=name))
    return found


def postgresql_program(name: str) -> str:
    """A program of the newest installed PostgreSQL; Debian keeps them out of PATH."""
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    return str(newest) if newest else program(name)


def run_as(user: str) -> dict[str, Any]:
    """What makes Popen change to ``user``; nothing when we are an ordinary user already."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam(user)
    except KeyError as error:
        raise ServerError(MISSING.format(program=f"usuario {user}")) from error
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def give_to(user: str, folder: Path) -> None:
    if os.geteuid() == 0:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
