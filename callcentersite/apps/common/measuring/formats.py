"""The report as text, JSON, a page of its own, and for speedscope."""

from __future__ import annotations

import json
import marshal

from django.template.loader import render_to_string
from pyinstrument.renderers import SpeedscopeRenderer

from .domain import wording
from .measure import Measured
from .pages.presenters import page_of

FORMATS = ("text", "json", "html", "speedscope")
TYPES = {
    "perfil.txt": "text/plain",
    "perfil.json": "application/json",
    "perfil.html": "text/html",
    "perfil.speedscope.json": "application/json",
    "perfil.pstats": "application/octet-stream",
}
JSON_FILE = "perfil.json"


def rendered(measured: Measured, form: str) -> str:
    """The report in one of the formats."""
    return {
        "text": as_text,
        "json": as_json,
        "html": as_html,
        "speedscope": as_speedscope,
    }[form](measured)


def as_text(measured: Measured) -> str:
    """As the guide prints it."""
    return wording.text(measured.report)


def as_json(measured: Measured) -> str:
    """All of it, for programs and for a later comparison."""
    return json.dumps(measured.report.as_json(), indent=1, ensure_ascii=False) + "\n"


def as_html(measured: Measured) -> str:
    """A page that needs nothing else, without any script."""
    return render_to_string("admin/profiles/standalone.html", page_of(measured.report))


def as_speedscope(measured: Measured) -> str:
    """For https://www.speedscope.app, which also works offline."""
    session = measured.sampling.session
    return SpeedscopeRenderer().render(session) + "\n" if session is not None else "{}\n"


def files(measured: Measured) -> dict[str, str | bytes]:
    """What the run leaves behind."""
    return {
        "perfil.txt": as_text(measured),
        JSON_FILE: as_json(measured),
        "perfil.html": as_html(measured),
        "perfil.speedscope.json": as_speedscope(measured),
        "perfil.pstats": marshal.dumps(measured.counting.stats()),
    }
