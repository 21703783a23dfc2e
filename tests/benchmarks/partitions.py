"""A full load in one part and in two, by two clusters of one worker each, on the servers.

``python -m tests.servers --durable -- python -m tests.benchmarks.partitions [--rows N]``
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcentersite.settings.test")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from opsconsole import registry, runner  # noqa: E402
from opsconsole.doors import terminal  # noqa: E402
from opsconsole.models import JobRun  # noqa: E402

from .etl_ways import ETL_TABLES  # noqa: E402


def main() -> None:
    """Measure both in turns, print the medians and their ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("create_test_data", calls=options.rows, seed=1, verbosity=0)
    took: dict[int, list[float]] = {1: [], 2: []}
    with clusters(2):
        for _round in range(options.rounds):
            for parts, seconds in took.items():
                seconds.append(load(parts))
                print(f"  {parts} part(s): {seconds[-1]:.1f} s", flush=True)
    one, two = (statistics.median(seconds) for seconds in took.values())
    print(
        f"{options.rows:,} rows, {os.cpu_count()} cores that the servers share: "
        f"1 part {one:.1f} s, 2 parts {two:.1f} s, {one / two:.2f} times as fast"
    )


@contextmanager
def clusters(number: int) -> Iterator[None]:
    """So many clusters, as on so many hosts."""
    started = [
        subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), "qcluster"],
            env=os.environ | {"Q_WORKERS": "1"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )
        for _cluster in range(number)
    ]  # fmt: skip
    time.sleep(5)  # until all of them listen
    try:
        yield
    finally:
        for cluster in started:
            cluster.send_signal(signal.SIGTERM)
        for cluster in started:
            cluster.wait(30)


def load(parts: int) -> float:
    """Load everything into empty tables; return the seconds from the claim to the end."""
    with connections["default"].cursor() as cursor:
        cursor.execute(f"TRUNCATE {ETL_TABLES}")
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")
    run = runner.submit(
        registry.get("run_etl"), {"full": True, "partitions": parts}, door=terminal()
    )
    while not run.has_ended:
        time.sleep(0.1)
        run = JobRun.objects.get(pk=run.pk)
    if run.status != "succeeded" or not run.started_at or not run.finished_at:
        raise SystemExit(f"run {run.pk}: {run.status}: {run.error}")
    return (run.finished_at - run.started_at).total_seconds()


if __name__ == "__main__":
    main()
