"""``python -m tests.servers [--durable] -- COMMAND…``"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType

from . import ServerError, mariadb, postgresql


class Stopped(BaseException):
    """A signal that came while no command ran yet."""

    def __init__(self, number: int) -> None:
        self.number = number


class Forwarder:
    """Hands our signals to the command; before it runs, they end us tidily."""

    def __init__(self) -> None:
        self.command: subprocess.Popen[bytes] | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.receive)

    def receive(self, number: int, frame: FrameType | None) -> None:
        if self.command is None:
            raise Stopped(number)
        if not (number == signal.SIGINT and in_foreground()):
            self.command.send_signal(number)

    def run(self, command: Sequence[str], *, env: dict[str, str]) -> int:
        self.command = subprocess.Popen(command, env=os.environ | env)
        code = self.command.wait()
        return code if code >= 0 else 128 - code


def in_foreground() -> bool:
    """Whether the terminal's Ctrl-C has already reached the command as well."""
    return sys.stdin.isatty() and os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.servers", description="Run a command against throwaway servers."
    )
    parser.add_argument("--durable", action="store_true", help="ordinary fsync settings")
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    options = parser.parse_args(argv)
    options.command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not options.command:
        parser.error("a command is needed after --")
    return options


def main(argv: Sequence[str] | None = None) -> int:
    """Start both, run the command, return its exit code (127 when a server is missing)."""
    options = arguments(argv)
    forwarder = Forwarder()
    try:
        with (
            postgresql(durable=options.durable) as target,
            mariadb(durable=options.durable) as legacy,
        ):
            env = {"TEST_DATABASE_URL": target.url, "TEST_LEGACY_DATABASE_URL": legacy.url}
            return forwarder.run(options.command, env=env)
    except Stopped as stop:
        return 128 + stop.number
    except (ServerError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main())
