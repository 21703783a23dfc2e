"""How often each function was called, exactly, and by whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .areas import AREAS, Area, area_of
from .frames import Folder, Frame, Owner
from .numbers import share
from .report import called_name
from .stacks import Landmark

Key = tuple[str, int, str]  # file, first line, function: as cProfile has it


@dataclass(frozen=True, slots=True)
class Called:
    """A function's calls, its own seconds while counted, and the calls by each caller."""

    count: int
    own_seconds: float
    callers: Mapping[Key, int]


@dataclass(frozen=True, slots=True)
class Calls:
    """Every function that was called."""

    functions: Mapping[Key, Called]

    def of(self, found: Landmark, folder: Folder) -> int:
        """How often it was entered; an area from outside of itself."""
        if found.frame is not None:
            return self.of_function(found.frame)
        area = next(one for one in AREAS if one.name == found.name)
        return sum(self.entries(area, folder))

    def of_function(self, frame: Frame) -> int:
        """The calls of one function."""
        called = self.functions.get((frame.file, frame.line, frame.function))
        if called is not None:
            return called.count
        # cProfile knows what is built in by a sentence: «<built-in method time.sleep>».
        return sum(
            one.count
            for (file, _line, name), one in self.functions.items()
            if file == "~" and name.rstrip(">").rpartition(".")[2] == frame.function
        )

    def share_of(self, area: Area, folder: Folder) -> float:
        """The area's part of the time while calls were counted."""
        total = sum(called.own_seconds for called in self.functions.values())
        inside = sum(
            called.own_seconds
            for key, called in self.functions.items()
            if area_of(frame_of(key), folder) is area
        )
        return share(inside, total)

    def of_project(self, folder: Folder) -> tuple[str, ...]:
        """The project's own functions that were called, for ``Report.called``."""
        return tuple(
            sorted(
                {
                    called_name(folder.short(file), name)
                    for file, _line, name in self.functions
                    if folder.owner(file) is Owner.PROJECT
                }
            )
        )

    def entries(self, area: Area, folder: Folder) -> Iterator[int]:
        """The calls of the area's functions by others."""
        inside = {key for key in self.functions if area_of(frame_of(key), folder) is area}
        for key in inside:
            if area.doors and key[2] not in area.doors:
                continue
            yield from (
                n for caller, n in self.functions[key].callers.items() if caller not in inside
            )


def frame_of(key: Key) -> Frame:
    """The function that a key names."""
    file, line, function = key
    return Frame(function=function, file=file, line=line)
