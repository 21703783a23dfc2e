"""What both servers have in common: an address, a folder, a process."""

import os
import secrets
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from .programs import ServerError, run_as

START_SECONDS = 60.0
STOP_SECONDS = 20.0
USER = "console"


class Server(ABC):
    """One server of ours: its address, its folder and its process.

    ``database`` is created empty. ``password`` is new for each server, so a wrong one is refused.
    """

    scheme: str
    system_user: str  # whom it runs as when we are root, which both servers refuse
    stop_signal = signal.SIGTERM
    crash_signal = signal.SIGKILL

    def __init__(self, *, folder: Path, database: str, durable: bool) -> None:
        self.folder = folder
        self.database = database
        self.durable = durable
        self.host = "127.0.0.1"
        self.port = free_port()
        self.user = USER
        self.password = secrets.token_hex(8)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address as DATABASE_URL and LEGACY_DATABASE_URL take it."""
        return (
            f"{self.scheme}://{self.user}:{self.password}@{self.host}:{self.port}/{self.database}"
        )

    @abstractmethod
    def create(self) -> None:
        """Make the data folder."""

    @abstractmethod
    def command(self) -> list[str]:
        """The server's command line."""

    @abstractmethod
    def connect(self) -> None:
        """Open and close one connection; raises while the server is not ready."""

    def start(self) -> None:
        """Start, and return once it answers. Raises ServerError with the end of its log."""
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C in the terminal is for the tests, not for the server.
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, cwd=self.folder, **run_as(self.system_user),
            )  # fmt: skip
        self.pid_file.write_text(f"{self.process.pid}\n")
        self.wait_until_ready(self.process)

    def wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None:
            try:
                return self.connect()
            except Exception as error:
                if time.monotonic() > deadline:
                    self.kill()
                    raise ServerError(self.complaint("no respondió a tiempo")) from error
                time.sleep(0.05)
        raise ServerError(self.complaint(f"terminó con código {process.returncode} al arrancar"))

    def stop(self) -> None:
        """Stop in an orderly way; open connections are cut."""
        self.end(self.stop_signal)

    def kill(self) -> None:
        """Let it crash: nothing is written out, the next start has to recover."""
        self.end(self.crash_signal)

    def restart(self) -> None:
        """Stop and start again: same port, same data."""
        self.stop()
        self.start()

    def end(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(number)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        self.pid_file.unlink(missing_ok=True)

    @property
    def log(self) -> Path:
        return self.folder / f"{self.scheme}.log"

    @property
    def data(self) -> Path:
        return self.folder / f"{self.scheme}-data"

    @property
    def pid_file(self) -> Path:
        return self.folder / f"{self.scheme}.pid"

    def complaint(self, what: str) -> str:
        tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
        return f"El servidor {self.scheme} {what} (server failed to start):\n{tail}"

    def prepare(self, command: Sequence[str], *, env: dict[str, str] | None = None) -> None:
        """Run a preparing program as the server's user."""
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=self.folder,
            env=os.environ | (env or {}), check=False, **run_as(self.system_user),
        )  # fmt: skip
        if done.returncode != 0:
            raise ServerError(f"{command[0]}: {done.stdout}\n{done.stderr}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
