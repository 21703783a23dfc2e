"""What the demo says on the terminal: one line per step, then the run, then where to go."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opsconsole import OperationError

GREEN, RED, YELLOW, FAINT, BOLD = "32", "31", "33", "2", "1"
LEVEL_COLOURS = {"SUCCESS": GREEN, "WARNING": YELLOW, "ERROR": RED, "DEBUG": FAINT}
WIDTH = 58


class Screen:
    """Plain lines; colours and a moving last line only where a person watches."""

    def __init__(self) -> None:
        self.is_terminal = sys.stdout.isatty()
        self.has_colours = self.is_terminal and "NO_COLOR" not in os.environ
        # A terminal without UTF-8 shows «?» rather than ending the demo.
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]

    def print(self, text: str = "", *, end: str = "\n") -> None:
        """A line; a terminal that is gone swallows it, for there is still much to stop."""
        try:
            print(text, end=end, flush=True)
        except OSError:
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115

    def paint(self, text: str, colour: str) -> str:
        """The text in that colour, where there are colours."""
        return f"\033[{colour}m{text}\033[0m" if self.has_colours else text

    @contextmanager
    def step(self, doing: str, done: str) -> Iterator[None]:
        """Say what is being done, then that it is done and how long it took."""
        began = time.monotonic()
        if self.is_terminal:
            self.print(self.paint(f"  · {doing}…", FAINT), end="")
        try:
            yield
        except BaseException:
            self.clear_line()
            raise
        self.clear_line()
        self.done(done, after=time.monotonic() - began)

    def done(self, what: str, *, after: float) -> None:
        """A step that is behind us, and the seconds it took."""
        took = self.paint(f"{after:.1f} s", FAINT)
        self.print(f"  {self.paint('✓', GREEN)} {what:<{WIDTH}}{took}")

    def clear_line(self) -> None:
        """Take back the line that says what is being done."""
        if self.is_terminal:
            self.print("\r\033[K", end="")

    def log_line(self, at: str, level: str, message: str) -> None:
        """A line of the run's log."""
        tag = self.paint(f"[{level}]", LEVEL_COLOURS.get(level, "34"))
        self.print(f"  {self.paint(at, FAINT)} {tag} {message}")

    def table(self, rows: Sequence[tuple[str, str]], *, align: str = "<") -> None:
        """Titles and values in two columns; numbers are aligned by their end: ``align=">"``."""
        widths = [
            max((len(cell) for cell in column), default=0) for column in zip(*rows, strict=True)
        ]
        for title, value in rows:
            first = self.paint(f"{title:<{widths[0]}}", FAINT)
            self.print(f"  {first}   {self.paint(f'{value:{align}{widths[1]}}', BOLD)}")

    def error(self, error: OperationError) -> None:
        """The three lines, where errors go."""
        first, *others = error.lines()
        self.print()
        print(self.paint(first, RED), *others, sep="\n", file=sys.stderr, flush=True)
