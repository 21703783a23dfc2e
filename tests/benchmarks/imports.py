"""How long a run takes that imports 100,000 rows: new, changed, unchanged; CSV and XLSX.

``python -m tests.benchmarks.imports`` measures on SQLite;
``python -m tests.servers --durable -- python -m tests.benchmarks.imports`` on PostgreSQL.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import time
from collections.abc import Iterator

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcentersite.settings.test")

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from openpyxl import Workbook  # noqa: E402

from callcentersite.apps.common.interchange import uploads  # noqa: E402
from callcentersite.apps.users.models import GrupoPermiso  # noqa: E402
from opsconsole import registry, runner  # noqa: E402
from opsconsole.doors import terminal  # noqa: E402

LIMIT_SECONDS = 15.0
GROUPS = 10
SETTINGS = ("clave", "categoria", "valor", "tipo_dato", "valor_default", "descripcion", "activa")
MEMBERS = ("usuario", "grupo", "motivo", "vence_el")
Row = tuple[str, ...]


def main() -> int:
    """Measure, print; 1 where the limit was passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    call_command("migrate", verbosity=0)
    people(rows // GROUPS)
    took = [
        measure("import_configuracion", "csv: nuevas", as_csv(settings(rows, "a"))),
        measure("import_configuracion", "csv: cambiadas", as_csv(settings(rows, "b"))),
        measure("import_configuracion", "csv: sin cambio", as_csv(settings(rows, "b"))),
        measure("import_configuracion", "xlsx: cambiadas", as_xlsx(settings(rows, "c")), "xlsx"),
        measure("import_usuariogrupo", "csv: nuevas", as_csv(members(rows, "Alta"))),
        measure("import_usuariogrupo", "csv: reemplazadas", as_csv(members(rows, "Otra"))),
    ]
    return 0 if max(took) < LIMIT_SECONDS else 1


def measure(name: str, what: str, content: bytes, extension: str = "csv") -> float:
    """Its plan, as the page makes it, then the run; return the run's seconds."""
    operation = registry.get(name)
    model = operation.model_label()  # type: ignore[attr-defined]
    file = ContentFile(content)
    upload = uploads.keep(file, name=f"filas.{extension}", sender=None, model=model)
    values = {"upload": upload.id, "dry_run": False}
    began = time.perf_counter()
    operation.plan(values)
    planned = time.perf_counter() - began
    began, worked = time.perf_counter(), time.process_time()
    run = runner.submit(operation, values, door=terminal(), enqueue=False)
    run = runner.execute(run.pk).run
    took, worked = time.perf_counter() - began, time.process_time() - worked
    if run.status != "succeeded":
        raise SystemExit(f"{name}: {run.error} {run.error_cause}")
    print(
        f"{connection.vendor:<11}{name:<22}{what:<20} plan {planned:6.2f} s   corrida {took:6.2f} s"
        f"   (limite {LIMIT_SECONDS:.0f} s; CPU de Python {worked:.2f} s)",
        flush=True,
    )
    return took


def settings(rows: int, valor: str) -> Iterator[Row]:
    """Keys beside the catalogue's."""
    yield SETTINGS
    for number in range(rows):
        text = f"Clave de la medición, la número {number}"
        yield f"otra.{number}", "otra", f"{valor}{number}", "string", "x", text, "true"


def members(rows: int, motivo: str) -> Iterator[Row]:
    """Each person in each group."""
    yield MEMBERS
    for number in range(rows):
        person, group = divmod(number, GROUPS)
        yield f"persona.{person}", f"g{group}", motivo, "2099-12-31"


def people(count: int) -> None:
    """Accounts and groups to bring together."""
    user = get_user_model()
    user._default_manager.bulk_create(
        (user(username=f"persona.{n}", password="!") for n in range(count)), batch_size=5_000
    )
    GrupoPermiso.objects.bulk_create(
        GrupoPermiso(codigo=f"g{n}", nombre=f"G {n}", categoria="c", nivel_riesgo="bajo")
        for n in range(GROUPS)
    )


def as_csv(rows: Iterator[Row]) -> bytes:
    """The rows as a file."""
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    return target.getvalue().encode()


def as_xlsx(rows: Iterator[Row]) -> bytes:
    """The rows as a workbook."""
    book, target = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(target)
    return target.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
