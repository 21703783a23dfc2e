"""The page of a message."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

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
        run_is_gone=run_is_gone(message),
    )


def run_is_gone(message: Notification) -> bool:
    """Whether the run was deleted meanwhile: the message outlives it."""
    run_id = message.run_id
    return run_id is not None and not JobRun.objects.filter(pk=run_id).exists()
