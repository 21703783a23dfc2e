"""Files, processes, sockets: what no transaction takes back is refused before it happens.

An audit hook of the interpreter, which nothing that runs in it gets around by accident. It cannot
be removed, only switched off; it is installed with the first measurement.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from callcentersite.settings.env import BASE_DIR, DATA_DIR

from .. import refusals

PROCESSES = frozenset(
    {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork",
     "os.forkpty", "os.kill", "os.killpg", "_thread.start_new_thread",
     "_thread.start_joinable_thread"}
)  # fmt: skip
NETWORK = frozenset(
    {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "smtplib.connect",
     "urllib.Request", "ftplib.connect", "http.client.connect"}
)  # fmt: skip
FILES = frozenset(
    {"os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.chmod", "os.chown", "shutil.rmtree",
     "shutil.copyfile", "sqlite3.connect"}
)  # fmt: skip
# From one place to another: a temporary file that is moved among the kept ones is kept.
MOVES = frozenset({"os.rename", "os.link", "os.symlink", "shutil.move"})
MEMORY = ":memory:"  # of SQLite
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Refused(PermissionError):
    """An OSError, as the system itself would refuse."""


class _Watch(threading.local):
    """Per thread: whether it is being watched, and what it has tried."""

    on = False
    tried: str = ""


_watch, _lock = _Watch(), threading.Lock()
_installed = False


@contextmanager
def refused() -> Iterator[None]:
    """Within the block this thread changes nothing outside of the databases.

    Raises OperationError at its end for what was tried, even where the code went on without.
    """
    install()
    _watch.on, _watch.tried = True, ""
    try:
        yield
    finally:
        _watch.on = False
    if _watch.tried:
        raise refusals.side_effect(_watch.tried)


def tried() -> str:
    """What this thread tried last; empty for nothing."""
    return _watch.tried


def install() -> None:
    """Once per process."""
    global _installed
    with _lock:
        if not _installed:
            sys.addaudithook(hook)
            setattr(threading.Thread, "start", guarded(threading.Thread.start))  # noqa: B010
            _installed = True


def guarded(start: Callable[[threading.Thread], None]) -> Callable[[threading.Thread], None]:
    """A thread has connections of its own, which nobody rolls back; Python 3.11 tells no hook."""

    def start_unless_watched(thread: threading.Thread) -> None:
        if _watch.on:
            refuse("threading.Thread.start")
        start(thread)

    return start_unless_watched


def hook(event: str, args: tuple[Any, ...]) -> None:
    """Refuse, and remember what was refused."""
    if not _watch.on:
        return
    if event in PROCESSES or event in NETWORK:
        refuse(event)
    if event == "open" and is_write(*args) and not is_let(args[0]):
        refuse(f"open {args[0]}")
    paths = args[:1] if event in FILES else args[:2] if event in MOVES else ()
    for path in paths:
        if not is_let(path):
            refuse(f"{event} {path}")


def refuse(what: str) -> None:
    """Remember it, for whoever swallows the error; and raise."""
    _watch.tried = what
    raise Refused(what)


def is_write(path: Any, mode: Any = None, flags: Any = 0) -> bool:
    """Whether the file is opened for writing; what is open already was opened before."""
    if isinstance(path, int):
        return False
    return bool(flags & WRITES) if mode is None else any(sign in mode for sign in "wax+")


def is_let(path: Any) -> bool:
    """Temporary files, compiled modules and the log are nobody's data."""
    if isinstance(path, int):
        return True
    if os.fsdecode(path) == MEMORY:
        return True
    text = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 (cheaper, and asks no disk)
    if text == os.devnull or "__pycache__" in text:
        return True
    if any(text.startswith(f"{folder}/") for folder in kept_folders()):
        return is_log(text)
    return f"{text}/".startswith(f"{tempfile.gettempdir()}/")


def kept_folders() -> tuple[str, ...]:
    """Where the site keeps what it must not lose, wherever that is."""
    return (str(settings.MEDIA_ROOT), str(BASE_DIR), str(DATA_DIR))


def is_log(path: str) -> bool:
    """Whether the path is beside the site's log file."""
    file = getattr(settings, "LOG_FILE", "")
    return bool(file) and path.startswith(f"{Path(file).parent}/")
