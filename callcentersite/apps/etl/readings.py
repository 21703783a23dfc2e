"""Which readings a run consists of, and what each of them leaves for the next run.

* **First load**: every call by key. Its checkpoint is the last key committed, so whichever run
  comes next goes on from there. When it is through, the watermark becomes what the greatest
  ``updated_at`` was when it *began*: what was corrected behind the walk is read by the next run.
* **Incremental**: the undated rows, then by (updated_at, call_id) from the watermark less an
  overlap. Each chunk moves the watermark to its last row.
* **Full, range**: by key; the checkpoint carries the run's number, for a later attempt of the same
  run. A full reading ends like the first load, a range leaves the watermark alone.
* **Call ids**: these rows, and no checkpoint.
* **Part of a full reading**: a range of keys; its checkpoint lasts until all parts are joined.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from callcentersite.apps.analytics.models import Queue

from .domain.chunk import Checkpoint
from .domain.partitions import Partition
from .domain.request import Request
from .domain.rows import Page
from .domain.walks import ByIds, ByKey, ByUpdate, Undated, Walk
from .domain.watermark import advanced, restart
from .extract import LegacySource
from .load import checkpoint
from .models import CallRejection, EtlWatermark

IDS_A_WALK = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A walk, what to remember after each page of it, and what to do at its end."""

    walk: Walk
    expected: int | None = None
    remember: Callable[[Page], Checkpoint | None] = lambda page: None
    ends: tuple[str, str | None] | None = None  # checkpoint to drop, watermark to set
    whole: bool = False  # meets every legacy row, from the first one on


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the choice depends on: the source, the site's clock, the run and its attempt."""

    source: LegacySource
    zone: str
    now: datetime
    run_id: int | None = None
    attempt: int = 1


def choose(request: Request, at: Situation) -> list[Reading]:
    """The readings that answer a request, in order."""
    if request.call_ids:
        return [Reading(walk=ByIds(call_ids=request.call_ids), expected=len(request.call_ids))]
    if request.is_range:
        return [_range(request, at)]
    mark = checkpoint.saved(checkpoint.CALLS)
    watermark = mark.updated_at if mark else None
    if request.full:
        return [_full(at, watermark=watermark)]
    begun = checkpoint.saved(checkpoint.FIRST_LOAD)
    if watermark is None:
        first = _by_key(at, name=checkpoint.FIRST_LOAD, begun=begun)
        # What was corrected since the first load was interrupted would wait for one more run.
        return [first, *(_incremental(at, watermark=begun.updated_at) if begun else ())]
    return [*_unknown_queues(at), *_incremental(at, watermark=watermark)]


def of_part(partition: Partition, *, name: str) -> Reading:
    """One part, from where an earlier attempt at it came to."""
    begun = checkpoint.saved(name)
    position = begun.call_id if begun and begun.call_id is not None else partition.after
    return Reading(
        walk=ByKey(position=position, last=partition.last),
        expected=partition.rows,
        remember=_key_of_page(name, updated_at=begun.updated_at if begun else None),
        whole=position == partition.after,
    )


def _full(at: Situation, *, watermark: str | None) -> Reading:
    """Every row again; the first load itself where that has not ended yet."""
    name = checkpoint.FIRST_LOAD if watermark is None else checkpoint.walk_name(at.run_id)
    begun = checkpoint.saved(name) if name and at.attempt > 1 else None
    return _by_key(at, name=name, begun=begun)


def _by_key(at: Situation, *, name: str | None, begun: EtlWatermark | None) -> Reading:
    """Every row by key, from where an earlier attempt came to."""
    ends = begun.updated_at if begun else present(at)
    return Reading(
        walk=ByKey(position=begun.call_id if begun else None),
        expected=at.source.expected_rows(),
        remember=_key_of_page(name, updated_at=ends),
        ends=(name or "", ends),
        whole=begun is None,
    )


def _range(request: Request, at: Situation) -> Reading:
    """The calls that start in a range."""
    name = checkpoint.walk_name(at.run_id)
    begun = checkpoint.saved(name) if name else None
    position = begun.call_id if begun else None
    return Reading(
        walk=ByKey(position=position, since=request.since, until=request.until),
        remember=_key_of_page(name, updated_at=None),
        ends=(name or "", None),
    )


def _incremental(at: Situation, *, watermark: str | None) -> list[Reading]:
    """The rows that may have changed since the watermark."""
    if watermark is None:
        return []
    newer = ByUpdate(since=restart(watermark, zone=at.zone))
    undated = Undated()
    return [
        Reading(walk=undated, expected=at.source.count(undated)),
        Reading(
            walk=newer,
            expected=at.source.count(newer),
            remember=_watermark_of_page(at, watermark=watermark),
        ),
    ]


def _unknown_queues(at: Situation) -> list[Reading]:
    """The rejected calls of queues that exist only since the last run.

    Their rows did not change, so no watermark would find them.
    """
    known = set(Queue.objects.values_list("code", flat=True))
    codes = {normal_code(row[0]) for row in at.source.queues()} - known
    if not codes:
        return []
    rejected = CallRejection.objects.values_list("call_id", "reasons", "raw").order_by("call_id")
    call_ids = [
        call_id
        for call_id, reasons, raw in rejected.iterator()
        if "queue_unknown" in reasons and normal_code(raw.get("queue_code")) in codes
    ]
    return [
        Reading(walk=ByIds(call_ids=tuple(ids)), expected=len(ids)) for ids in _groups(call_ids)
    ]


def normal_code(code: object) -> str:
    """A code as the rules compare it."""
    return str(code or "").strip().upper()


def present(at: Situation) -> str | None:
    """The watermark that a walk beginning now will have earned."""
    return advanced(None, read=at.source.latest_update(), now=at.now, zone=at.zone)


def _key_of_page(
    name: str | None, *, updated_at: str | None
) -> Callable[[Page], Checkpoint | None]:
    def remember(page: Page) -> Checkpoint | None:
        if name is None:
            return None
        return Checkpoint(name=name, updated_at=updated_at, call_id=page.last_call_id)

    return remember


def _watermark_of_page(at: Situation, *, watermark: str) -> Callable[[Page], Checkpoint | None]:
    def remember(page: Page) -> Checkpoint | None:
        stamp = advanced(watermark, read=page.last_updated_at, now=at.now, zone=at.zone)
        return Checkpoint(name=checkpoint.CALLS, updated_at=stamp)

    return remember


def _groups(call_ids: list[int]) -> Iterable[list[int]]:
    for first in range(0, len(call_ids), IDS_A_WALK):
        yield call_ids[first : first + IDS_A_WALK]
