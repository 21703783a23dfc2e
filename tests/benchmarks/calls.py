"""A year of calls, counted again and archived: ``python -m tests.benchmarks calls``.

On a PostgreSQL of its own: 1,000,000 calls of a year in eight queues. Recalculating the metrics
against one GROUP BY over the same calls; archiving all of them, and bringing one month back,
against one DELETE. Each in a process of its own, whose memory is theirs alone.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcentersite.settings.test")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

MOST_MB = 400
GROUPED = """
SELECT (started_at AT TIME ZONE 'America/Mexico_City')::date, queue_code, COUNT(*), SUM(wait_s),
       MAX(wait_s), SUM(talk_s), MAX(talk_s) FROM calls GROUP BY 1, 2
"""
WAYS = {
    "recalculate, all wrong": ["recalculate_metrics"],
    "recalculate, all right": ["recalculate_metrics"],
    "archive": ["archive_old_calls", "--days=1", "--expect-rows={rows}"],
    "bring a month back": ["archive_old_calls", "--restore=2024-03"],
}


def main() -> int:
    """Fill, measure, print; 1 where the memory was passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--child", default="")
    options = parser.parse_args()
    if connection.vendor != "postgresql":
        print("calls: only measured on PostgreSQL")
        return 0
    if options.child:
        return child(WAYS[options.child], rows=options.rows)
    call_command("migrate", verbosity=0)
    fill(options.rows)
    print(f"{options.rows:,} calls\n{'way':<28}{'seconds':>9}{'cpu':>7}{'peak MB':>9}")
    said("one GROUP BY", timed(GROUPED))
    peaks = [measured(way, rows=options.rows) for way in WAYS]
    return 0 if max(peaks) <= MOST_MB else 1


def fill(rows: int) -> None:
    """A year of calls, one after the other, in eight queues."""
    run(
        "INSERT INTO queues SELECT 'COLA_' || n, 'Cola', 'x', 20, true FROM generate_series(0, 7) n"
    )
    run(
        "INSERT INTO calls (call_id, ani, dnis, queue_code, agent_code, started_at, answered_at, "
        "ended_at, duration_s, wait_s, talk_s, disposition, menu_path, language, customer_id, "
        "recording_file, notes) SELECT n, '+5255' || (10000000 + n % 89999999), '8005550100', "
        "'COLA_' || n % 8, 'A' || n % 400, began, began + interval '10 s', began + interval "
        "'190 s', 190, 10 + n % 30, 180, 'ANSWERED', '1>2', 'es', 100000 + n % 50000, "
        "'2024/' || n || '.wav', NULL FROM (SELECT n, timestamptz '2024-01-02 00:00-06' + "
        f"(n::float / {rows}) * interval '360 days' AS began FROM generate_series(1, {rows}) n) x"
    )
    run("VACUUM ANALYZE calls")
    run("CHECKPOINT")


def run(statement: str) -> None:
    """One statement, at once."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def timed(statement: str) -> float:
    """How long it takes."""
    began = time.perf_counter()
    run(statement)
    return time.perf_counter() - began


def said(way: str, seconds: float, cpu: float = 0, peak: float = 0) -> None:
    """A line of the table; processor and memory are those of the client."""
    print(f"{way:<28}{seconds:>9.2f}{cpu:>7.1f}{peak:>9.0f}", flush=True)


def measured(way: str, *, rows: int) -> float:
    """One way in a process of its own; return the memory that it had at most."""
    command = [sys.executable, "-m", "tests.benchmarks.calls", "--child", way, f"--rows={rows}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    seconds, cpu, peak = map(float, done.stdout.split()[-3:])
    said(way, seconds, cpu, peak)
    return peak


def child(words: list[str], *, rows: int) -> int:
    """Do it, then say how long it took and how much memory it had."""
    settings.MEDIA_ROOT = str(Path(tempfile.gettempdir()) / f"bench-calls-{os.getppid()}")
    began = time.perf_counter()
    call_command(*(word.format(rows=rows) for word in words), verbosity=0)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(seconds, time.process_time(), peak)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
