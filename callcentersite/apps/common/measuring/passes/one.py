"""One iteration: isolated, prepared, and only then looked at."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager

from .. import refusals
from ..calling import Call
from ..isolation import isolated
from ..isolation.side_effects import refused, tried
from ..project import folder, own_folder

Look = Callable[[], AbstractContextManager[object]]


def iterate(call: Call, look: Look) -> str:
    """Call the target once while ``look()`` looks; return its answer.

    Raises NotMeasured where the target fails, or tries what cannot be rolled back.
    """
    with isolated():
        call.prepare()
        try:
            with look(), refused():
                return enter_target(call)
        except refusals.NotMeasured:
            raise
        except Exception as error:
            if tried():
                raise refusals.side_effect(tried()) from error
            raise refusals.target_failed(error, place=place_of(error)) from error


def enter_target(call: Call) -> str:
    """Its frame is where the stacks of what is measured begin."""
    return call()


def place_of(error: BaseException) -> str:
    """The innermost line of the project, else of anybody."""
    steps = traceback.extract_tb(error.__traceback__)
    ours = folder()
    own = [
        step
        for step in steps
        if ours.owner(step.filename) == "project" and not step.filename.startswith(own_folder())
    ]
    step = (own or list(steps))[-1]
    return ours.place(step.filename, step.lineno or 0)
