"""``manage.py run_etl``, as cron and people type it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from opsconsole.models import JobRun

from .etl_world import GUIDE, call_ids


def run_etl(*options):
    out = StringIO()
    call_command("run_etl", *options, stdout=out, stderr=StringIO(), no_color=True)
    return out.getvalue().splitlines()


def test_it_prints_exactly_the_guides_eight_lines(legacy_calls):
    legacy_calls({}, {"ended_at": None})

    assert run_etl() == [
        "Iniciando proceso ETL...",
        "[INFO] Extrayendo datos de base legacy...",
        "[INFO] Extraccion completada: 2 registros",
        "[INFO] Transformando datos...",
        "[INFO] Transformacion completada: 1 registros validos",
        "[INFO] Cargando datos a analytics...",
        "[INFO] Carga completada: 1 registros insertados",
        "Proceso ETL ejecutado correctamente",
    ]
    assert len(GUIDE) == 8


def test_batches_are_told_at_verbosity_two(legacy_calls):
    legacy_calls({}, {"ended_at": None})

    lines = run_etl("--verbosity", "2", "--batch-size", "1")

    assert "[DEBUG] Lote 1: 1 leidas, 1 validas, 0 rechazadas" in lines
    assert "[DEBUG] Lote 2: 1 leidas, 0 validas, 1 rechazadas" in lines


def test_the_run_keeps_its_result(legacy_calls):
    legacy_calls({}, {"ended_at": None}, {"ani": None})

    run_etl()

    result = JobRun.objects.get().result
    assert {name: result[name] for name in ("read", "valid", "rejected", "inserted")} == {
        "read": 3,
        "valid": 2,
        "rejected": 1,
        "inserted": 2,
    }
    assert result["reasons"] == {"ended_missing": 1}
    assert result["warnings"] == {"ani_missing": 1}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--since", "2026-10-06", "--until", "2026-10-05"], "«Desde» es posterior a «Hasta»."),
        (["--since", "2026-10-05 10:00", "--until", "2026-10-05 10:00"], "es posterior"),
        (["--since", "2026-02-30"], "«2026-02-30» no es una fecha que exista."),
        (["--until", "ayer"], "«ayer» no es una fecha que exista."),
        (["--since", "2026-10-05T10:00:00Z"], "no es una fecha que exista."),
        (["--batch-size", "0"], "--batch-size:"),
        (["--batch-size", "muchas"], "--batch-size:"),
        (["--call-ids", "1,dos"], "Escriba números de llamada separados por comas"),
        (["--call-ids", ",".join(map(str, range(1001)))], "1001 llamadas; el máximo es 1000."),
        (["--call-ids", "1", "--full"], "«Completo» y «Llamadas» se excluyen"),
        (["--call-ids", "1", "--since", "2026-10-05"], "Un rango y «Llamadas» se excluyen"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_read(legacy_calls, options, sentence):
    legacy_calls({})

    with pytest.raises(CommandError) as refused:
        run_etl(*options)

    assert refused.value.returncode == 2
    assert sentence in str(refused.value)
    assert not JobRun.objects.exists()
    assert call_ids() == []


@pytest.mark.parametrize(
    ("options", "loaded"),
    [
        (["--since", "2026-10-05 09:01"], [2, 3]),
        (["--until", "2026-10-05 09:01"], [1]),
        (["--since", "2026-10-05T09:01:00", "--until", "2026-10-05 09:02:00"], [2]),
        (["--since", "2026-10-05", "--until", "2026-10-05"], [1, 2, 3]),
        (["--since", "2026-10-06"], []),
        (["--call-ids", "3,1"], [1, 3]),
        (["--full"], [1, 2, 3]),
        (["--dry-run"], []),
    ],
)
def test_options_choose_the_calls(legacy_calls, options, loaded):
    legacy_calls({}, {}, {})

    run_etl(*options)

    assert call_ids() == loaded
