"""Write recorded requests into silk's tables, and keep those from growing."""

from __future__ import annotations

import json
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.db import router, transaction
from django.db.models import QuerySet
from silk.models import Request, Response, SQLQuery

from opsconsole.masking import Masker

from ..measuring.domain.sql import fingerprint
from .recorded import Recorded, masked, without_numbers
from .watching import Query

LONGEST = 190  # of silk's columns


def store(found: Recorded) -> None:
    """The request, its answer and its queries, or nothing of them."""
    masker = Masker()
    request = Request(
        path=path_of(found, masker)[:LONGEST],
        method=found.method[:10],
        view_name=found.view_name[:LONGEST],
        query_params=masked(found.query_params, masker),
        encoded_headers=masked(found.headers, masker),
        start_time=found.began,
        end_time=found.ended,
        time_taken=milliseconds(found.ended - found.began),
        num_sql_queries=found.query_count,
    )
    response = Response(
        request=request,
        status_code=found.status,
        encoded_headers=json.dumps(dict(found.answer_headers)),
    )
    with transaction.atomic(using=alias()):
        # Silk's own save() would look, now and then, for what is to be deleted.
        Request.objects.bulk_create([request])
        Response.objects.bulk_create([response])
        # Its manager would update the request once for each query.
        QuerySet(SQLQuery, using=alias()).bulk_create(
            [row(request, number, one) for number, one in enumerate(found.queries)]
        )


def path_of(found: Recorded, masker: Masker) -> str:
    """Digits in an address of the site are a row's number; in one that is none, anything."""
    if found.status == HTTPStatus.NOT_FOUND:
        return without_numbers(found.path, masker)
    return masker.mask(found.path)


def row(request: Request, number: int, query: Query) -> SQLQuery:
    """A statement without its values, with the line of the template and of the code."""
    return SQLQuery(
        request=request,
        identifier=number,
        query=fingerprint(query.sql),
        start_time=query.began,
        end_time=query.ended,
        time_taken=milliseconds(query.ended - query.began),
        traceback="\n".join(part for part in (query.where.template, query.where.code) if part),
    )


def drop_oldest() -> int:
    """Delete what is older than the newest ``SILKY_MAX_RECORDED_REQUESTS``; return how many."""
    kept = settings.SILKY_MAX_RECORDED_REQUESTS
    newest = Request.objects.order_by("-start_time").values_list("start_time", flat=True)
    if (oldest := newest[kept : kept + 1].first()) is None:
        return 0
    with transaction.atomic(using=alias()):
        _all, per_model = Request.objects.filter(start_time__lte=oldest).delete()
    return int(per_model.get(Request._meta.label, 0))


def milliseconds(time: timedelta) -> float:
    """As silk counts."""
    return time.total_seconds() * 1000


def alias() -> str:
    """The database of silk's tables."""
    return router.db_for_write(Request)
