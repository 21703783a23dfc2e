"""The only code that adds to the chain.

Whoever is within a transaction leaves her entry in ``AuditPending``, where it commits with the
change or vanishes with it, and holds the chain for no moment. After the commit the entry takes its
place. Entries left behind by a process that died are chained by the next one who comes by.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db import connections, router, transaction

from .domain.chain import Keyring, Link, payload
from .drafts import Target, draft
from .keys import keyring
from .models import SAID, AuditHead, AuditLog, AuditPending
from .querysets import around
from .selectors import start
from .vocabulary import Action, Result

logger = logging.getLogger(__name__)

Fields = dict[str, Any]
BATCH = 500


def alias() -> str:
    """The database of the chain."""
    return router.db_for_write(AuditLog)


def append(fields: Fields) -> None:
    """With the transaction there is, else at once; raises what the database does."""
    using = alias()
    if not connections[using].in_atomic_block:
        with transaction.atomic(using=using):
            chain([fields], lock_head(using), using)
        return
    AuditPending.objects.using(using).create(**fields)
    transaction.on_commit(partial(drain, using), using=using, robust=True)


def append_many(many: Sequence[Fields]) -> None:
    """The same for many, in the caller's transaction."""
    using = alias()
    if not many:
        return
    waiting = AuditPending.objects.using(using)
    waiting.bulk_create([AuditPending(**fields) for fields in many], batch_size=BATCH)
    transaction.on_commit(partial(drain, using), using=using, robust=True)


def drain(using: str | None = None) -> int:
    """Chain what has been committed and waits; return how much. Any number may do it at a time."""
    using, done = using or alias(), 0
    if not AuditPending.objects.using(using).exists():
        return done
    while (moved := drain_batch(using)) == BATCH:
        done += moved
    return done + moved


def drain_batch(using: str) -> int:
    """One batch, moved in one transaction."""
    pending = AuditPending.objects.using(using).order_by("pk")
    with transaction.atomic(using=using):
        head = lock_head(using)  # before reading: whoever waited here sees what the other left
        rows = list(pending[:BATCH])
        if not rows:
            return 0
        chain([{name: getattr(row, name) for name in SAID} for row in rows], head, using)
        pending.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def chain(drafts: Iterable[Fields], head: AuditHead, using: str) -> None:
    """Give each its place after the head, which is locked; the transaction should be short."""
    wanted = [*resumed(head, using), *drafts]
    fresh = not_yet_said(wanted, using)
    ring, last, rows = keyring(), head.link(), []
    for fields in fresh:
        row = placed(fields, after=last, ring=ring)
        last = row.link()
        rows.append(row)
    if rows:
        around(AuditLog, using).bulk_create(rows)
        move_head(last, using)


def placed(fields: Fields, *, after: Link, ring: Keyring) -> AuditLog:
    """The row that comes next."""
    row = AuditLog(id=after.position + 1, previous=after.hash, key_id=ring.current, **fields)
    text = payload(row.id, row.previous, row.key_id, row.said())
    row.hash = ring.sign(text, key_id=row.key_id)
    return row


def lock_head(using: str) -> AuditHead:
    """The end of the chain, ours until the transaction ends. SQLite has one writer anyway."""
    heads = AuditHead.objects.using(using).select_for_update()
    found = heads.filter(pk=AuditHead.ONLY).first()
    if found is not None:
        return found
    last = last_link(using)
    AuditHead.objects.using(using).bulk_create(
        [AuditHead(pk=AuditHead.ONLY, last_id=last.position, last_hash=last.hash)],
        ignore_conflicts=True,
    )
    found = heads.get(pk=AuditHead.ONLY)
    found.was_lost = last.position > 0  # type: ignore[attr-defined]
    return found


def last_link(using: str) -> Link:
    """The last entry there is, or what the pruned ones left."""
    row: AuditLog | None = AuditLog.objects.using(using).order_by("-pk").first()
    if row is not None:
        return row.link()
    return start(using)


def resumed(head: AuditHead, using: str) -> list[Fields]:
    """Where the head had gone missing, the chain itself says that it was put back."""
    if not getattr(head, "was_lost", False):
        return []
    logger.error("the head of the audit's chain was missing: resumed after entry %s", head.last_id)
    target = Target(kind="audit", number=str(head.last_id))
    return [draft(Action.CHAIN_RESUMED, target, result=Result.FAILED)]


def not_yet_said(drafts: Sequence[Fields], using: str) -> list[Fields]:
    """Without those that may be written once and have been; nobody else writes meanwhile."""
    keys = {one["once"] for one in drafts if one["once"]}
    known = set()
    if keys:
        said = AuditLog.objects.using(using).filter(once__in=keys)
        known = set(said.values_list("once", flat=True))
    fresh = []
    for one in drafts:
        if one["once"] not in known:
            fresh.append(one)
            known.update({one["once"]} - {""})
    return fresh


def move_head(last: Link, using: str) -> None:
    """Write down where the chain ends now."""
    AuditHead.objects.using(using).filter(pk=AuditHead.ONLY).update(
        last_id=last.position, last_hash=last.hash
    )
