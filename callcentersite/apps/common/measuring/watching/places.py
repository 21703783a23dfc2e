"""From which line of code or template something is done, found by walking up the stack."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

from ..domain.frames import Folder, Owner
from ..domain.stacks import MIDDLEWARE
from ..passes.sampling import ENTRY

NODE = "render_annotated"
TEMPLATES = "django/template/base.py"
DATABASES = ("django/db/", "django/core/")


@dataclass(frozen=True, slots=True)
class Place:
    """The line of the code, and of the template on the way to it, if any."""

    code: str
    template: str = ""


def here(folder: Folder, own: str | tuple[str, ...]) -> Iterator[FrameType]:
    """The frames of what is measured, innermost first."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_name != ENTRY:
        if not frame.f_code.co_filename.startswith(own):
            yield frame
        frame = frame.f_back


def place(folder: Folder, own: str | tuple[str, ...]) -> Place:
    """The innermost line of the project; where there is none, of a library above the database."""
    template, library = "", ""
    for frame in here(folder, own):
        file = frame.f_code.co_filename
        if folder.owner(file) is Owner.PROJECT:
            return Place(folder.place(file, frame.f_lineno), template)
        short = folder.short(file)
        if not template and frame.f_code.co_name == NODE and short == TEMPLATES:
            template = template_line(frame)
        if short == MIDDLEWARE and library:
            break  # the middleware further out did not ask for it
        if not library and not short.startswith(DATABASES):
            library = folder.place(file, frame.f_lineno)
    return Place(library, template)


def template_line(frame: FrameType) -> str:
    """``admin/index.html:12`` of the node that is being rendered."""
    node = frame.f_locals.get("self")
    token, origin = getattr(node, "token", None), getattr(node, "origin", None)
    if token is None or origin is None:
        return ""
    name = getattr(origin, "template_name", None) or str(origin)
    return f"{name}:{token.lineno}"
