"""A report as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ..domain import flame
from ..domain.report import Finding, FunctionRow, QueryRow, Report
from . import words

ROW_HEIGHT = 20
UNITS = 100.0  # boxes are placed in percent, so that they fit any width


@dataclass(frozen=True, slots=True, kw_only=True)
class FlameBox:
    """A box; its numbers are texts already, for attributes want no thousands separator."""

    name: str
    short: str
    place: str
    owner: str
    x: str
    width: str
    y: str
    depth: int
    ms: str
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionLine:
    """A row of the table of functions."""

    name: str
    place: str
    owner: str
    calls: str
    own: str
    whole: str
    share: str
    bar: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryLine:
    """A row of the table of statements."""

    alias: str
    sql: str
    per_iteration: str
    mean: str
    slowest: str
    total: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCard:
    """A recommendation."""

    kind: str
    title: str
    advice: str
    where: str
    sql: str


def page_of(report: Report) -> dict[str, Any]:
    """For the templates."""
    boxes = [flame_box(box) for box in flame.boxes(report)]
    return {
        "report": report,
        "subject": report.subject,
        "totals": totals(report),
        "functions": [function_line(row) for row in report.functions],
        "queries": [query_line(row, report) for row in report.queries],
        "findings": [finding_card(one) for one in report.findings],
        "boxes": boxes,
        "flame_height": str(ROW_HEIGHT * (1 + max((box.depth for box in boxes), default=-1))),
        "box_height": ROW_HEIGHT - 1,
    }


def totals(report: Report) -> list[tuple[str, str, str]]:
    """Title, value and hint of the numbers at the top."""
    return [
        (_("Mediana"), _("%(ms)s ms") % {"ms": words.milliseconds(report.median_ms)},
         _("por iteración")),
        (_("Percentil 95"), _("%(ms)s ms") % {"ms": words.milliseconds(report.p95_ms)},
         _("por iteración")),
        (_("Media"), _("%(ms)s ms") % {"ms": words.milliseconds(report.average_ms)},
         _("por iteración")),
        (_("Total"), _("%(ms)s ms") % {"ms": words.milliseconds(report.total_ms)},
         _("de todas las iteraciones")),
        (_("Consultas"), words.number(report.queries_per_iteration), _("por iteración")),
    ]  # fmt: skip


def function_line(row: FunctionRow) -> FunctionLine:
    """Numbers in words."""
    return FunctionLine(
        name=row.name if row.place or row.calls else _("(lo demás)"),
        place=row.place,
        owner=row.owner,
        calls=words.number(row.calls) if row.calls else "–",
        own=words.milliseconds(row.own_ms),
        whole=words.milliseconds(row.whole_ms),
        share=words.percent(row.share),
        bar=round(100 * row.share),
    )


def query_line(row: QueryRow, report: Report) -> QueryLine:
    """Per iteration, as people count them."""
    return QueryLine(
        alias=row.alias,
        sql=row.sql,
        per_iteration=words.number(round(row.calls / max(report.iterations, 1), 1)),
        mean=words.milliseconds(row.total_ms / max(row.calls, 1)),
        slowest=words.milliseconds(row.slowest_ms),
        total=words.milliseconds(row.total_ms),
        where=where(row.template, row.place),
    )


def finding_card(one: Finding) -> FindingCard:
    """In words."""
    return FindingCard(
        kind=one.kind,
        title=words.title(one),
        advice=words.advice(one),
        where=where(one.template, one.place),
        sql=one.sql,
    )


def where(template: str, place: str) -> str:
    """The template's line, then the code's."""
    return " · ".join(part for part in (template, place) if part)


def flame_box(box: flame.Box) -> FlameBox:
    """Where it is drawn."""
    return FlameBox(
        name=box.frame.name,
        short=".".join(box.frame.name.split(".")[-2:]),
        place=box.frame.place,
        owner=box.frame.owner,
        x=f"{UNITS * box.left:.3f}",
        width=f"{UNITS * box.width:.3f}",
        y=str(ROW_HEIGHT * box.depth),
        depth=box.depth,
        ms=words.milliseconds(box.ms),
        share=words.percent(box.width),
    )
