"""The flame graph: stacks that begin alike are one box, as wide as its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .report import FlameFrame, Report

NARROWEST = 0.001  # of the whole width; what is narrower nobody could see
DEEPEST = 60


@dataclass(slots=True)
class Node:
    """A function as it was called from one place."""

    number: int
    ms: float = 0.0
    children: dict[int, Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Left edge and width are shares of the whole; depth 0 is the top row."""

    frame: FlameFrame
    left: float
    width: float
    depth: int
    ms: float


def tree(report: Report) -> Node:
    """All stacks, merged from the outermost function inwards."""
    root = Node(-1)
    for stack in report.stacks:
        root.ms += stack.ms
        node = root
        for number in stack.frames:
            node = node.children.setdefault(number, Node(number))
            node.ms += stack.ms
    return root


def boxes(report: Report) -> tuple[Box, ...]:
    """Every box that can be seen, row by row within each column."""
    root = tree(report)
    return tuple(inside(root, report, left=0.0, depth=0, total=root.ms)) if root.ms else ()


def inside(node: Node, report: Report, *, left: float, depth: int, total: float) -> Iterator[Box]:
    """The boxes below a node, the widest first."""
    if depth >= DEEPEST:
        return
    for child in sorted(node.children.values(), key=lambda one: -one.ms):
        width = child.ms / total
        if width < NARROWEST:
            return
        yield Box(
            frame=report.frames[child.number], left=left, width=width, depth=depth, ms=child.ms
        )
        yield from inside(child, report, left=left, depth=depth + 1, total=total)
        left += width
