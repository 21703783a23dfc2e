"""Where the time goes: pyinstrument looks at the stack every fraction of a millisecond."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from pyinstrument import Profiler
from pyinstrument.session import Session

from .. import refusals
from ..domain.frames import Frame
from ..domain.stacks import Samples, Stack
from ..project import own_folder

ENTRY = "enter_target"
WANTED_SAMPLES = 1_000
FASTEST, SLOWEST = 0.0002, 0.001  # seconds between two looks, each of which costs
CLASS = "c"


class Sampling:
    """Stacks of all iterations together."""

    def __init__(self, *, expected_seconds: float) -> None:
        interval = min(SLOWEST, max(FASTEST, expected_seconds / WANTED_SAMPLES))
        self.profiler = Profiler(interval=interval, async_mode="disabled")

    @contextmanager
    def look(self) -> Iterator[None]:
        """Around one iteration."""
        try:
            self.profiler.start()
        except RuntimeError as error:
            raise refusals.another_profiler() from error
        try:
            yield
        finally:
            self.profiler.stop()

    @property
    def session(self) -> Session | None:
        """What pyinstrument has recorded."""
        return self.profiler.last_session

    def samples(self) -> Samples:
        """Stacks from the target inwards."""
        if self.session is None:
            return Samples({})
        own = own_folder()
        return Samples.of(
            (inside(tuple(map(frame_of, identifiers)), own), seconds)
            for identifiers, seconds in self.session.frame_records
        )


@lru_cache(maxsize=16_384)
def frame_of(identifier: str) -> Frame:
    """``function NUL file NUL line``, then attributes, each after SOH with a letter."""
    plain, *attributes = identifier.split("\x01")
    function, file, line = plain.split("\x00")
    owner = next((one[1:] for one in attributes if one[:1] == CLASS), "")
    return Frame(function=function, file=file, line=int(line or 0), owner_class=owner)


def inside(stack: Stack, own: str) -> Stack:
    """The part below the entry, without the frames that only measure."""
    entries = [number for number, one in enumerate(stack) if one.function == ENTRY]
    if not entries:
        return ()
    below = stack[entries[-1] + 1 :]
    return tuple(frame for frame in below if not frame.file.startswith(own))
