"""What the API says: JSON, with one shape for everything that went wrong."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from opsconsole import OperationError
from opsconsole.admin.pages import STATUS_CODES
from opsconsole.exceptions import BadInput, IllegalTransition
from opsconsole.plans import StalePlan

from .deadline import TimeUp

CODES: tuple[tuple[type[OperationError], int], ...] = (
    *STATUS_CODES,
    (IllegalTransition, 409),
    (StalePlan, 409),
    (TimeUp, 503),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Data with the status and headers that go with it."""

    data: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class ApiError(OperationError):
    """A refusal that has a status of its own, and perhaps headers or more to tell."""

    def __init__(
        self,
        message: Any,
        *,
        status: int,
        cause: Any = "",
        remedy: Any = "",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message, cause=cause, remedy=remedy)
        self.status = status
        self.headers = dict(headers or {})
        self.more = more


def answer_to(error: OperationError) -> Answer:
    """The error in its three parts, and what its kind has beside them."""
    told: dict[str, Any] = {
        "message": error.message,
        "cause": error.cause,
        "remedy": error.remedy,
    }
    if isinstance(error, ApiError):
        return Answer(data={"error": told | error.more}, status=error.status, headers=error.headers)
    if isinstance(error, BadInput):
        told |= {"cause": " ".join(sentences(error)), "fields": error.errors}
    code = next((code for kind, code in CODES if isinstance(error, kind)), 400)
    headers = {"Retry-After": "5"} if code == 503 else {}
    return Answer(data={"error": told}, status=code, headers=headers)


def sentences(error: BadInput) -> list[str]:
    """One per error, led by the parameter as JSON calls it."""
    return [
        text if name == "__all__" else f"{name}: {text}"
        for name, texts in error.errors.items()
        for text in texts
    ]


def response_of(answer: Answer, request: HttpRequest) -> HttpResponseBase:
    """The response; of a reading one only what the asker does not have already."""
    content = json.dumps(answer.data, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
    response = HttpResponse(
        content, content_type="application/json", status=answer.status, headers=answer.headers
    )
    response["Content-Language"] = settings.LANGUAGE_CODE
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Authorization"])
    if answer.status == 200 and request.method in ("GET", "HEAD"):
        response["Cache-Control"] = "private, no-cache"
        response["ETag"] = etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        unchanged = get_conditional_response(request, etag=etag, response=response)
        response = unchanged or response
    return without_body(response) if request.method == "HEAD" else response


def without_body(response: HttpResponse) -> HttpResponse:
    """The same headers, and nothing after them."""
    if response.status_code != 304:
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response
