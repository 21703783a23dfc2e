"""How long a server lives: as long as a block, and never longer than this process."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .mariadb import MariaDB
from .postgresql import PostgreSQL
from .programs import ServerError, give_to, run_as
from .server import Server, free_port

START_ATTEMPTS = 3

# Waits until this process is gone, however it went (the pipe closes), and then tidies up.
GUARDIAN = """
cat >/dev/null
for signal in QUIT KILL; do
    for file in "$1"/*.pid; do read -r pid <"$file" && kill -$signal "$pid"; done
    sleep 1
done
rm -rf "$1"
"""


@contextmanager
def running(kind: type[Server], *, database: str, durable: bool) -> Iterator[Server]:
    """A server in a folder of its own that lives as long as the block, whatever happens."""
    run_as(kind.system_user)  # refuse before anything is made
    folder = Path(tempfile.mkdtemp(prefix=f"console-{kind.scheme}-"))
    guardian = subprocess.Popen(
        ["/bin/sh", "-c", GUARDIAN, "guardian", str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    server = kind(folder=folder, database=database, durable=durable)
    try:
        give_to(kind.system_user, folder)
        server.create()
        start(server)
        yield server
    finally:
        server.kill()
        guardian.kill()
        guardian.communicate()
        shutil.rmtree(folder, ignore_errors=True)


def start(server: Server) -> None:
    """Start; a port that somebody took in between is answered with another one."""
    for attempt in range(1, START_ATTEMPTS + 1):
        try:
            server.start()
            return
        except ServerError:
            server.kill()
            if attempt == START_ATTEMPTS:
                raise
            server.port = free_port()


@contextmanager
def postgresql(*, database: str = "iact_analytics", durable: bool = False) -> Iterator[Server]:
    """A PostgreSQL server. ``durable`` keeps fsync and the rest as they ship, for benchmarks."""
    with running(PostgreSQL, database=database, durable=durable) as server:
        yield server


@contextmanager
def mariadb(*, database: str = "ivr_legacy", durable: bool = False) -> Iterator[Server]:
    """A MariaDB server. ``durable`` keeps its flushing as it ships, for benchmarks."""
    with running(MariaDB, database=database, durable=durable) as server:
        yield server
