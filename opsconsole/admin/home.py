"""The home page: what runs, what failed, what may be launched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import permissions
from ..models import JobRun
from ..operations import Operation
from ..programmes.orders import upcoming
from ..selectors import runs as history
from ..selectors.endings import day_figures
from ..selectors.queue import queue_state
from ..text import Text
from .panels import HomePanel, Panel
from .presenters.chips import Chip, never_run, queue_chip, run_chip
from .presenters.queue_words import advice
from .presenters.run import ProgressView, progress_of

CARD_RUNS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An operation that this person may launch, and how it has been doing."""

    title: Text
    description: Text
    url: str
    chip: Chip
    last: JobRun | None
    usual: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Cards under a heading."""

    title: Text
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingOn:
    """A run under way."""

    run: JobRun
    progress: ProgressView | None


def home_context(request: HttpRequest, panels: Iterable[Panel]) -> dict[str, Any]:
    """Everything that the page shows of the console."""
    user, state = request.user, queue_state()
    since, to_decide = timezone.now() - timedelta(days=7), history.to_decide(user)
    return {
        "sections": sections_for(user),
        "going_on": [
            GoingOn(run=run, progress=progress_of(run))
            for run in history.going_on(user, apart_from=to_decide)
        ],
        "to_decide": to_decide,
        "went_wrong": history.went_wrong(user, since=since),
        "figures": day_figures(user),
        "may_see_queue": permissions.may_see_every_run(user),
        "queue_chip": queue_chip(state),
        "advice": advice(state),
        "queue_is_consumed": state.is_consumed,
        "upcoming": upcoming(permissions.runnable(user)),
        "panels": panels_for(request, panels),
    }


def sections_for(user: Any) -> list[Section]:
    """The operations by their section, in the order of the sections' names."""
    operations = sorted(
        permissions.runnable(user), key=lambda one: (str(one.section), str(one.title))
    )
    runs = history.recent_by_operation([one.name for one in operations], limit=CARD_RUNS)
    return [
        Section(
            title=title or _("Operaciones"),
            cards=tuple(card_of(one, runs[one.name]) for one in members),
        )
        for title, members in groupby(operations, key=lambda one: str(one.section))
    ]


def card_of(operation: Operation, runs: Sequence[JobRun]) -> Card:
    """One operation with its last state and usual duration, by its last runs."""
    return Card(
        title=operation.title,
        description=operation.description,
        url=reverse("admin:opsconsole_operation", args=[operation.name]),
        chip=run_chip(runs[0]) if runs else never_run(),
        last=runs[0] if runs else None,
        usual=history.usual_duration(runs),
    )


def panels_for(request: HttpRequest, panels: Iterable[Panel]) -> list[HomePanel]:
    """The apps' panels that have something for this person."""
    asked = (panel(request) for panel in panels)
    return [panel for panel in asked if panel is not None]
