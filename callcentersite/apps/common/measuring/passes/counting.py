"""How often each function is called, exactly: cProfile."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .. import refusals
from ..domain.calls import Called, Calls
from ..domain.frames import Frame
from ..domain.stacks import Samples
from ..project import folder


class Counting:
    """The calls of all iterations together."""

    def __init__(self) -> None:
        self.profile = cProfile.Profile()

    @contextmanager
    def look(self) -> Iterator[None]:
        """Around one iteration."""
        try:
            self.profile.enable()
        except ValueError as error:
            raise refusals.another_profiler() from error
        try:
            yield
        finally:
            self.profile.disable()

    def stats(self) -> dict[Any, Any]:
        """cProfile's own table, as ``pstats`` reads it."""
        return pstats.Stats(self.profile).stats  # type: ignore[attr-defined,no-any-return]

    def calls(self) -> Calls:
        """Function → its calls."""
        return Calls(
            {
                key: Called(
                    count=count,
                    own_seconds=own,
                    callers={caller: numbers[0] for caller, numbers in callers.items()},
                )
                for key, (_primitive, count, own, _whole, callers) in self.stats().items()
            }
        )


def as_samples(calls: Calls) -> Samples:
    """For what is over too fast to be sampled: each function's own time, without its callers."""
    ours = folder()
    return Samples.of(
        ((Frame(function=name, file=file, line=line),), called.own_seconds)
        for (file, line, name), called in calls.functions.items()
        if ours.owner(file) == "project"
    )
