"""What may be put on a programme, by whom; and the terms of one."""

from __future__ import annotations

from typing import Any

from django_q.models import Schedule

from .. import permissions, registry
from ..models import ProgrammeTerms
from ..operations import Effect, Operation


def terms_of(schedule: Schedule) -> ProgrammeTerms:
    """The programme's terms, else those of a new one."""
    return getattr(schedule, "terms", None) or ProgrammeTerms()


def offered(user: Any) -> list[Operation]:
    """What this person may put on a programme: of what destroys only what keeps its plan.

    Nobody reads that one, so it is applied within its limits or not at all (``limits``). What
    begins with a file has none to begin with, and a secret is never written on a programme.
    """
    return [
        one
        for one in permissions.runnable(user)
        if (one.effect is not Effect.DESTROYS or one.keeps_plan)
        and not one.begins_at
        and not lives_on_secrets(one)
    ]


def lives_on_secrets(operation: Operation) -> bool:
    """Whether nothing is left to say of it once its secrets are left out, or one is a must."""
    fields, secret = operation.Params.base_fields, operation.sensitive
    return bool(secret) and (secret >= fields.keys() or any(fields[one].required for one in secret))


def choice(name: str, user: Any) -> Operation | None:
    """The operation of that name, where it is on offer."""
    operation = registry.find(name)
    return operation if operation and operation.name in {o.name for o in offered(user)} else None
