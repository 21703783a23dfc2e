"""Throwaway PostgreSQL and MariaDB servers for tests and benchmarks.

From a shell, ``python -m tests.servers [--durable] -- COMMAND…`` starts both on free ports, sets
``TEST_DATABASE_URL`` and ``TEST_LEGACY_DATABASE_URL``, runs the command, stops both, deletes their
folder and ends with the command's exit code. From Python, :func:`postgresql` and :func:`mariadb`
are context managers that yield a :class:`Server`, which a fault test can stop, kill and start
again on the same port with the same data.

The binaries are the installed Debian packages (``requirements/apt.txt``). Nothing that was not
started here is ever touched: a server is only signalled through the process that started it.
"""

from .mariadb import MariaDB
from .postgresql import PostgreSQL
from .programs import ServerError
from .running import mariadb, postgresql
from .server import Server

__all__ = ["MariaDB", "PostgreSQL", "Server", "ServerError", "mariadb", "postgresql"]
