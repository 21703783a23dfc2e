"""What I want to hear: a matrix of operations and events."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from opsconsole import permissions
from opsconsole.admin.pages import page
from opsconsole.text import Text

from .. import subscribing
from ..channels import open_channels
from ..domain.events import Event
from ..models.subscription import EVENT_TITLES, EVERY_OPERATION
from ..services import mailbox_is_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A tick box."""

    value: str
    event: Text
    label: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An operation, or all of them."""

    title: Text
    cells: tuple[Cell, ...]


@require_http_methods(["GET", "HEAD", "POST"])
def subscriptions_page(request: HttpRequest) -> HttpResponseBase:
    """Show it, or keep what was ticked."""
    if request.method == "POST":
        subscribing.choose(request.user, request.POST.getlist("on"))
        subscribing.prefer(
            request.user,
            **{name: name in request.POST for name in subscribing.PREFERENCES},
        )
        messages.success(request, _("Sus avisos se guardaron."))
        return redirect("admin:notifications_subscriptions")
    return page(
        request,
        "admin/notifications/subscriptions.html",
        title=_("Mis avisos"),
        events=[EVENT_TITLES[event] for event in Event],
        rows=rows_for(request),
        preference=subscribing.preference_of(request.user),
        may_see_every_run=permissions.may_see_every_run(request.user),
        is_off=not mailbox_is_on(),
        mail_is_on="email" in open_channels(),
        address=request.user.email,  # type: ignore[union-attr]
    )


def rows_for(request: HttpRequest) -> list[Row]:
    """All operations, then each that this person may see."""
    chosen = subscribing.chosen_by(request.user)
    titles: list[tuple[str, Text]] = [(EVERY_OPERATION, _("Todas las operaciones"))]
    titles += [(one.name, one.title) for one in subscribing.visible_operations(request.user)]
    return [row(name, title, chosen) for name, title in titles]


def row(name: str, title: Text, chosen: set[str]) -> Row:
    """The tick boxes of one operation, each with a name of its own."""
    cells = []
    for event in Event:
        value = subscribing.cell(name, event)
        label = _("%(operation)s: %(event)s") % {"operation": title, "event": EVENT_TITLES[event]}
        cells.append(
            Cell(
                value=value,
                event=EVENT_TITLES[event],
                label=label,
                checked=value in chosen,
            )
        )
    return Row(title=title, cells=tuple(cells))
