"""All that a reset takes, in the order in which it goes; and what it saw of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext_lazy as _

from callcentersite.apps.analytics import holdings as analytics
from callcentersite.apps.archive import holdings as archive
from callcentersite.apps.audit import holdings as audit
from callcentersite.apps.common.holdings import Holding
from callcentersite.apps.common.interchange import uploads
from callcentersite.apps.etl import holdings as etl
from callcentersite.apps.notifications import holdings as notifications
from callcentersite.apps.reports import holdings as reports
from callcentersite.data_centralization import holdings as retention
from opsconsole import forgetting

from .scene import cast_accounts

AT_ONCE = 2_000
BY_KEY: dict[str, int] = {"runs": forgetting.AT_ONCE, "audit": 2**31}
Cutoffs = dict[str, int]


def take_runs(keys: list[int]) -> int:
    """With their logs, plans and files."""
    return forgetting.forget(last=keys[-1], at_most=len(keys))


HOLDINGS = (
    *notifications.HOLDINGS,
    *reports.HOLDINGS,
    *etl.HOLDINGS,
    *analytics.HOLDINGS,
    *archive.HOLDINGS,
    *retention.HOLDINGS,
    Holding(
        key="runs",
        title=_("Corridas, con su registro y sus archivos"),
        rows=partial(forgetting.up_to, 2**63 - 1),
        take=take_runs,
    ),
    Holding(key="users", title=_("Cuentas de demostración"), rows=cast_accounts),
    *audit.HOLDINGS,
)


def cutoffs() -> Cutoffs:
    """The last key of each, now."""
    return {one.key: one.last() for one in HOLDINGS}


def counts(limits: Cutoffs) -> dict[str, int]:
    """How many rows of each there are up to those keys."""
    return {one.key: one.count(limits.get(one.key, 0)) for one in HOLDINGS}


def seal(limits: Cutoffs, found: dict[str, int]) -> str:
    """What stands for exactly these rows, as far as their keys and numbers tell."""
    text = json.dumps([sorted(limits.items()), sorted(found.items())])
    return hashlib.sha256(text.encode()).hexdigest()


def forget(limits: Cutoffs, *, safe: Callable[[], None], kept: str | None) -> dict[str, int]:
    """Remove them, a handful at a time; ``safe`` is called where it may stop.

    ``kept`` is the number of the account that asked: whoever she is, she stays.
    """
    gone: dict[str, int] = {}
    for one in HOLDINGS:
        holding = without(one, kept) if one.key == "users" else one
        gone[one.key] = 0
        at_most = BY_KEY.get(one.key, AT_ONCE)
        while taken := holding.forget(limits.get(one.key, 0), at_most=at_most):
            gone[one.key] += taken
            safe()
    analytics.forget_marks()
    etl.forget_marks()
    uploads.forget_unwanted()
    return gone


def without(holding: Holding, kept: str | None) -> Holding:
    """The same but for one account."""
    return Holding(
        key=holding.key,
        title=holding.title,
        rows=lambda: holding.rows().exclude(pk=int(kept or 0)),
    )
