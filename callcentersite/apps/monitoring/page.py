"""«Salud»: the parts with their reasons, and where each is mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opsconsole import permissions
from opsconsole.admin.pages import page, problem_page
from opsconsole.admin.presenters import words
from opsconsole.admin.presenters.chips import Chip
from opsconsole.text import Text

from .domain.health import Health
from .domain.parts import WEIGHTS, Part
from .domain.states import State
from .doors import DOORS
from .selectors import OWN_OPERATION, health_lately
from .wording.reasons import because
from .wording.remedies import remedy
from .wording.summaries import summary
from .wording.titles import STATES, TITLES

PERMISSION = "monitoring.view_health"
LOOKS = {
    State.OK: ("ok", "✓"),
    State.WARNING: ("warn", "▲"),
    State.CRITICAL: ("bad", "✕"),
    State.UNKNOWN: ("idle", "–"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A part as the page shows it."""

    title: Text
    chip: Chip
    summary: str
    reasons: tuple[tuple[str, str], ...]
    points: str
    weight: int
    counts: bool
    link: str
    link_title: Text


@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """For whoever may see the alerts."""
    if not request.user.has_perm(PERMISSION):
        error = permissions.not_allowed(_("ver la salud"), request.user, permission=PERMISSION)
        return problem_page(request, error, title=_("Salud"))
    health = health_lately()
    return page(
        request,
        "admin/monitoring/health.html",
        title=_("Salud"),
        health=health,
        chip=chip_of(health.state),
        sentence=sentence(health),
        rows=list(rows(health, request.user)),
        operation=OWN_OPERATION,
        may_run=request.user.has_perm(f"opsconsole.run_{OWN_OPERATION}"),
    )


def sentence(health: Health) -> str:
    """What to look at, in one breath."""
    if not health.troubles:
        return _("Todo lo que se vigila está bien.")
    return _("Pide atención: %(parts)s.") % {
        "parts": ", ".join(str(TITLES[part.key]) for part in health.troubles)
    }


def rows(health: Health, user: Any) -> Iterator[Row]:
    """The worst first; among equals as they are always told."""
    order = (State.CRITICAL, State.WARNING, State.UNKNOWN, State.OK)
    for part in sorted(health.parts, key=lambda one: order.index(one.state)):
        yield row(part, user)


def row(part: Part, user: Any) -> Row:
    """One part; its link only for whom it opens."""
    door = DOORS[part.key]
    ails = part.state in (State.WARNING, State.CRITICAL)
    return Row(
        title=TITLES[part.key],
        chip=chip_of(part.state),
        summary=summary(part),
        reasons=tuple((because(reason), remedy(reason)) for reason in part.reasons),
        points=points_of(part),
        weight=WEIGHTS[part.key],
        counts=part.state is not State.UNKNOWN,
        link=reverse(door.view, args=door.args) if ails and user.has_perm(door.permission) else "",
        link_title=door.title,
    )


def points_of(part: Part) -> str:
    """``10`` · ``1,5``."""
    return words.number(int(part.points) if part.points.is_integer() else part.points)


def chip_of(state: State) -> Chip:
    """The state in words, sign and colour."""
    tone, sign = LOOKS[state]
    return Chip(tone, sign, STATES[state])
