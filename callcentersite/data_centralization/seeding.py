"""The guide's four policies, and others that wait until somebody switches them on."""

from __future__ import annotations

from typing import Any

from . import targets
from .models import RetentionPolicy

POLICIES: tuple[dict[str, Any], ...] = (
    {
        "name": "audit_logs",
        "config_key": "sistema.log_retention_days",
        "archive": True,
        "archive_days": 365,
        "order": 10,
    },
    {"name": "notifications", "days": 60, "order": 20},
    {
        "name": "reports",
        "config_key": "reportes.report_retention_days",
        "archive": True,
        "order": 30,
    },
    {"name": "anonymized_data", "days": 365, "floor_days": 30, "order": 40},
    {
        "name": "calls",
        "action": targets.ANONYMISE,
        "days": 365,
        "floor_days": 30,
        "order": 50,
        "active": False,
    },
    {"name": "call_rejections", "days": 365, "order": 60, "active": False},
    {"name": "job_logs", "config_key": "sistema.log_retention_days", "order": 70, "active": False},
    {"name": "silk_requests", "days": 30, "order": 80, "active": False},
    {"name": "sessions", "days": 7, "order": 90, "active": False},
    {"name": "webhook_deliveries", "days": 90, "order": 100, "active": False},
)


def seed() -> list[RetentionPolicy]:
    """Create those that are missing, of targets that are installed; return them."""
    created = []
    for values in POLICIES:
        name = values["name"]
        if targets.find(name) is None or RetentionPolicy.objects.filter(name=name).exists():
            continue
        policy = RetentionPolicy(target=name, **values)
        # Where somebody has written one for these rows, theirs holds.
        policy.active = policy.active and next(policy.rivals(), None) is None
        policy.full_clean()
        policy.save()
        created.append(policy)
    return created
