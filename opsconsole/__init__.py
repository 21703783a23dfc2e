"""The engine: operations declared once; forms, commands, workers and history are readings of them.

Knows nothing of call centres; imports nothing of ``callcentersite``.
"""

from typing import TYPE_CHECKING

from .exceptions import OperationError
from .operations import Effect, Figure, Link, Operation, Phase
from .plans import Plan

if TYPE_CHECKING:
    from .context import RunContext

__all__ = ["Effect", "Figure", "Link", "Operation", "OperationError", "Phase", "Plan", "RunContext"]


def __getattr__(name: str) -> object:
    # The context needs nothing at start-up; importing it late keeps the package light.
    if name == "RunContext":
        from .context import RunContext

        return RunContext
    raise AttributeError(name)
