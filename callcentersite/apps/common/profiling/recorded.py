"""One request as it is kept: no body, no value of a query, no secret, no full phone number."""

from __future__ import annotations

import json
import re
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

# The site's masks leave bare digits, which may be a count that somebody has to read; here nobody
# has to, and people search for calls by ten of them. A date is no number.
DIGITS = re.compile(r"(?<!\d)(?!\d{4}-\d\d-\d\d)\d(?:[ -]?\d){7,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What the thread that writes needs; nothing in it refers to the request any more."""

    path: str
    method: str
    view_name: str
    query_params: Mapping[str, str]
    headers: Mapping[str, str]
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
        headers=headers_of(request),
        status=response.status_code,
        answer_headers={name: response[name] for name in ANSWER_HEADERS if name in response},
        began=began,
        ended=ended,
        queries=queries,
        query_count=query_count,
    )


def headers_of(request: HttpRequest) -> dict[str, str]:
    """As silk cleans them; of the page she came from only the address, not what she looked for."""
    headers: dict[str, str] = json.loads(RequestModelFactory(request).encoded_headers())
    if "referer" in headers:
        headers["referer"] = headers["referer"].partition("?")[0]
    return headers


def masked(pairs: Mapping[str, str], masker: Masker) -> str:
    """As silk keeps them: JSON; neither what a sensitive key holds nor a number of eight digits."""
    if not pairs:
        return ""
    return json.dumps(
        {
            without_numbers(key, masker): MASK
            if is_sensitive(key)
            else without_numbers(value, masker)
            for key, value in pairs.items()
        }
    )


def without_numbers(text: str, masker: Masker) -> str:
    """Without secrets, and without what may be a phone number, however it is written."""
    return DIGITS.sub(MASK, masker.mask(text))


def is_sensitive(key: str) -> bool:
    """Whether the name says that the value is nobody's business."""
    return any(word in key.lower() for word in settings.SILKY_SENSITIVE_KEYS)
