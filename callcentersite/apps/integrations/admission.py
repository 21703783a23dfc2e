"""Who is let in at the API: a known client, not too often, not while the console is closed."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from callcentersite.apps.access.addresses import client_address
from callcentersite.apps.configuration import maintenance
from callcentersite.apps.configuration.services import is_on

from . import clients, limits
from .answers import ApiError
from .domain.tokens import from_header
from .models import ApiClient
from .refusals import closed, nobodys_token, too_many, too_many_failures, unauthorised

logger = logging.getLogger(__name__)


def admitted(request: HttpRequest, headers: dict[str, str]) -> ApiClient:
    """The client that asks; raises where it may not, may not yet, or may not now."""
    now = timezone.now()
    client = clients.known(from_header(request.headers.get("Authorization", "")))
    if client is None:
        raise unknown(request)
    if problem := clients.problem_with(client, now=now):
        raise unauthorised(problem)
    standing = limits.take_for(client, now=time.time())
    headers.update(standing.headers())
    if not standing.allowed:
        raise too_many(standing.limit)
    account: Any = client.account
    if is_on(maintenance.KEY) and not account.is_superuser:
        raise closed()
    clients.note_use(client, now=now)
    request.user = account
    return client


def unknown(request: HttpRequest) -> ApiError:
    """A token that is nobody's; after too many of them from one address, only that."""
    address = client_address(request)
    standing = limits.take_failure(address, now=time.time())
    if not standing.allowed:
        return too_many_failures(standing.retry_after_seconds)
    logger.warning("API: a token was refused, from %s", address)
    return nobodys_token()
