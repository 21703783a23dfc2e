"""What recording costs a request, and how quickly a year of a million calls answers.

``python -m tests.servers --durable -- python -m tests.benchmarks.profiling [--calls N --rounds N]``
on PostgreSQL; without the first part on SQLite, where the calls are left out.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcentersite.settings.test")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402
from silk.models import Request  # noqa: E402

from callcentersite.apps.analytics import daily  # noqa: E402
from callcentersite.apps.analytics.models import Call, DailyMetrics, Queue  # noqa: E402
from callcentersite.apps.common.profiling import gate  # noqa: E402
from callcentersite.apps.common.profiling.domain.phases import Phases  # noqa: E402
from callcentersite.apps.common.profiling.writing import writer  # noqa: E402
from callcentersite.apps.configuration import services  # noqa: E402
from callcentersite.apps.configuration.models import Configuracion  # noqa: E402
from callcentersite.apps.integrations import clients  # noqa: E402
from callcentersite.apps.integrations.domain import scopes  # noqa: E402
from opsconsole.models import JobRun  # noqa: E402
from tests.benchmarks.engine import report  # noqa: E402

RUN_LIST = "/admin/opsconsole/jobrun/"
RUNS = 2_000
BLOCK = 20  # requests; of which the default sample takes one
SAMPLED = settings.PROFILING.sample_percent
RECORDER = "callcentersite.apps.common.profiling.recording.ProfilingMiddleware"
WITHOUT = [one for one in settings.MIDDLEWARE if one != RECORDER]
TIMES = 11  # each request of the API
LIMIT_PERCENT, LIMIT_MS = 3.0, 150.0
YEAR = timezone.localdate() - timedelta(days=364)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of a block: what this process computed, all threads, and what a person waited."""

    processor: float
    waited: float


def main() -> int:
    """Measure everything and print it; 1 where a limit was passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    services.seed("sistema")
    account = get_user_model().objects.create_superuser("bench")
    well = recording(account, rounds=options.rounds)
    if connection.vendor == "postgresql":
        fill_calls(options.calls)
        well &= year(account, calls=options.calls)
    return 0 if well else 1


# What recording costs


def recording(account: object, *, rounds: int) -> bool:
    """The run list without the recorder, with it off, sampling, and recording everything."""
    JobRun.objects.bulk_create(
        JobRun(operation="run_etl", title="Corrida", status="succeeded", requested_by="ana")
        for _ in range(RUNS)
    )
    plain, with_it = browser(account, WITHOUT), browser(account, settings.MIDDLEWARE)
    ways: dict[str, tuple[Client, str, float]] = {
        "sin el grabador": (plain, "false", 0),
        "apagado": (with_it, "false", 0),
        f"muestra del {SAMPLED:g} %": (with_it, "true", SAMPLED),
        "todas": (with_it, "true", 100),
    }
    blocks: dict[str, list[Cost]] = {name: [] for name in ways}
    gate.draw = evenly(BLOCK).__next__
    for round_number in range(rounds + 1):
        for name in random.sample(sorted(ways), k=len(ways)):
            cost = block(*ways[name])
            if round_number:  # the first warms up
                blocks[name].append(cost)
    base = blocks.pop("sin el grabador")
    per_request = 1000 * statistics.median(one.processor for one in base) / BLOCK
    report("lista de corridas, sin el grabador, procesador", f"{per_request:.2f} ms")
    well = True
    for name, costs in blocks.items():
        processor, waited = more(costs, base, "processor"), more(costs, base, "waited")
        target = "" if name == "todas" else f"target < {LIMIT_PERCENT:g} %"
        report(f"  grabación {name}: procesador", f"{processor:+.1f} %", target)
        report(f"  grabación {name}: espera", f"{waited:+.1f} %")
        well &= not target or processor < LIMIT_PERCENT
    report("  peticiones grabadas", f"{Request.objects.count()}")
    return well


def evenly(number: int) -> Iterator[float]:
    """Draws that are spread as evenly as draws can be: no luck in a block."""
    while True:
        yield from (one / number for one in random.sample(range(number), k=number))


def more(costs: list[Cost], base: list[Cost], what: str) -> float:
    """The median of the blocks' ratios, as a percentage on top."""
    pairs = zip(costs, base, strict=True)
    return 100 * (statistics.median(getattr(a, what) / getattr(b, what) for a, b in pairs) - 1)


def browser(account: object, middleware: list[str]) -> Client:
    """Logged in, through this middleware."""
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    with override_settings(MIDDLEWARE=middleware):
        client.handler.load_middleware()
    return client


def block(client: Client, switched: str, percent: float) -> Cost:
    """Some requests; the thread that writes is waited for: its work is part of the price."""
    row = Configuracion.objects.get(clave=gate.CLAVE)
    row.valor = switched
    row.save()
    with override_settings(PROFILING=Phases(minutes=0, sample_percent=percent)):
        client.get(RUN_LIST)
        writer.flush()
        processor = time.process_time()
        waited = timed(lambda: visit(client, BLOCK))
        writer.flush()
        return Cost(processor=time.process_time() - processor, waited=waited)


def visit(client: Client, times: int) -> None:
    """Ask for the list."""
    for _ in range(times):
        if client.get(RUN_LIST).status_code != 200:
            raise SystemExit(f"{RUN_LIST}: no answer")


# A year of the figures


def fill_calls(calls: int) -> None:
    """Calls evenly over a year, of four queues; and the days that they add up to."""
    queues = ["VENTAS", "SOPORTE", "COBRANZA", "BAJAS"]
    Queue.objects.bulk_create(Queue(code=one, name=one, sla_seconds=20) for one in queues)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {Call._meta.db_table} (call_id, queue_code, started_at, answered_at,
              ended_at, duration_s, wait_s, talk_s, disposition, language)
            SELECT n, (%s::text[])[1 + n %% 4], at, at + interval '10 s',
              at + interval '200 s', 200, 10, 190,
              CASE WHEN n %% 9 = 0 THEN 'ABANDONED' ELSE 'ANSWERED' END, 'es'
            FROM (SELECT n, %s::timestamptz + n * (interval '365 days' / %s) AS at
                  FROM generate_series(1, %s) AS n) AS moments""",
            [queues, YEAR, calls, calls],
        )
    daily.mark_stale(YEAR + timedelta(days=n) for n in range(366))
    daily.rebuild_stale(zone=settings.TIME_ZONE)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    if not DailyMetrics.objects.exists():
        raise SystemExit("the days were not built")


def year(account: object, *, calls: int) -> bool:
    """A report of the whole year over the API, token, form, figures and JSON included."""
    _client, token = clients.create(
        nombre="bench", account=account, scopes=[scopes.METRICS], expires_at=None, by=account
    )
    api = Client(headers={"host": "localhost", "authorization": f"Bearer {token}"})
    end = YEAR + timedelta(days=364)
    well = True
    for name, ask in {
        "GET /api/dashboard/": lambda: api.get("/api/dashboard/"),
        "GET /api/reports/": lambda: api.get(f"/api/reports/?start_date={YEAR}&end_date={end}"),
        "POST /api/reports/call-analytics/": lambda: api.post(
            "/api/reports/call-analytics/",
            {"date_from": str(YEAR), "date_to": str(end)},
            content_type="application/json",
        ),
    }.items():
        answer = ask()
        if answer.status_code != 200:
            raise SystemExit(f"{name}: {answer.status_code} {answer.content[:300]!r}")
        processor = time.process_time()
        took = 1000 * statistics.median(timed(ask) for _ in range(TIMES))
        processor = 1000 * (time.process_time() - processor) / TIMES
        well &= took < LIMIT_MS
        found = answer.json()["totals"]["offered"]
        report(name, f"{took:.0f} ms", f"target < {LIMIT_MS:g} ms")
        report("  procesador, sin el servidor de datos", f"{processor:.0f} ms")
        report(f"  llamadas en la respuesta, de {calls:,}", f"{found:,}")
    return well


def timed(act: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    raise SystemExit(main())
