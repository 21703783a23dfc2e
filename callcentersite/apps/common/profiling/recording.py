"""Requests are recorded by django-silk while the gate is open; closed, nothing of it is left.

Silk replaces Django's SQL compiler at the first request that it records, and leaves it so: every
later query would be compiled twice, recorded or not. So the replacement is put in and taken out
here, and what the thread has collected is forgotten after each request.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import silk.sql
from django.db import DatabaseError
from django.db.models.sql.compiler import SQLCompiler
from django.http import HttpRequest, HttpResponse
from silk.collector import DataCollector
from silk.middleware import SilkyMiddleware

from opsconsole.masking import Masker

from .gate import profiling_is_on
from .rules import is_recorded

logger = logging.getLogger(__name__)
original = SQLCompiler.execute_sql


class Recorder(SilkyMiddleware):  # type: ignore[misc]
    """Silk's own, which must break no request and keep no secret."""

    def process_request(self, request: HttpRequest) -> None:
        try:
            super().process_request(request)
        except DatabaseError:
            logger.warning("a request is not recorded: the database refused", exc_info=True)
            request.silk_is_intercepted = False  # type: ignore[attr-defined]
            DataCollector().clear()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        masker = Masker()
        for query in DataCollector().queries.values():
            query["query"] = masker.mask(query["query"])
        answer: HttpResponse = super().process_response(request, response)
        return answer


class ProfilingMiddleware:
    """Record, or step aside. Comes after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.recorder = Recorder(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Whoever asks for the health is answered without a look at any database: first of all.
        if not is_recorded(request):
            return self.get_response(request)
        if not profiling_is_on():
            take_out()
            return self.get_response(request)
        put_in()
        try:
            response: HttpResponse = self.recorder(request)
            return response
        finally:
            DataCollector().clear()


def put_in() -> None:
    """Let silk see the queries."""
    if SQLCompiler.execute_sql is original:
        # It has to find the original, and never to be asked to replace it again by itself.
        SQLCompiler._execute_sql = original  # type: ignore[attr-defined]
        SQLCompiler.execute_sql = silk.sql.execute_sql  # type: ignore[method-assign]
        # An EXPLAIN after each query would double them, and hide the error of one that failed.
        silk.sql._explain_query = explain_nothing


def take_out() -> None:
    """Django's own again; ``_execute_sql`` stays for a thread that is in the middle of a query."""
    if SQLCompiler.execute_sql is not original:
        SQLCompiler.execute_sql = original  # type: ignore[method-assign]


def explain_nothing(*args: object) -> None:
    """In place of silk's EXPLAIN."""
