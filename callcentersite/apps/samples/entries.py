"""What people did in the last weeks, written into the audit by the audit itself."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from callcentersite.apps.audit import services as audit

from .domain.deeds import Deed, deeds
from .scene import Scene


def make(scene: Scene) -> int:
    """Those entries that are not there yet; the chain goes on and verifies."""
    wanted = [draft(one, scene) for one in deeds(seed=scene.seed, end=scene.end)]
    with transaction.atomic():
        return audit.record_drafts(wanted)


def draft(deed: Deed, scene: Scene) -> dict[str, Any]:
    """One of them as the audit takes it."""
    return audit.draft(
        audit.Action(deed.action),
        audit.Target(kind=deed.kind, number=deed.key, name=deed.target),
        result=audit.Result(deed.result),
        reason=deed.reason,
        detail=deed.detail,
        person=audit.Person(
            name=deed.person.username,
            number=scene.number_of(deed.person) or "",
            source=audit.Source.PAGE,
            place="/admin/",
            address=deed.address,
        ),
        at=deed.at,
        once=scene.key("audit", deed.number),
    )
