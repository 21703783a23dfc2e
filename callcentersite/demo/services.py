"""The web server and the worker: started apart from our terminal, stopped without leftovers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from django.utils.translation import gettext as _

from callcentersite.settings.env import BASE_DIR
from opsconsole import OperationError

GRACE_SECONDS = 20.0


@dataclass(slots=True)
class Service:
    """A process of ours with all its descendants, which share its session."""

    title: str
    words: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C in the terminal must not reach its workers."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "callcentersite.demo.child", str(os.getpid()), *self.words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=BASE_DIR,
                env=os.environ | {"Q_LOG_LEVEL": "INFO", "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )

    def require_alive(self) -> None:
        """Raise OperationError, with the last line of its log, when it has ended by itself."""
        if self.process is None or self.process.poll() is None:
            return
        raise OperationError(
            _("%(service)s terminó con código %(code)s.")
            % {"service": self.title, "code": self.process.returncode},
            cause=self.last_words(),
            remedy=_("Lea %(log)s y repita: make demo") % {"log": self.log},
        )

    def last_words(self) -> str:
        """The last line that it wrote."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else _("No dejó ningún mensaje.")

    def ask_to_stop(self) -> None:
        """SIGTERM to the main process only: a qcluster whose workers get it too hangs."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def members(self) -> list[int]:
        """Every living process of its session, also those whose parent has died."""
        if self.process is None:
            return []
        self.process.poll()
        return [pid for pid in psutil.pids() if is_alive_in(pid, session=self.process.pid)]


def is_alive_in(pid: int, *, session: int) -> bool:
    """Whether the process belongs to the session and is more than an entry to be collected."""
    try:
        return os.getsid(pid) == session and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except (ProcessLookupError, PermissionError, psutil.Error):
        return False


def stop(services: Sequence[Service], *, hurry: Callable[[], bool]) -> None:
    """Ask all to stop; after the grace, or when hurried, kill whatever is left of them."""
    for service in services:
        service.ask_to_stop()
    deadline = time.monotonic() + GRACE_SECONDS
    while any(service.members() for service in services):
        if hurry() or time.monotonic() > deadline:
            kill(services)
        time.sleep(0.1)
    for service in services:
        if service.process is not None:
            service.process.wait()  # so that not even its entry in the process table remains


def kill(services: Sequence[Service]) -> None:
    """End them at once, workers first dying with their main process."""
    for service in services:
        for pid in service.members():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
