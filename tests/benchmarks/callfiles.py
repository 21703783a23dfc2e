"""How long 100,000 calls take in from a file and out to one, and how much memory at most.

``python -m tests.benchmarks.callfiles`` measures on SQLite;
``python -m tests.servers --durable -- python -m tests.benchmarks.callfiles`` on PostgreSQL.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import resource
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcentersite.settings.test")

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from callcentersite.apps.analytics.models import Queue  # noqa: E402
from callcentersite.apps.common.interchange import uploads  # noqa: E402
from callcentersite.apps.configuration.models import Configuracion  # noqa: E402
from opsconsole import registry, runner  # noqa: E402
from opsconsole.doors import terminal  # noqa: E402
from opsconsole.models import JobArtifact  # noqa: E402

LIMIT_SECONDS, LIMIT_MEGABYTES = 30.0, 700
HEAD = ("call_id", "ani", "dnis", "queue_code", "agent_code", "started_at", "answered_at",
        "ended_at", "duration_s", "disposition", "menu_path", "language", "customer_id",
        "recording_file", "notes", "updated_at")  # fmt: skip
FIRST = datetime(2026, 1, 1, 8)
CPU = {"worked": 0.0}  # of the last run


def main() -> int:
    """Measure, print; 1 where a limit was passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    call_command("migrate", verbosity=0)
    call_command("seed_configuraciones_default", verbosity=0)
    Configuracion.objects.filter(clave="reportes.max_report_rows").update(valor="1000000")
    Queue.objects.get_or_create(code="VENTAS", defaults={"name": "Ventas", "segment": "puebla"})
    took = [
        brought("csv: nuevas", as_csv(rows, "nota"), "csv"),
        brought("csv: sin cambio", as_csv(rows, "nota"), "csv"),
        brought("csv: cambiadas", as_csv(rows, "otra"), "csv"),
        *(seconds for kind in ("csv", "parquet", "xlsx") for seconds in there_and_back(kind)),
    ]
    return 0 if max(took) < LIMIT_SECONDS and megabytes() < LIMIT_MEGABYTES else 1


def there_and_back(kind: str) -> Iterator[float]:
    """All calls to a file, and the file back."""
    content, seconds = taken(kind)
    yield seconds
    yield brought(f"{kind}: la exportación", content, kind)


def brought(what: str, content: bytes, kind: str) -> float:
    """Import it; return the seconds."""
    file = ContentFile(content)
    upload = uploads.keep(file, name=f"llamadas.{kind}", sender=None, model="analytics.call")
    run, seconds = ran("import_calls", upload=upload.id)
    report("import_calls", what, seconds, run.result["read"])
    return seconds


def taken(kind: str) -> tuple[bytes, float]:
    """Export them all; return the file and the seconds."""
    run, seconds = ran("export_calls", format=kind, full_numbers=True)
    report("export_calls", kind, seconds, run.result["rows"])
    with JobArtifact.objects.get(run=run).file.open("rb") as file:
        return file.read(), seconds


def ran(name: str, **values: object) -> tuple[object, float]:
    """The run, ended well, and its seconds."""
    began, CPU["worked"] = time.perf_counter(), time.process_time()
    run = runner.submit(registry.get(name), values, door=terminal(), enqueue=False)
    run = runner.execute(run.pk).run
    if run.status != "succeeded":
        raise SystemExit(f"{name}: {run.error} {run.error_cause} {run.traceback}")
    CPU["worked"] = time.process_time() - CPU["worked"]
    return run, time.perf_counter() - began


def report(name: str, what: str, seconds: float, rows: int) -> None:
    """One line."""
    print(
        f"{connection.vendor:<11}{name:<14}{what:<24}{rows:>9} filas {seconds:7.2f} s   "
        f"CPU de Python {CPU['worked']:6.2f} s   "
        f"memoria {megabytes():5.0f} MB (limites {LIMIT_SECONDS:.0f} s, {LIMIT_MEGABYTES} MB)",
        flush=True,
    )


def megabytes() -> float:
    """The most that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def as_csv(rows: int, note: str) -> bytes:
    """Calls a minute apart; one in fifty breaks a rule."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(HEAD)
    for number in range(1, rows + 1):
        begin = FIRST + timedelta(seconds=60 * number)
        answered, end = begin + timedelta(seconds=9), begin + timedelta(seconds=190)
        queue = "NADIE" if number % 50 == 0 else "VENTAS"
        writer.writerow(
            (number, f"55{number:08d}", "8005550100", queue, f"A{number % 90}", begin, answered,
             end, 190, "ANSWERED", "1>2", "es", 100_000 + number, f"{number}.wav",
             f"{note} {number}", end)
        )  # fmt: skip
    return target.getvalue().encode()


if __name__ == "__main__":
    raise SystemExit(main())
