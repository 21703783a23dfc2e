"""How long a permission check takes with 10,000 people in 100 groups each.

``python -m tests.benchmarks.permissions`` measures on SQLite;
``python -m tests.servers --durable -- python -m tests.benchmarks.permissions`` on PostgreSQL.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcentersite.settings.test")

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from callcentersite.apps.users import seeding  # noqa: E402
from callcentersite.apps.users.models import Capacidad, GrupoCapacidad, GrupoPermiso  # noqa: E402

LIMIT_MS = 10.0
PERMISSIONS = ("users.view_user", "opsconsole.run_run_etl", "auth.view_group", "nada.de_eso")


def main() -> int:
    """Fill, measure, print; 1 where the limit was passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--groups", type=int, default=100)
    parser.add_argument("--checks", type=int, default=300)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    fill(people=options.people, groups=options.groups)
    took = sorted(measure(checks=options.checks, people=options.people))
    p95 = took[int(len(took) * 0.95)]
    print(
        f"{connection.vendor}: {options.people} personas x {options.groups} grupos: primera "
        f"comprobacion mediana {statistics.median(took):.2f} ms, p95 {p95:.2f} ms, peor "
        f"{took[-1]:.2f} ms (limite {LIMIT_MS:.0f} ms)"
    )
    return 0 if p95 < LIMIT_MS else 1


def fill(*, people: int, groups: int) -> None:
    """People in every group; each group with a third of the capabilities."""
    seeding.seed(seeding.the_catalog(), say=lambda line: None)
    made = GrupoPermiso.objects.bulk_create(
        GrupoPermiso(codigo=f"g{n}", nombre=f"G {n}", categoria="c", nivel_riesgo="bajo")
        for n in range(groups - GrupoPermiso.objects.count())
    )
    capabilities = list(Capacidad.objects.exclude(codigo__endswith=".editar"))
    GrupoCapacidad.objects.bulk_create(
        GrupoCapacidad(grupo=group, capacidad=one)
        for group in made
        for one in random.sample(capabilities, k=25)
    )
    model = get_user_model()
    model.objects.bulk_create((model(username=f"p{n}") for n in range(people)), batch_size=2_000)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO usuarios_grupos (usuario_id, grupo_id, motivo, motivo_revocacion, "
            "asignado_el) SELECT u.id, g.id, 'medida', '', %s FROM users_user u "
            "CROSS JOIN grupos_permisos g",
            [timezone.now()],
        )
        # A million rows were just written: let the server finish before it is timed.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def measure(*, checks: int, people: int) -> list[float]:
    """Milliseconds of the first check of an account, which reads everything."""
    took = []
    for number in random.sample(range(people), k=min(checks, people)):
        user = get_user_model().objects.get(username=f"p{number}")
        began = time.perf_counter()
        user.has_perm(PERMISSIONS[number % len(PERMISSIONS)])
        took.append((time.perf_counter() - began) * 1000)
    return took


if __name__ == "__main__":
    raise SystemExit(main())
