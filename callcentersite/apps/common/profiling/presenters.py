"""How recorded requests look: the answer in words, the statements, the way to profile it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from silk.models import Request, SQLQuery

from opsconsole import permissions, registry
from opsconsole.admin.presenters.chips import Chip
from opsconsole.exceptions import BadInput
from opsconsole.masking import MASK

from ..measuring.pages import words
from ..measuring.targets import check_endpoint
from .selectors import queries_of
from .watching import MOST_QUERIES

NOTHING = "–"
OPERATION = "profile_code"
TONES = {2: ("ok", "✓"), 3: ("idle", "→"), 4: ("warn", "▲"), 5: ("bad", "✕")}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryLine:
    """One statement; ``same`` is how often the request issued it."""

    sql: str
    where: str
    after_ms: str
    took_ms: str
    same: int


def page_of(recorded: Any, user: Any) -> dict[str, Any]:
    """What the page shows of a request, and offers this person."""
    queries = queries_of(recorded, most=MOST_QUERIES)
    params = json.loads(recorded.query_params or "{}")
    return {
        "recorded": recorded,
        "chip": answer_chip(recorded),
        "took": milliseconds(recorded.time_taken),
        "in_database": milliseconds(recorded.database_ms),
        "params": params,
        "headers": sorted(recorded.headers.items()),
        "queries": list(query_lines(recorded, queries)),
        "unseen": max(recorded.num_sql_queries - len(queries), 0),
        "profile": profile_url(recorded, params, user),
    }


def answer_chip(recorded: Request) -> Chip:
    """The status in sign, colour and number."""
    answer = getattr(recorded, "response", None)
    if answer is None:
        return Chip("idle", "○", _("Sin respuesta"))
    tone, sign = TONES.get(answer.status_code // 100, ("idle", "○"))
    return Chip(tone, sign, str(answer.status_code))


def query_lines(recorded: Request, queries: list[SQLQuery]) -> Iterator[QueryLine]:
    """In order; how long after the request's beginning each came."""
    counts = Counter(one.query for one in queries)
    for one in queries:
        yield QueryLine(
            sql=one.query,
            where=" · ".join(one.traceback.split("\n")),
            after_ms=milliseconds((one.start_time - recorded.start_time).total_seconds() * 1000),
            took_ms=milliseconds(one.time_taken),
            same=counts[one.query],
        )


def profile_url(recorded: Request, params: dict[str, str], user: Any) -> str:
    """The form of profile_code, filled in; empty where she may not, or it may not be measured."""
    operation = registry.find(OPERATION)
    if operation is None or not permissions.may_run(operation, user) or MASK in recorded.path:
        return ""
    endpoint = address(recorded.path, params)
    try:
        check_endpoint(endpoint, params={})
    except BadInput:
        return ""
    query = urlencode({"endpoint": endpoint, "method": recorded.method})
    return f"{reverse('admin:opsconsole_operation', args=[OPERATION])}?{query}"


def address(path: str, params: dict[str, str]) -> str:
    """As it was asked for, without what was masked."""
    query = QueryDict(mutable=True)
    query.update({key: value for key, value in params.items() if MASK not in value})
    return f"{path}?{query.urlencode()}" if query else path


def milliseconds(value: float | None) -> str:
    """As profiles show them; a dash for what nobody measured."""
    return NOTHING if value is None else words.milliseconds(value)
