"""Real processes against the test's databases: a cluster, a command; and no mercy."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
from django.db import connections

ROOT = Path(__file__).resolve().parents[2]


def url_of(alias: str) -> str:
    """The URL of the database that the running test uses under this alias."""
    settings = connections[alias].settings_dict
    if settings["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{settings['NAME']}"
    scheme = "postgres" if settings["ENGINE"].endswith("postgresql") else "mysql"
    login = f"{settings['USER']}:{settings['PASSWORD']}" if settings["USER"] else ""
    return f"{scheme}://{login}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


def databases() -> dict[str, str]:
    """The running test's databases, for a child's environment."""
    urls = {"TEST_DATABASE_URL": url_of("default"), "TEST_LEGACY_DATABASE_URL": url_of("legacy")}
    if connections["default"].vendor == "sqlite":
        urls["TEST_OPS_DATABASE_URL"] = url_of("ops")
    return urls


def environment(**changes: str) -> dict[str, str]:
    """What a child process needs: a quick pace, the test's databases unless told otherwise."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "callcentersite.settings.test",
        "TEST_OPERATIONS": "1",
        "OPSCONSOLE_BEAT_SECONDS": "0.1",
        "OPSCONSOLE_TICK_SECONDS": "0.3",
        "OPSCONSOLE_LOST_AFTER_SECONDS": "3",
        "PYTHONUNBUFFERED": "1",
    }
    return env | (changes if "TEST_DATABASE_URL" in changes else databases() | changes)


class Child:
    """A manage.py process with all that it spawns."""

    def __init__(self, *words: str, log: Path, **changes: str) -> None:
        self.log = log
        self._file = log.open("ab")
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), *words],
            env=environment(**changes),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=self._file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def output(self) -> str:
        """All that it has printed so far."""
        return self.log.read_text()

    def family(self) -> list[psutil.Process]:
        """The process and everything in its session that is alive."""
        return [
            process
            for process in psutil.process_iter()
            if session_of(process.pid) == self.process.pid
            and process.status() != psutil.STATUS_ZOMBIE
        ]

    def signal(self, number: int) -> None:
        """Send to the main process only."""
        self.process.send_signal(number)

    def signal_group(self, number: int) -> None:
        """Send to the whole group, as service managers do when told wrongly."""
        os.killpg(self.process.pid, number)

    def wait(self, seconds: float = 20) -> int:
        """Wait for the main process; return its exit status."""
        return self.process.wait(seconds)

    def kill_all(self) -> None:
        """Leave nothing: kill -9 for every process of the session."""
        for process in self.family():
            try:
                process.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue
        self.process.wait(10)
        self._file.close()


def session_of(pid: int) -> int | None:
    """The session that a process belongs to; None: it has just gone."""
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


def eventually(question, *, seconds: float = 20, every: float = 0.05, what: str = "it"):
    """Return the first true answer; fail the test when none comes in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answer = question()
        if answer:
            return answer
        time.sleep(every)
    raise AssertionError(f"{what() if callable(what) else what} did not happen within {seconds} s")
