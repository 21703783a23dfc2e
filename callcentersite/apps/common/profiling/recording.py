"""Requests are recorded while the gate is open; closed, nothing of it is left.

The rows are silk's, the recording is not: silk replaces Django's SQL compiler for the whole
process, compiles each statement twice, explains it, sees neither INSERT nor raw SQL, keeps the
values, and writes within the request, an UPDATE for each query. See DECISIONS.md.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .gate import is_drawn
from .recorded import recorded
from .rules import is_recorded
from .watching import Watch
from .writing import writer


class ProfilingMiddleware:
    """Record, or step aside. Comes after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Whoever asks for the health is answered without a look at any database: first of all.
        if not is_recorded(request) or not is_drawn():
            return self.get_response(request)
        began, watch = timezone.now(), Watch()
        with watch.look():
            response = self.get_response(request)
        writer.put(
            recorded(
                request,
                response,
                began=began,
                ended=timezone.now(),
                queries=tuple(watch.queries),
                query_count=watch.count,
            )
        )
        return response
