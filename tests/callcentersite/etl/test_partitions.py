"""A full load in parts comes to the same as in one."""

import pytest
from django.core.management import CommandError, call_command

from callcentersite.apps.analytics.models import Call, DailyMetrics
from callcentersite.apps.etl.domain.partitions import Partition, even_sizes, partitions
from callcentersite.apps.etl.jobs import run_etl, run_part
from callcentersite.apps.etl.load import checkpoint
from callcentersite.apps.etl.models import CallRejection, EtlWatermark
from callcentersite.apps.etl.selectors import past_loads
from callcentersite.apps.etl.spread import days_of, sum_of
from opsconsole import OperationError, RunContext, registry
from opsconsole.models import JobRun

from .etl_world import everything, run, watermark


@pytest.mark.parametrize(
    ("rows", "among", "sizes"),
    [(10, 4, [3, 3, 2, 2]), (3, 8, [1, 1, 1]), (0, 4, [0]), (7, 1, [7])],
)
def test_rows_are_shared_evenly_and_no_part_is_empty(rows, among, sizes):
    assert even_sizes(rows, among=among) == sizes


def test_every_key_lies_in_exactly_one_part_and_the_ends_are_open():
    cut = partitions([2, 2, 1], cuts=[5, 900])

    assert cut == [
        Partition(after=None, last=5, rows=2),
        Partition(after=5, last=900, rows=2),
        Partition(after=900, last=None, rows=1),
    ]
    assert [Partition.of(part.as_part()) for part in cut] == cut
    with pytest.raises(ValueError, match="does not cut 3 parts"):
        partitions([1, 1, 1], cuts=[9, 9])


# Sparse keys: cut by the rows, not by the numbers.
CHANGES = {4: {"queue_code": "NO_HAY"}, 70_000: {"ended_at": None}}
SPARSE = [
    {"call_id": key} | CHANGES.get(key, {}) for key in (1, 2, 3, 4, 70_000, 70_001, 9_000_000_000)
]


def same_as_alone(seen):
    """Forget the load and do it again in one."""
    for model in (Call, CallRejection, DailyMetrics, EtlWatermark):
        model.objects.all().delete()
    run(full=True)
    alone = everything()
    for rows in (seen["CallRejection"], alone["CallRejection"]):
        for row in rows:
            del row["run"], row["seen_at"]
    for rows in (seen["DailyMetrics"], alone["DailyMetrics"]):
        for row in rows:
            del row["id"]
    assert seen == alone


def test_the_command_in_parts_says_and_leaves_what_it_does_in_one(legacy_calls, capsys):
    legacy_calls(*SPARSE)

    call_command("run_etl", "--full", "--partitions", "3")

    assert capsys.readouterr().out.splitlines() == [
        "Iniciando proceso ETL...",
        "[INFO] Extrayendo datos de base legacy...",
        "[INFO] Extraccion completada: 7 registros",
        "[INFO] Transformando datos...",
        "[INFO] Transformacion completada: 5 registros validos",
        "[INFO] Cargando datos a analytics...",
        "[INFO] Carga completada: 5 registros insertados",
        "Proceso ETL ejecutado correctamente",
    ]
    whole, *parts = JobRun.objects.order_by("pk")
    assert [part.result["read"] for part in parts] == [3, 2, 2]
    assert [part.part["last"] for part in parts] == [3, 70_000, None]
    assert (whole.progress_current, whole.progress_total) == (7, 7)
    assert {whole.result[key] for key in ("read", "days_rebuilt", "partitions")} == {7, 1, 3}
    assert whole.result["reasons"] == {"ended_missing": 1, "queue_unknown": 1}
    warnings = [registry.get("run_etl").if_cancelled(each) for each in (whole, parts[0])]
    assert ["se cancelan sus partes" in said for said in warnings] == [True, False]
    assert "Sin esta parte la carga completa falla" in warnings[1]
    # The rejections name the run that people know.
    assert set(CallRejection.objects.values_list("run", flat=True)) == {whole.pk}
    assert [load.read for load in past_loads()] == [7]
    same_as_alone(everything())


def test_loaded_again_in_parts_it_mends_what_changed(legacy_calls):
    legacy_calls(*SPARSE)
    run(full=True)
    legacy_calls(
        {"call_id": 2, "disposition": "ABANDONED", "answered_at": None},
        {"call_id": 4},
        {"call_id": 70_001, "ended_at": None},
    )

    call_command("run_etl", "--full", "--partitions", "4", verbosity=0)

    result = JobRun.objects.get(parent=None).result
    assert {key: result[key] for key in ("updated", "inserted", "cleared", "withdrawn")} == {
        "updated": 1,
        "inserted": 1,
        "cleared": 1,
        "withdrawn": 1,
    }
    assert (result["unchanged"], result["vanished"], result["days_rebuilt"]) == (3, 0, 1)
    same = everything()
    for row in same["CallRejection"]:
        row["last_good"] = None
    same_as_alone(same)


def test_a_simulation_in_parts_writes_nothing(legacy_calls, capsys):
    legacy_calls(*SPARSE)

    call_command("run_etl", "--full", "--partitions", "2", "--dry-run")

    said = capsys.readouterr().out
    assert "[INFO] Simulacion: no se escribio nada" in said
    assert "[INFO] Registros rechazados: 2" in said
    assert (Call.objects.count(), CallRejection.objects.count()) == (0, 0)
    assert EtlWatermark.objects.count() == 0


def test_an_empty_source_is_one_part_of_nothing(legacy_calls):
    legacy_calls()

    call_command("run_etl", "--full", "--partitions", "4", verbosity=0)

    assert JobRun.objects.filter(parent__isnull=False).count() == 1
    assert watermark() is None


def test_whoever_reads_the_figures_is_told_that_a_part_was_resumed(legacy_calls):
    legacy_calls(*SPARSE)
    call_command("run_etl", "--full", "--partitions", "2", verbosity=0)
    results = [part.result for part in JobRun.objects.exclude(parent=None)]
    whole, part = RunContext(run_id=7), RunContext(run_id=8, attempt=2)
    whole.spread = lambda cut: [results[0] | {"whole": False}, results[1]]

    run_etl({"full": True, "partitions": 2}, whole)
    run_etl({"full": True}, part)

    told = [line.message for ctx in (whole, part) for line in ctx.lines if line.level == "WARNING"]
    assert told == [
        "Una parte se retomó: las cifras no cuentan lo que cargó antes, que se conserva.",
        "Intento 2: las cifras cuentan desde donde se retomó; lo cargado antes se conserva.",
    ]


def test_parts_of_an_older_version_are_added_up_and_refused_in_words(legacy_calls):
    legacy_calls(*SPARSE)
    call_command("run_etl", "--full", "--partitions", "2", verbosity=0)
    parts = list(JobRun.objects.exclude(parent=None))
    older = [part.result for part in parts]
    del older[0]["removed"], older[0]["days"]

    assert (sum_of(older).read, sum_of(older).removed, len(days_of(older))) == (7, 0, 1)
    with pytest.raises(OperationError, match="otra versión de la consola") as refused:
        run_part(parts[0].params, {"after": None}, RunContext())
    assert refused.value.cause == "No dice last, mark, rows, run."


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--partitions", "2"], "Solo se reparte una carga completa"),
        (["--partitions", "2", "--full", "--since", "2026-10-05"], "Solo se reparte una carga"),
        (["--partitions", "17", "--full"], "--partitions"),
        (["--partitions", "0", "--full"], "--partitions"),
    ],
)
def test_what_cannot_be_shared_is_refused(legacy_calls, options, sentence):
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("run_etl", *options)

    assert refused.value.returncode == 2
    assert JobRun.objects.count() == 0


def test_a_part_that_wakes_up_when_its_run_is_over_is_refused(db):
    checkpoint.claim("one", keep="run-7")
    checkpoint.open_parts(7, 2, updated_at="2026-10-05 10:00:00")
    checkpoint.claim_part("run-7.2", "sleeper")
    checkpoint.fence("sleeper", name="run-7.2")
    checkpoint.claim("one", keep="run-7")  # a later attempt at the same run keeps its parts
    checkpoint.fence("sleeper", name="run-7.2")

    checkpoint.claim("another", keep="run-8")

    with pytest.raises(OperationError, match="La carga pasó a otra ejecución"):
        checkpoint.fence("sleeper", name="run-7.2")
    with pytest.raises(OperationError, match="La carga pasó a otra ejecución"):
        checkpoint.claim_part("run-7.1", "late")
