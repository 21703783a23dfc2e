"""A run that should have come and did not: written once, as a run, so that it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import registry
from ..conf import ops_alias
from ..events import announce
from ..language import source_language
from ..models import JobRun, Origin
from ..states import Status
from .timetable import MOST, Dues

MISSED_KEY = "missed"
WRITTEN = "j b Y, H:i"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """What did not come: ``source`` names what expected it, unique among those that expect."""

    source: str
    operation: str
    dues: Dues
    zone: ZoneInfo
    origin: Origin
    params: dict[str, Any] = field(default_factory=dict)
    person: str = ""
    person_id: str | None = None
    cause: str = ""
    remedy: str = ""

    @property
    def key(self) -> str:
        """One for each expectation and time that it was about; the database keeps it unique."""
        return key_of(f"{MISSED_KEY}:{self.source}", self.dues.first)


def key_of(source: str, due: datetime) -> str:
    """``programme:7@2026-11-22T08:00Z``."""
    return f"{source}@{due.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def declare(missed: Missed) -> JobRun | None:
    """Write it and tell it; None where somebody has done so already."""
    run = run_of(missed)
    try:
        with transaction.atomic(using=ops_alias()):
            run.save(force_insert=True)
    except IntegrityError:
        if JobRun.objects.filter(request_key=missed.key).exists():
            return None
        raise
    # Whoever ticks next tells it where this process does not live to.
    transaction.on_commit(partial(announce, run.pk), using=ops_alias())
    return run


def run_of(missed: Missed) -> JobRun:
    """The row: asked for when it was due, ended now, never begun."""
    operation = registry.find(missed.operation)
    with source_language():
        return JobRun(
            operation=missed.operation,
            title=str(operation.title)[:200] if operation else "",
            status=Status.MISSED,
            params=missed.params,
            request_key=missed.key,
            requested_by=missed.person,
            requested_by_id=missed.person_id,
            origin=missed.origin,
            error=sentence(missed.dues, missed.zone),
            error_cause=missed.cause,
            error_remedy=missed.remedy,
            result={"missed": missed.dues.count},
            queued_at=missed.dues.first,
            finished_at=Now(),
        )


def sentence(dues: Dues, zone: ZoneInfo) -> str:
    """When it should have begun, and how often, in the words of its zone's clock."""
    words = {"first": written(dues.first, zone), "last": written(dues.last, zone)}
    if dues.count >= MOST:
        text = _("No se ejecutó %(count)s veces o más, desde el %(first)s.")
    else:
        text = ngettext(
            "No se ejecutó: debía empezar el %(first)s.",
            "No se ejecutó %(count)s veces, del %(first)s al %(last)s.",
            dues.count,
        )
    return text % (words | {"count": dues.count})


def written(moment: datetime, zone: ZoneInfo) -> str:
    """By that zone's clock; it says which where it is not the site's."""
    local = localtime(moment, zone)
    text = date_format(local, WRITTEN)
    return text if zone.key == localtime(moment).tzinfo.key else f"{text} ({zone.key})"  # type: ignore[union-attr]
