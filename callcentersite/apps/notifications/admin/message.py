"""The page of a message."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from opsconsole import permissions
from opsconsole.admin.pages import page
from opsconsole.models import JobRun

from ..models import Notification
from ..selectors import mailbox
from . import looks

MOST = 2**63


def own_message(request: HttpRequest, pk: int) -> Notification:
    """The reader's message; raises Http404, for another's as for one that is gone."""
    message = mailbox(request.user).filter(pk=pk).first() if pk < MOST else None
    if message is None:
        raise Http404
    return message


@require_safe
def show(request: HttpRequest, pk: int) -> TemplateResponse:
    """What it says, and the way to what it is about; writes nothing."""
    message = own_message(request, pk)
    return page(
        request,
        "admin/notifications/message.html",
        title=message.subject,
        message=message,
        level=looks.level_chip(message),
        **run_of(message, request.user),
    )


def run_of(message: Notification, user: Any) -> dict[str, bool]:
    """Whether its run was deleted meanwhile, or is out of the reader's sight: a message stays."""
    if message.run_id is None:
        return {}
    run = JobRun.objects.filter(pk=message.run_id).first()
    return {
        "run_is_gone": run is None,
        "run_is_hidden": run is not None and not permissions.may_see(run, user),
    }
