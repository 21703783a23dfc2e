"""The queue page: who works, what waits, what runs where, and whether that goes well."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .. import permissions
from ..conf import setting
from ..selectors import queue
from .pages import page, problem_page
from .presenters.chips import queue_chip
from .presenters.queue_words import advice

PERMISSION = "opsconsole.view_jobrun"


@require_safe
def queue_page(request: HttpRequest) -> HttpResponseBase:
    """For whoever may see every run."""
    if not permissions.may_see_every_run(request.user):
        error = permissions.not_allowed(_("ver la cola"), request.user, permission=PERMISSION)
        return problem_page(request, error, title=_("Cola"))
    state = queue.queue_state()
    return page(
        request,
        "admin/opsconsole/queue.html",
        title=_("Cola"),
        state=state,
        chip=queue_chip(state),
        advice=advice(state),
        working=queue.working(),
        waiting=queue.waiting(limit=50),
        others=queue.other_tasks(),
        now=timezone.now(),
        silence=setting("LOST_AFTER_SECONDS"),
    )
