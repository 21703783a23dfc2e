"""What the ETL did lately."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from opsconsole.models import JobRun
from opsconsole.selectors.runs import ASKED_FOR
from opsconsole.states import Status

# Simulations are among them, and count for nothing.
MOST_LOOKED_AT = 60
PARTIAL = ("since", "until", "call_ids")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLoad:
    """A run that loaded calls; ``whole``: everything that had changed, not a part of it."""

    ended_at: datetime
    read: int
    rejected: int
    whole: bool


def past_loads() -> list[PastLoad]:
    """The last ones, the newest first: one statement along the index of the runs."""
    return list(_past_loads())


def _past_loads() -> Iterator[PastLoad]:
    # A part that ended well is no load: the whole of it may have failed.
    done = JobRun.objects.filter(ASKED_FOR, operation="run_etl", status=Status.SUCCEEDED)
    runs = done.order_by("-pk")
    for ended_at, params, result in runs.values_list("finished_at", "params", "result")[
        :MOST_LOOKED_AT
    ]:
        if ended_at is not None and not params.get("dry_run"):
            yield PastLoad(
                ended_at=ended_at,
                read=(result or {}).get("read", 0),
                rejected=(result or {}).get("rejected", 0),
                whole=not any(params.get(name) for name in PARTIAL),
            )
