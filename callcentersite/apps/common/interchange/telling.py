"""What the audit is told of a file that came in, by page or by run."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from callcentersite.apps.audit.services import Action, Target, record

from .outcome import Outcome
from .trail import Trail
from .uploads import Upload

# The rest is in the entries of the rows, or in the file that the entry seals.
MOST_NAMES = 100


def tell_import(model: type[Model], upload: Upload, outcome: Outcome, trail: Trail) -> None:
    """What became of each row; and for the file which it was, and how many of which kind."""
    rows = trail.keep()
    record(
        Action.IMPORTED,
        thing_of(model),
        file=upload.name,
        sha256=upload.sha256,
        created=outcome.created,
        updated=outcome.updated,
        waiting=outcome.waiting,
        names=[row.name for row in outcome.rows[:MOST_NAMES]],
        **rows,
    )


def thing_of(model: type[Model]) -> Target:
    """The table, as the audit names it."""
    meta: Any = model._meta
    return Target(kind=meta.label_lower, name=str(meta.verbose_name_plural))
