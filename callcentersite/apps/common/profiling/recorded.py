"""One request as it is kept: no body, no value of a query, no secret, no full phone number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from silk.model_factory import RequestModelFactory

from opsconsole.masking import MASK, Masker

from .watching import Query

# What an answer says of itself that helps to understand its time; cookies and the like stay out.
ANSWER_HEADERS = ("Content-Type", "Content-Length", "Content-Encoding", "Cache-Control")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What the thread that writes needs; nothing in it refers to the request any more."""

    path: str
    method: str
    view_name: str
    query_params: Mapping[str, str]
    headers: str
    status: int
    answer_headers: Mapping[str, str]
    began: datetime
    ended: datetime
    queries: tuple[Query, ...]
    query_count: int


def recorded(
    request: HttpRequest,
    response: HttpResponse,
    *,
    began: datetime,
    ended: datetime,
    queries: tuple[Query, ...],
    query_count: int,
) -> Recorded:
    """Read off what is to be kept; it is masked when it is written, out of the request's time."""
    match = request.resolver_match
    return Recorded(
        path=request.path,
        method=request.method or "",
        view_name=match.view_name if match else "",
        query_params=request.GET.dict(),
        headers=RequestModelFactory(request).encoded_headers(),
        status=response.status_code,
        answer_headers={name: response[name] for name in ANSWER_HEADERS if name in response},
        began=began,
        ended=ended,
        queries=queries,
        query_count=query_count,
    )


def masked_params(params: Mapping[str, str], masker: Masker) -> str:
    """As silk keeps them: JSON; what a sensitive key holds is not shown."""
    if not params:
        return ""
    return json.dumps(
        {key: MASK if is_sensitive(key) else masker.mask(value) for key, value in params.items()}
    )


def is_sensitive(key: str) -> bool:
    """Whether the name says that the value is nobody's business."""
    return any(word in key.lower() for word in settings.SILKY_SENSITIVE_KEYS)
