"""The engine's own figures, on PostgreSQL: start, overhead, log, the list of a million runs.

``python -m tests.servers --durable -- python -m tests.benchmarks.engine [--runs N]``
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import time
import timeit
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcentersite.settings.test")
os.environ["TEST_OPERATIONS"] = "1"

import django  # noqa: E402

django.setup()

from django import forms  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402

from opsconsole import Operation, registry, runner  # noqa: E402
from opsconsole.doors import terminal  # noqa: E402
from opsconsole.models import JobRun  # noqa: E402
from opsconsole.states import ENDINGS  # noqa: E402

LINES_PER_SECOND = 2_000
WORK_SECONDS = 2.5
PAIRS = 10


class Work(Operation):
    """Computes for a while, saying ``lines`` things evenly on the way."""

    name = "bench_work"
    title = "Trabajo de medición"

    class Params(forms.Form):
        units = forms.IntegerField(label="Unidades", help_text="Cuánto calcula.", initial=0)
        lines = forms.IntegerField(label="Líneas", help_text="Cuántas dice.", initial=0)

    def run(self, params, ctx):
        every = params["units"] // params["lines"] if params["lines"] else 0
        for unit in range(params["units"]):
            compute()
            if every and unit % every == 0:
                ctx.info(f"unidad {unit} de {params['units']}: todo en orden")


def compute() -> int:
    """Some 20 microseconds of pure Python."""
    return sum(number * number for number in range(300))


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1_000_000, help="runs in the list")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    registry.register(Work)
    click_to_start("listening", settings="callcentersite.settings.test", target="target < 700 ms")
    click_to_start("polling", settings="tests.benchmarks.polling_settings")
    no_op_overhead()
    log_lines()
    run_list(options.runs)


def click_to_start(broker: str, *, settings: str, target: str = "", clicks: int = 40) -> None:
    """From the submit to the claim by a real worker, whose cluster has this broker."""
    cluster = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "qcluster"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": settings},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        waits = [click() for _ in range(clicks + 3)][3:]
    finally:
        cluster.send_signal(signal.SIGTERM)
        cluster.wait(30)
    p95 = statistics.quantiles(waits, n=20)[-1]
    report(f"click to start, {broker}, p50", f"{statistics.median(waits) * 1000:.0f} ms")
    report(f"click to start, {broker}, p95", f"{p95 * 1000:.0f} ms", target)


def click() -> float:
    """One run through the queue; return how long it waited, in seconds."""
    time.sleep(random.uniform(0, 0.2))
    run = runner.submit(registry.get("count_slowly"), {"steps": 1}, door=terminal())
    while True:
        run = JobRun.objects.get(pk=run.pk)
        if run.status in ENDINGS and run.started_at:
            return (run.started_at - run.queued_at).total_seconds()
        time.sleep(0.01)


def perform(**values: int) -> float:
    """Submit and execute here; return the seconds it took."""
    began = time.perf_counter()
    run = runner.submit(registry.get("bench_work"), values, door=terminal(), enqueue=False)
    outcome = runner.execute(run.pk)
    if outcome.run.status != "succeeded":
        raise SystemExit(f"run {run.pk}: {outcome.run.status}: {outcome.run.error}")
    return time.perf_counter() - began


def no_op_overhead(times: int = 50) -> None:
    """Submit, claim, record and finish of an operation that does nothing."""
    perform()
    report(
        "engine overhead of a no-op run",
        f"{statistics.median(perform() for _ in range(times)) * 1000:.1f} ms",
    )


def log_lines() -> None:
    """How much 2,000 lines a second slow the work, and how fast lines can come at all."""
    units = int(WORK_SECONDS / seconds_per_unit())
    lines = int(LINES_PER_SECOND * WORK_SECONDS)
    pairs = [(perform(units=units), perform(units=units, lines=lines)) for _ in range(PAIRS)]
    # The quickest of each: whatever else the machine does only ever adds.
    quiet, loud = (min(times) for times in zip(*pairs, strict=True))
    slowdown, rate = loud / quiet, lines / loud
    report(f"a run that says {rate:,.0f} lines/s", f"{(slowdown - 1) * 100:+.1f} %", "target < 5 %")
    seconds = perform(units=100_000, lines=100_000) - perform(units=100_000)
    report("100,000 lines as fast as they come", f"{100_000 / seconds:,.0f} lines/s")


def seconds_per_unit() -> float:
    """The cost of one unit of work on this machine now."""
    return min(timeit.repeat(compute, number=5_000, repeat=10)) / 5_000


def run_list(runs: int) -> None:
    """The first page of the run list and a run's page, with a long history."""
    fill(runs)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("bench"))
    newest = JobRun.objects.order_by("-pk").first()
    pages = {
        "first page": "",
        "filtered: failed runs": "?status=failed",
        "filtered: one operation": "?operation=run_etl",
        "filtered: one person": "?q=persona.7",
        "search: a number": f"?q={newest.pk}",
        "a run's page": f"{newest.pk}/change/",
        "home": "../../",
    }
    for name, tail in pages.items():
        took = timed(client, f"/admin/opsconsole/jobrun/{tail}" if tail != "../../" else "/admin/")
        target = "target < 150 ms" if name == "first page" else ""
        report(f"{name}, {runs:,} runs", f"{took * 1000:.0f} ms", target)


def timed(client: Client, url: str) -> float:
    """The median of five requests, after one that warms up."""
    times = []
    for _ in range(6):
        began = time.perf_counter()
        response = client.get(url, headers={"host": "localhost"})
        times.append(time.perf_counter() - began)
        if response.status_code != 200:
            raise SystemExit(f"{url}: {response.status_code}")
    return statistics.median(times[1:])


def fill(runs: int) -> None:
    """A history of so many runs with ten log lines each: copies of one, with facts of their own."""
    first = JobRun.objects.create(
        operation="count_slowly",
        title="Corrida",
        status="succeeded",
        origin="cli",
        attempt=1,
        worker="host:1",
        timeout_seconds=3600,
        log_lines=10,
        result={"read": 1000},
    )
    moment = f"now() - ({runs} - n) * interval '30 s'"
    own = {
        "operation": "(ARRAY['run_etl','count_slowly','raise_error'])[1 + n % 3]",
        "status": "CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'succeeded' END",
        "requested_by": "'persona.' || n % 40",
        "origin": "CASE WHEN n % 2 = 0 THEN 'cli' ELSE 'admin' END",
        "queued_at": moment,
        "started_at": moment,
        "finished_at": f"{moment} + interval '20 s'",
    }
    columns = [field.column for field in JobRun._meta.concrete_fields if not field.primary_key]
    values = ", ".join(own.get(column, f'one."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connections["ops"].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO opsconsole_jobrun ({names}) SELECT {values} "
            f"FROM opsconsole_jobrun AS one, generate_series(1, {runs}) AS n "
            f"WHERE one.id = {first.pk}"
        )
        cursor.execute(
            """
            INSERT INTO opsconsole_joblog (run_id, seq, level, message, at)
            SELECT id, seq, 'INFO', 'Lote ' || seq || ': 50000 leidas', queued_at
            FROM opsconsole_jobrun, generate_series(1, 10) AS seq
            WHERE NOT EXISTS (SELECT FROM opsconsole_joblog l WHERE l.run_id = opsconsole_jobrun.id)
            """
        )
        cursor.execute("ANALYZE opsconsole_jobrun")
        cursor.execute("ANALYZE opsconsole_joblog")


def report(name: str, figure: str, target: str = "") -> None:
    """One line of the report."""
    print(f"{name:<44} {figure:>16}   {target}", flush=True)


if __name__ == "__main__":
    main()
