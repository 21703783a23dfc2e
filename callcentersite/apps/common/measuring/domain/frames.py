"""Lines of code on a stack: whose they are, and what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

PACKAGES = ("/site-packages/", "/dist-packages/")
PYTHON = "/lib/python3."


class Owner(StrEnum):
    """Whose code it is."""

    PROJECT = "project"
    LIBRARY = "library"
    PYTHON = "python"


@dataclass(frozen=True, slots=True)
class Frame:
    """A function as the interpreter knows it; ``line`` is its first one."""

    function: str
    file: str
    line: int
    owner_class: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the project's own code is; what is installed below it is not its own."""

    root: str

    def owner(self, file: str) -> Owner:
        """Whose code the file is."""
        if any(part in file for part in PACKAGES):
            return Owner.LIBRARY
        if file.startswith(f"{self.root}/"):
            return Owner.PROJECT
        return Owner.PYTHON

    def short(self, file: str) -> str:
        """The path from where its package begins."""
        for part in PACKAGES:
            if part in file:
                return file.rpartition(part)[2]
        if file.startswith(f"{self.root}/"):
            return file.removeprefix(f"{self.root}/")
        if PYTHON in file:
            return file.rpartition(PYTHON)[2].partition("/")[2]
        return PurePath(file).name

    def name(self, frame: Frame) -> str:
        """``callcentersite.apps.analytics.services.calculate_metrics``."""
        if frame.file.startswith("<"):
            return frame.function
        module = self.short(frame.file).removesuffix(".py").removesuffix("/__init__")
        parts = [module.replace("/", "."), frame.owner_class, frame.function]
        return ".".join(part for part in parts if part)

    def place(self, file: str, line: int) -> str:
        """``callcentersite/apps/analytics/services.py:61``."""
        return f"{self.short(file)}:{line}"
