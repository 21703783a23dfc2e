"""Verify the whole chain, however long, while others go on writing it."""

from __future__ import annotations

from dataclasses import dataclass

from . import selectors
from .domain.chain import Link
from .domain.verification import Finding, Flaw, Verifier, is_as_signed, judge_end
from .keys import keyring
from .models import AuditHead, AuditLog, AuditPending
from .pruning import is_sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was verified, and the first thing that is wrong with it."""

    checked: int
    first: int
    end: Link
    waiting: int
    finding: Finding | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.finding is None


def verify(*, anchor: Link | None = None, last: int | None = None) -> Report:
    """Walk from the last checkpoint to the head; with ``last`` only so many entries before it.

    ``anchor`` is an end that somebody noted down earlier, outside of the database: it must still be
    there as it was. Memory does not grow with the chain.
    """
    head = head_link()
    begin = selectors.start() if last is None else near_the_end(head, last)
    verifier = Verifier(begin, keyring())
    finding = checkpoint_finding() or walk(verifier, head) or anchor_finding(anchor)
    return Report(
        checked=verifier.checked,
        first=begin.position + 1,
        end=verifier.last,
        waiting=AuditPending.objects.count(),
        finding=finding,
    )


def near_the_end(head: Link | None, count: int) -> Link:
    """The entry after which ``count`` are left; where there are no more, the beginning."""
    position = (head.position if head else 0) - count
    row = AuditLog.objects.filter(pk=position).first() if position > 0 else None
    return selectors.start() if row is None else row.link()


def walk(verifier: Verifier, head: Link | None) -> Finding | None:
    """All entries up to the head, then the head itself."""
    if head is None:
        return Finding(flaw=Flaw.HEAD, position=newest())
    rows = selectors.entries(after=verifier.last.position, up_to=head.position)
    finding = verifier.walk(rows)
    if finding is not None:
        pruned = selectors.start()
        if pruned.position < finding.position or finding.flaw is not Flaw.MISSING:
            return finding
        # Pruned while we walked: go on from there.
        verifier.last = pruned
        return walk(verifier, head)
    return judge_end(verifier.last, head=head, newest=newest_beyond(head))


def newest_beyond(head: Link) -> int:
    """The newest row that the head does not know of; appends move both in one transaction."""
    last = newest()
    now = head_link()
    return last if now is None or last > now.position else head.position


def newest() -> int:
    """The position of the newest row."""
    return AuditLog.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def head_link() -> Link | None:
    """The end that was written down."""
    head = AuditHead.objects.filter(pk=AuditHead.ONLY).first()
    return None if head is None else head.link()


def checkpoint_finding() -> Finding | None:
    """Whether what is missing at the beginning was pruned by the application."""
    checkpoint = selectors.last_checkpoint()
    if checkpoint is None or is_sealed(checkpoint):
        return None
    flaw = Flaw.CHECKPOINT if checkpoint.key_id in keyring() else Flaw.UNKNOWN_KEY
    return Finding(flaw=flaw, position=checkpoint.last_id)


def anchor_finding(anchor: Link | None) -> Finding | None:
    """Whether the noted entry is still what it was; what was pruned since is out of sight."""
    if anchor is None or anchor.position < selectors.start().position:
        return None
    known = [selectors.start().hash] if anchor.position == selectors.start().position else []
    known += AuditLog.objects.filter(pk=anchor.position).values_list("hash", flat=True)
    return None if anchor.hash in known else Finding(flaw=Flaw.ANCHOR, position=anchor.position)


def is_verified(row: AuditLog) -> bool:
    """One entry by itself: as it was signed, and tied to the one before."""
    before = AuditLog.objects.filter(pk=row.pk - 1).first()
    tied_to = before.hash if before is not None else selectors.start().hash
    return is_as_signed(row.entry(), keyring()) and row.previous == tied_to
