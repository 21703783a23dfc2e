"""``OPSCONSOLE["RUN_LINKS"]``: from a run to the requests that were recorded while it ran."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import ngettext
from silk.models import Request

from opsconsole import Link
from opsconsole.models import JobRun

from .rules import may_look
from .selectors import during

RUN = "corrida"


def links_of(run: JobRun, user: Any) -> Iterable[Link]:
    """One, where there is such a request and she may look at it."""
    if not may_look(user):
        return
    if count := during(run, Request.objects.all()).count():
        title = ngettext(
            "%(count)s petición grabada mientras tanto",
            "%(count)s peticiones grabadas mientras tanto",
            count,
        )
        yield Link(title=title % {"count": count}, url=requests_url(**{RUN: run.pk}))


def requests_url(**query: object) -> str:
    """The list, filtered."""
    return f"{reverse('admin:silk_request_changelist')}?{urlencode(query)}"
