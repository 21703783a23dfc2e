"""Write down who is to be told of a run that ended; sending is another matter."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from callcentersite.apps.configuration.services import is_on
from opsconsole.masking import Masker
from opsconsole.models import JobRun

from ..models import WebhookDelivery, WebhookEndpoint

KEY = "integraciones.enable_webhooks"
TEST = "test"
MOST_CHARACTERS = 500


def write(run: JobRun) -> int:
    """One notice for each endpoint that wants it; a second telling changes nothing."""
    if not is_on(KEY):
        return 0
    wanting = [
        endpoint
        for endpoint in WebhookEndpoint.objects.filter(active=True)
        if endpoint.wants(operation=run.operation, status=run.status)
    ]
    rows = [notice(endpoint, f"run.{run.status}", run) for endpoint in wanting]
    WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def notice(endpoint: WebhookEndpoint, event: str, run: JobRun | None) -> WebhookDelivery:
    """The row to be, its content final: every attempt sends the same."""
    key, now = uuid.uuid4(), timezone.now()
    told = {"id": str(key), "event": event, "created_at": now, "run": run and about(run)}
    return WebhookDelivery(
        id=key,
        endpoint=endpoint,
        run_id=run.pk if run else None,
        event=event,
        body=json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False),
        created_at=now,
        next_at=now,
    )


def about(run: JobRun) -> dict[str, Any]:
    """What is told of a run: no parameters, no traceback, nothing secret."""
    masker = Masker()

    def short(text: str) -> str:
        return masker.mask(text)[:MOST_CHARACTERS]

    return {
        "id": run.pk,
        "operation": run.operation,
        "title": run.title,
        "status": run.status,
        "requested_by": run.requested_by,
        "origin": run.origin,
        "queued_at": run.queued_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "error": short(run.error),
        "cause": short(run.error_cause),
        "remedy": short(run.error_remedy),
        "url": settings.OPSCONSOLE["SITE_URL"] + run.get_absolute_url(),
    }
