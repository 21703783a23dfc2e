"""``python -m tests [pytest options]``: all tests on both columns, in three lanes at once.

The embedded databases' lane is shown as it runs, the others when they have ended. Tests that start
processes of their own (``processes``) mostly wait: they have a lane where both columns follow each
other. What needs neither column's databases (``once``) runs on the first only. What is given to
pytest is given to all. The exit code is the first that is not 0.
"""

import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import IO

PYTEST = [sys.executable, "-m", "pytest"]
ON_SERVERS = [sys.executable, "-m", "tests.servers", "--", *PYTEST]
NOTHING_CHOSEN = 5  # pytest's code where its options leave a lane without tests


class Lane(threading.Thread):
    """Commands one after the other; a command that fails does not keep the next from running."""

    def __init__(self, title: str, *commands: Sequence[str], output: IO[bytes] | None) -> None:
        super().__init__()
        self.title, self.commands, self.output = title, commands, output
        self.process: subprocess.Popen[bytes] | None = None
        self.codes: list[int] = []
        self.stopped = False

    def run(self) -> None:
        for command in self.commands:
            if not self.stopped:
                self.process = subprocess.Popen(command, stdout=self.output, stderr=self.output)
                self.codes.append(self.process.wait())

    def stop(self) -> None:
        """Let the command at work end as it would by itself."""
        self.stopped = True
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.terminate()

    def show(self) -> None:
        """What was kept back."""
        if self.output is not None:
            self.output.seek(0)
            sys.stdout.buffer.write(f"\n== {self.title}\n".encode() + self.output.read())
            sys.stdout.flush()


def main(options: Sequence[str]) -> int:
    """Run the lanes, show them."""
    with tempfile.TemporaryFile() as on_servers, tempfile.TemporaryFile() as waiting:
        lanes = (
            Lane("SQLite", [*PYTEST, "-m", "not processes", *options], output=None),
            Lane(
                "PostgreSQL y MariaDB",
                [*ON_SERVERS, "-m", "not processes and not once", *options],
                output=on_servers,
            ),
            Lane(
                "Procesos, en SQLite y en PostgreSQL y MariaDB",
                [*PYTEST, "-m", "processes", *options],
                [*ON_SERVERS, "-m", "processes and not once", *options],
                output=waiting,
            ),
        )
        signal.signal(signal.SIGTERM, lambda *_: [lane.stop() for lane in lanes])
        interrupted = follow(lanes)
        for lane in lanes:
            lane.show()
    return 130 if interrupted else result([code for lane in lanes for code in lane.codes])


def follow(lanes: Sequence[Lane]) -> bool:
    """Wait for all of them; whether Ctrl-C came, of which the terminal has told them as well."""
    for lane in lanes:
        lane.start()
    try:
        for lane in lanes:
            lane.join()
    except KeyboardInterrupt:
        for lane in lanes:
            lane.stopped = True
        for lane in lanes:
            lane.join()
        return True
    return False


def result(codes: Sequence[int]) -> int:
    """The first that is not 0; a lane without tests counts only where no lane has any."""
    ran = [code for code in codes if code != NOTHING_CHOSEN]
    return next((code for code in ran if code), 0) if ran else NOTHING_CHOSEN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
