"""How long validate_data_integrity takes with 1,000,000 calls: all good, then a tenth of them bad.

``python -m tests.benchmarks.integrity`` measures on SQLite;
``python -m tests.servers --durable -- python -m tests.benchmarks.integrity`` on PostgreSQL.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from datetime import UTC, datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcentersite.settings.test")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from callcentersite.apps.analytics import daily  # noqa: E402
from callcentersite.apps.analytics.models import Agent, Call, Queue, StaleDay  # noqa: E402
from callcentersite.apps.users import seeding  # noqa: E402
from opsconsole import registry, runner  # noqa: E402
from opsconsole.doors import terminal  # noqa: E402

LIMIT_SECONDS, LIMIT_MB = 10.0, 200
FIRST = datetime(2025, 1, 1, 6, tzinfo=UTC)
DAYS, ZONE = 365, "America/Mexico_City"
NUMBERS = {
    "postgresql": "generate_series(1, %s) AS n",
    "sqlite": "(WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < %s) "
    "SELECT n FROM up) AS numbers",
}
LATER = {
    "postgresql": "timestamptz '2025-01-01 06:00+00' + make_interval(secs => {})",
    "sqlite": "datetime('2025-01-01 06:00:00', ({}) || ' seconds')",
}


def main() -> int:
    """Fill, measure twice, print; 1 where a limit was passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    calls = parser.parse_args().calls
    call_command("migrate", verbosity=0)
    seeding.seed(seeding.the_catalog(), say=lambda line: None)
    fill(calls)
    before = peak_mb()
    good, found = measure("todo en orden")
    if found:
        raise SystemExit(f"{found} problemas en una base limpia")
    Call.objects.filter(pk__lte=calls // 10).update(agent_code="A999")
    measure("100 000 agentes malos")
    grown = peak_mb() - before
    print(f"{connection.vendor:<11}memoria: +{grown} MB (limite {LIMIT_MB})")
    return 0 if good < LIMIT_SECONDS and grown < LIMIT_MB else 1


def fill(calls: int) -> None:
    """A year of calls on eight queues, and their sums."""
    Queue.objects.bulk_create(Queue(code=f"Q{n}", name=f"Q {n}", segment="A") for n in range(8))
    Agent.objects.bulk_create(Agent(code=f"A{n:03}", name=f"A {n}") for n in range(500))
    began = f"n * {DAYS * 86_400 / calls}"
    later = LATER[connection.vendor].format
    code = "CAST(n %% {} AS varchar(9))".format
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO calls (call_id, queue_code, agent_code, started_at, answered_at, ended_at,"
            " duration_s, wait_s, talk_s, disposition, language) "
            f"SELECT n, 'Q' || {code(8)}, 'A' || substr('00' || {code(500)}, "
            f"length({code(500)})), {later(began)}, {later(f'{began} + 10')}, "
            f"{later(f'{began} + 70')}, 70, 10, 60, 'ANSWERED', 'es' "
            f"FROM {NUMBERS[connection.vendor]}",
            [calls],
        )
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    first = FIRST.date() - timedelta(days=1)
    StaleDay.objects.bulk_create(StaleDay(day=first + timedelta(days=n)) for n in range(DAYS + 2))
    daily.rebuild_stale(zone=ZONE)


def measure(what: str) -> tuple[float, int]:
    """One run; return its seconds and how many problems it found."""
    operation = registry.get("validate_data_integrity")
    began = time.perf_counter()
    run = runner.submit(operation, {"fail_on": "error"}, door=terminal(), enqueue=False)
    run = runner.execute(run.pk).run
    took = time.perf_counter() - began
    if run.status != "succeeded":
        raise SystemExit(f"{run.error} {run.error_cause}")
    slowest = sorted(run.result["seconds"].items(), key=lambda one: -one[1])[:6]
    print(
        f"{connection.vendor:<11}{what:<24}{took:6.2f} s (limite {LIMIT_SECONDS:.0f} s)   "
        + ", ".join(f"{name} {seconds:.2f}" for name, seconds in slowest),
        flush=True,
    )
    return took, run.result["issues"]


def peak_mb() -> int:
    """Of this process, so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    raise SystemExit(main())
