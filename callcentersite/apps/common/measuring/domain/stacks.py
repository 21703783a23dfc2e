"""Samples of the stack: which functions were at work, and for how long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .areas import area_of
from .frames import Folder, Frame, Owner

Stack = tuple[Frame, ...]

# Each middleware is called through the first; none of them is worth a line of its own.
MIDDLEWARE = "django/core/handlers/exception.py"
PLUMBING = ("django/core/handlers/", "django/utils/deprecation.py", "django/test/")


@dataclass(frozen=True, slots=True)
class Samples:
    """Stack, outermost first → seconds."""

    seconds: Mapping[Stack, float]

    @classmethod
    def of(cls, records: Iterable[tuple[Stack, float]]) -> Samples:
        """Equal stacks together; empty ones are nobody's."""
        found: defaultdict[Stack, float] = defaultdict(float)
        for stack, seconds in records:
            if stack:
                found[stack] += seconds
        return cls(dict(found))

    def __bool__(self) -> bool:
        return bool(self.seconds)

    @property
    def total(self) -> float:
        """Seconds in all."""
        return sum(self.seconds.values())

    def scaled(self, total: float) -> Samples:
        """The same shares of another total: profilers slow down what they look at."""
        factor = total / self.total if self.total else 0.0
        return Samples({stack: seconds * factor for stack, seconds in self.seconds.items()})


@dataclass(frozen=True, slots=True)
class Landmark:
    """What a sample is booked on: an area of the libraries, or one function."""

    name: str
    owner: Owner
    frame: Frame | None = None


@lru_cache(maxsize=16_384)
def landmark(frame: Frame, folder: Folder) -> Landmark:
    """What the frame is called in the report."""
    area = area_of(frame, folder)
    if area is not None:
        return Landmark(area.name, Owner.LIBRARY)
    return Landmark(folder.name(frame), folder.owner(frame.file), frame)


def booked_on(stack: Stack, folder: Folder) -> Landmark:
    """The innermost function of the project, or area, that is at work; else of a library.

    So the time of a library's insides counts for the line of ours that asked for it; but a
    middleware of ours did not ask for what the ones within it do.
    """
    library: Landmark | None = None
    for frame in reversed(stack):
        found = landmark(frame, folder)
        if found.frame is None or (found.owner is Owner.PROJECT and is_named(frame)):
            return found
        path = folder.short(frame.file)
        if path == MIDDLEWARE and library is not None:
            return library
        if found.owner is Owner.LIBRARY and not is_plumbing(frame, folder):
            library = found
    return library or landmark(stack[-1], folder)


def is_named(frame: Frame) -> bool:
    """A comprehension or a lambda counts for the function that it stands in."""
    return not frame.function.startswith("<")


@lru_cache(maxsize=16_384)
def is_plumbing(frame: Frame, folder: Folder) -> bool:
    """What only leads from one middleware to the next."""
    library = folder.owner(frame.file) is Owner.LIBRARY
    return library and folder.short(frame.file).startswith(PLUMBING)


def own_seconds(samples: Samples, folder: Folder) -> dict[Landmark, float]:
    """Each sample booked once: they add up to the total."""
    found: defaultdict[Landmark, float] = defaultdict(float)
    for stack, seconds in samples.seconds.items():
        found[booked_on(stack, folder)] += seconds
    return dict(found)


def whole_seconds(samples: Samples, folder: Folder) -> dict[Landmark, float]:
    """The time in which each was on the stack, callees included."""
    found: defaultdict[Landmark, float] = defaultdict(float)
    for stack, seconds in samples.seconds.items():
        for one in set(landmarks(stack, folder)):
            found[one] += seconds
    return dict(found)


def landmarks(stack: Stack, folder: Folder) -> Iterator[Landmark]:
    """All of them on a stack."""
    return (landmark(frame, folder) for frame in stack)
