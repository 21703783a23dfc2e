"""The same load as an ORM programmer would write it, for comparison.

``python -m tests.benchmarks.etl_bulk_create ROWS``: rows as dictionaries, the rules that matter in
Python, ``bulk_create(update_conflicts=True)``.
"""

import json
import os
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcentersite.settings.test")
BATCH = 5_000


def main() -> None:
    """Load the first ROWS legacy rows into ``calls``."""
    import django
    from django.db import connections, transaction

    django.setup()
    from callcentersite.apps.analytics.models import Call
    from callcentersite.apps.etl.domain.rows import LEGACY_COLUMNS

    fields = [field.name for field in Call._meta.concrete_fields if not field.primary_key]
    began = time.perf_counter()
    with connections["legacy"].cursor() as cursor, transaction.atomic():
        cursor.execute(
            f"SELECT {', '.join(LEGACY_COLUMNS)} FROM ivr_calls ORDER BY call_id LIMIT %s",
            [int(sys.argv[1])],
        )
        while rows := cursor.fetchmany(BATCH):
            found = [dict(zip(LEGACY_COLUMNS, row, strict=True)) for row in rows]
            calls = [Call(**values(row)) for row in found if is_good(row)]
            Call.objects.bulk_create(
                calls, update_conflicts=True, unique_fields=["call_id"], update_fields=fields
            )
    seconds = time.perf_counter() - began
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak_mb": peak_kib / 1024}))


def is_good(row: dict[str, Any]) -> bool:
    """About what the rules ask for."""
    return bool(
        isinstance(row["started_at"], datetime)
        and isinstance(row["ended_at"], datetime)
        and row["started_at"] <= (row["answered_at"] or row["ended_at"]) <= row["ended_at"]
        and row["duration_s"] is not None
        and row["queue_code"]
        and row["disposition"]
    )


def values(row: dict[str, Any]) -> dict[str, Any]:
    """About what the mending makes."""
    talk = (row["ended_at"] - (row["answered_at"] or row["ended_at"])).total_seconds()
    length = (row["ended_at"] - row["started_at"]).total_seconds()
    instants = {
        name: row[name] and (row[name] + timedelta(hours=6)).replace(tzinfo=UTC)
        for name in ("started_at", "answered_at", "ended_at")
    }
    updated_at = row.pop("updated_at")
    return (
        row
        | instants
        | {
            "ani": None,
            "disposition": row["disposition"][:16],
            "language": (row["language"] or "es")[:8],
            "notes": row["notes"] and row["notes"].replace("\x00", ""),
            "wait_s": int(length - talk),
            "talk_s": int(talk),
            "source_updated_at": updated_at
            and (updated_at + timedelta(hours=6)).replace(tzinfo=UTC),
        }
    )


if __name__ == "__main__":
    main()
