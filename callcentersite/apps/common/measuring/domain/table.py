"""From samples and counts to the rows of the report."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from .calls import Calls
from .frames import Folder, Owner
from .numbers import share
from .report import OTHERS, FlameFrame, FlameStack, FunctionRow
from .stacks import Landmark, Samples, is_plumbing, landmarks, own_seconds, whole_seconds

MOST_ROWS = 20
LEAST_SHARE = 0.001
MOST_STACKS = 2_000


def rows(samples: Samples, calls: Calls, folder: Folder) -> tuple[FunctionRow, ...]:
    """The functions that took the time, the slowest first; the last row is all the others."""
    own, whole = own_seconds(samples, folder), whole_seconds(samples, folder)
    total = samples.total
    ordered = sorted(own, key=lambda one: (-own[one], one.name))
    shown = [one for one in ordered if own[one] >= LEAST_SHARE * total][:MOST_ROWS]
    found = [
        FunctionRow(
            name=one.name,
            place=place_of(one, folder),
            owner=str(one.owner),
            calls=calls.of(one, folder),
            own_ms=1000 * own[one],
            whole_ms=1000 * whole[one],
            share=share(own[one], total),
        )
        for one in shown
    ]
    return (*found, *others(total - sum(own[one] for one in shown), total))


def others(seconds: float, total: float) -> Iterable[FunctionRow]:
    """What the table does not show, so that it adds up."""
    if share(seconds, total) >= LEAST_SHARE:
        yield FunctionRow(
            name=OTHERS,
            place="",
            owner=str(Owner.LIBRARY),
            calls=0,
            own_ms=1000 * seconds,
            whole_ms=1000 * seconds,
            share=share(seconds, total),
        )


def place_of(one: Landmark, folder: Folder) -> str:
    """File and line of a function; nothing for an area."""
    return folder.place(one.frame.file, one.frame.line) if one.frame is not None else ""


def flame(
    samples: Samples, folder: Folder
) -> tuple[tuple[FlameFrame, ...], tuple[FlameStack, ...]]:
    """The functions and stacks of the flame graph; the rarest stacks beyond a bound are left."""
    numbers: dict[FlameFrame, int] = {}
    stacks = []
    for stack, seconds in sorted(samples.seconds.items(), key=lambda one: -one[1])[:MOST_STACKS]:
        # Within an area one box is enough: nobody reads a template's thirty nested nodes.
        shown = tuple(frame for frame in stack if not is_plumbing(frame, folder))
        boxes = [flame_frame(one, folder) for one, _same in groupby(landmarks(shown, folder))]
        frames = tuple(numbers.setdefault(box, len(numbers)) for box in boxes)
        stacks.append(FlameStack(frames=frames, ms=1000 * seconds))
    return tuple(numbers), tuple(stacks)


def flame_frame(one: Landmark, folder: Folder) -> FlameFrame:
    """A box of the flame graph."""
    return FlameFrame(name=one.name, place=place_of(one, folder), owner=str(one.owner))
