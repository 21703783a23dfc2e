"""The request in which all this happens: its address, and what is left to do after its answer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import connection, connections
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

Deed = Callable[[], object]
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Asking:
    """A request, and the deeds that wait for its answer to be sent."""

    request: HttpRequest
    after: list[Deed] = field(default_factory=list)


_asking: ContextVar[Asking | None] = ContextVar("asking", default=None)


def current_request() -> HttpRequest | None:
    """The request that this thread answers, if it answers one."""
    asking = _asking.get()
    return asking.request if asking is not None else None


def afterwards(deed: Deed) -> None:
    """Do it once the answer is sent; without a request at once, or beside an open transaction."""
    asking = _asking.get()
    if asking is not None:
        asking.after.append(deed)
    elif in_transaction():
        threading.Thread(target=beside, args=[deed], name="audit").start()
    else:
        calmly(deed)


def in_transaction() -> bool:
    """Whether what is written now could be rolled back with something else."""
    return connection.in_atomic_block


def beside(deed: Deed) -> None:
    """On a connection of its own; SQLite lets it in when the transaction has ended."""
    try:
        any(calmly(deed) for _attempt in range(ATTEMPTS))
    finally:
        connections.close_all()


def calmly(deed: Deed) -> bool:
    """Whether it was done; an error is logged and holds up nobody."""
    try:
        deed()
    except Exception:
        logger.exception("an entry of the audit could not be written")
        return False
    return True


class AuditMiddleware:
    """Remembers the request, and does what is left once its answer has gone out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asking = Asking(request)
        token = _asking.set(asking)
        try:
            response = self.get_response(request)
        except BaseException:
            settle(asking)
            raise
        finally:
            _asking.reset(token)
        # As Django closes uploads and files: the server calls it when the last byte is sent.
        response._resource_closers.append(lambda: settle(asking))  # type: ignore[attr-defined]
        return response


def settle(asking: Asking) -> None:
    """Do what waited."""
    while asking.after:
        calmly(asking.after.pop(0))
