"""The plan: what each policy would remove now, sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from opsconsole import Plan
from opsconsole.limits import TYPE_ABOVE, is_large

from . import cascades, policies, reaching, wording
from .domain.guards import Usual, is_far_beyond, is_nearly_everything, usual
from .domain.sizes import in_words
from .models import RetentionPolicy, RetentionRemoval
from .sealing import SealFile, digest_of
from .selection import Selection
from .tables import Extent, open_table
from .targets import ANONYMISE

SAMPLE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one policy comes to."""

    policy: RetentionPolicy
    days: int
    cutoff: datetime
    selection: Selection
    rows: int
    total: int
    extent: Extent
    index: str
    facts: dict[str, Any]
    usual: Usual | None
    files: int
    archived: int
    damaged: tuple[str, ...]
    sample: list[tuple[str, Any]]  # keys and ages

    @property
    def share(self) -> int:
        """Of the table, in percent."""
        return min(100, round(100 * self.rows / self.total)) if self.total and self.rows else 0

    @property
    def is_unusual(self) -> bool:
        return is_far_beyond(self.rows, self.usual)


def make(table: str = "", *, now: datetime | None = None) -> Plan:
    """What the active policies would remove; raises OperationError where one may not."""
    now = now or policies.moment()
    seals = SealFile()
    found = [examine(policy, seals, now=now) for policy in policies.active(table)]
    rows = sum(one.rows for one in found)
    said = partial(words, found, now=now)
    return Plan(
        rows=rows,
        seal=digest_of([one.facts for one in found]),
        fixed={"policies": [one.facts for one in found], "now": now.isoformat()},
        seal_file=seals.file,
        words=said,
        **said(),
    )


def words(found: list[Found], *, now: datetime) -> dict[str, Any]:
    """The plan's sentences, in the active language."""
    return {
        "summary": wording.summary(found),
        "spoken": tuple(wording.spoken(found)),
        "warnings": tuple(wording.warnings(found)),
        "details": {"policies": [row_of(one) for one in found]},
        "second_person": tuple(second_person(found)),
        "unattended": tuple(unattended(found)),
        "button": wording.button(found),
        "promise": wording.promise(found, now=now),
    }


def examine(policy: RetentionPolicy, seals: SealFile, *, now: datetime) -> Found:
    """Count, measure and seal the rows of one policy."""
    terms = policies.terms_of(policy)
    cutoff = terms.cutoff(now)
    selection = policies.select(policy, cutoff=cutoff)
    target = selection.target
    if policy.action != ANONYMISE:
        cascades.require_none(target)
    seal, fine = seals.write(policy.name, selection)
    table = open_table(target)
    facts: dict[str, Any] = {
        **policies.said(policy, terms),
        "cutoff": cutoff.isoformat(),
        "rows": seal.rows,
        "digest": seal.digest,
        "fine": fine,
        "place": list(seals.places[policy.name]),
    }
    reaches = list(reaching.reached(facts))
    facts["files"] = reaching.rows_by_name(reaches)
    archived = reaching.rows_of(facts["files"])
    # What has no cut-off was a person's erasure, which goes by the name of its table.
    last = RetentionRemoval.objects.filter(policy=policy.name, cutoff__isnull=False)
    return Found(
        policy=policy,
        days=terms.days,
        cutoff=cutoff,
        selection=selection,
        rows=seal.rows + archived,
        total=max(table.total(), seal.rows) + archived,
        extent=table.extent(selection.where(), target.age, rows=seal.rows),
        index=table.index_on(target.age),
        usual=usual(list(last.values_list("rows", flat=True)[:50])),
        files=files_of(selection) if seal.rows else 0,
        archived=archived,
        damaged=tuple(path for _files, reach in reaches for path in reach.damaged),
        facts=facts,
        sample=sample_of(selection) if seal.rows else [],
    )


def files_of(selection: Selection) -> int:
    """How many rows have a file that goes with them."""
    column = selection.target.files
    return selection.queryset.exclude(**{column: ""}).count() if column else 0


# What needs more than a yes


def second_person(found: list[Found]) -> list[str]:
    """Why somebody else must agree."""
    reasons = [
        _("%(name)s: la política pide que cada vez la apruebe otra persona.")
        % {"name": one.policy.name}
        for one in found
        if one.policy.needs_approval and one.rows
    ]
    return reasons + [wording.unusual(one) for one in found if one.is_unusual]


def unattended(found: list[Found]) -> list[str]:
    """Why a programme may not do this without being told how many rows to expect."""
    reasons = []
    rows = sum(one.rows for one in found)
    if is_large(rows) and not all(is_within(one) for one in found):
        reasons.append(
            _("Son %(rows)s filas, más de %(most)s.") % {"rows": rows, "most": TYPE_ABOVE}
        )
    return reasons + [
        _("%(name)s: es el %(share)s %% de la tabla.")
        % {"name": one.policy.name, "share": one.share}
        for one in found
        if is_nearly_everything(one.rows, total=one.total) and not is_within(one)
    ]


def is_within(one: Found) -> bool:
    """Whether the policy itself allows so many."""
    return one.rows == 0 or (one.policy.max_rows is not None and one.rows <= one.policy.max_rows)


# What the page shows


def row_of(one: Found) -> dict[str, Any]:
    """The policy's line of the plan's page."""
    return {
        "name": one.policy.name,
        "terms": wording.terms(one),
        "cutoff": day(one.cutoff),
        "rows": one.rows,
        "share": one.share,
        "oldest": day(one.extent.oldest),
        "newest": day(one.extent.newest),
        "size": in_words(one.extent.size_bytes),
        "estimated": open_table(one.selection.target).estimates(one.rows),
        "undo": undo_until(one),
        "index": one.index,
        "files": one.files,
        "archived": one.archived,
        "cascade": cascades.carried_names(one.selection.target),
        "sample": [{"key": key, "age": moment(age)} for key, age in one.sample],
    }


def undo_until(one: Found) -> str:
    """Until when it could be undone; empty: it could not."""
    if not one.policy.archive or not one.rows or not one.selection.target.restorable:
        return ""
    return day(timezone.now() + timedelta(days=one.policy.archive_days))


def sample_of(selection: Selection) -> list[tuple[str, Any]]:
    """Twenty of the rows, the oldest first: key and age, and nothing that is personal."""
    rows = selection.queryset.order_by(selection.target.age)[:SAMPLE]
    return [(str(row.pk), getattr(row, selection.target.age)) for row in rows]


def day(value: Any) -> str:
    """A local day in words; empty where there is none."""
    return date_format(timezone.localtime(value), "j b Y") if isinstance(value, datetime) else ""


def moment(value: Any) -> str:
    """A local moment in words."""
    if not isinstance(value, datetime):
        return ""
    return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
