"""Rows of EtlWatermark, moved only in the transaction that commits the rows they speak of.

A run in parts has one for each part, ``run-7.2``, written by the run that cut them and claimed by
whoever works on the part: no part waits for another's transaction, and when the run is over, or
another takes its place, the rows are gone and a part that wakes up late is refused.
"""

from dataclasses import asdict, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from opsconsole import OperationError

from ..domain.chunk import Checkpoint, Tally
from ..models import EtlWatermark

CALLS = "ivr_calls"
FIRST_LOAD = "first_load"
FILES = "import_calls"


def walk_name(run_id: int | None) -> str | None:
    """The checkpoint of an explicit reading; None where nobody could come back to it."""
    return None if run_id is None else f"run-{run_id}"


def saved(name: str, *, using: str = "default") -> EtlWatermark | None:
    """How far a reading has come."""
    return EtlWatermark.objects.using(using).filter(pk=name).first()


def claim(owner: str, *, keep: str | None, using: str = "default") -> None:
    """Make this run the one that loads, and forget readings that nobody will resume."""
    marks = EtlWatermark.objects.using(using)
    marks.update_or_create(name=CALLS, defaults={"owner": owner})
    left = marks.filter(name__startswith="run-").exclude(name=keep or "")
    left.exclude(name__startswith=f"{keep}.").delete()


def part_name(run_id: int | None, number: int) -> str:
    """The checkpoint of a part."""
    return f"run-{run_id}.{number}"


def open_parts(
    run_id: int | None, count: int, *, updated_at: str | None, using: str = "default"
) -> None:
    """Write the parts' checkpoints; ``updated_at`` is the watermark that they earn together."""
    EtlWatermark.objects.using(using).bulk_create(
        [
            EtlWatermark(name=part_name(run_id, number), updated_at=updated_at)
            for number in range(1, count + 1)
        ],
        ignore_conflicts=True,
    )


def claim_part(name: str, owner: str, *, using: str = "default") -> None:
    """Make this attempt the one that loads the part; refused where its run is over."""
    if not EtlWatermark.objects.using(using).filter(name=name).update(owner=owner):
        raise taken_over()


def end_parts(run_id: int | None, *, using: str = "default") -> None:
    """Every part is through, so what was updated before the first one began has been read."""
    first = saved(part_name(run_id, 1), using=using)
    if first is not None:  # else an earlier attempt has done it
        end_walk(FIRST_LOAD, watermark=first.updated_at, using=using)
    marks = EtlWatermark.objects.using(using)
    marks.filter(name__startswith=part_name(run_id, 0).removesuffix("0")).delete()


def file_name(run_id: int | None) -> str | None:
    """The checkpoint of a file; None where nobody could come back to it."""
    return None if run_id is None else f"file-{run_id}"


def claim_files(owner: str, *, keep: str | None, using: str = "default") -> Tally:
    """Make this run the one that loads a file; return what an earlier attempt of it has loaded.

    How far the IVR was read stays as it is; files that nobody will resume are forgotten.
    """
    marks = EtlWatermark.objects.using(using)
    with transaction.atomic(using=using):
        marks.get_or_create(name=CALLS)  # on which both take their turns
        marks.update_or_create(name=FILES, defaults={"owner": owner})
        marks.filter(name__startswith="file-").exclude(name=keep or "").delete()
        begun = marks.filter(name=keep or "").first()
    return Tally(**(begun.tally or {})) if begun else Tally()


def count(name: str, tally: Tally, *, rows: int, using: str = "default") -> None:
    """Add what a chunk of a file came to; ``read`` is the rows that are loaded."""
    mark, _is_new = EtlWatermark.objects.using(using).get_or_create(name=name)
    done = Tally(**(mark.tally or {}))
    done.add(replace(tally, read=rows))
    mark.tally = asdict(done)
    mark.save(using=using)


def take_turn(*, using: str = "default") -> None:
    """Until the commit nobody else loads calls: a run of the ETL does one chunk, a file the next.

    Both look up which calls are known before they write. The parts of a load have marks of their
    own, so it is every mark but that of files.
    """
    others = EtlWatermark.objects.using(using).exclude(name=FILES).order_by("name")
    list(others.select_for_update())


def fence(owner: str, *, name: str = CALLS, using: str = "default") -> None:
    """Hold the row until the commit; refuse a run that was given up and another took over.

    Without it a process that hung, was declared lost and woke up would put old rows over new ones.
    """
    held = EtlWatermark.objects.using(using).filter(name=name, owner=owner)
    if not held.update(saved_at=timezone.now()):
        raise taken_over()


def taken_over() -> OperationError:
    """The refusal of whoever came too late."""
    return OperationError(
        _("La carga pasó a otra ejecución."),
        cause=_("Esta ejecución dejó de responder y otra tomó su lugar"),
        remedy=_("Revisar la ejecución más reciente; no hay nada que reparar"),
    )


def save(checkpoint: Checkpoint, *, using: str = "default") -> None:
    """Move a reading forward."""
    EtlWatermark.objects.using(using).update_or_create(
        name=checkpoint.name,
        defaults={"updated_at": checkpoint.updated_at, "call_id": checkpoint.call_id},
    )


def end_walk(name: str, *, watermark: str | None, using: str = "default") -> None:
    """A walk is through: what was updated up to its beginning has been read."""
    marks = EtlWatermark.objects.using(using)
    if watermark is not None:
        marks.filter(name=CALLS).update(updated_at=watermark, saved_at=timezone.now())
    marks.filter(name=name).delete()
