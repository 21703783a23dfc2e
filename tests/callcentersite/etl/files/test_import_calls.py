"""A file of calls through the rules and the quarantine of the ETL."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from openpyxl import Workbook

from callcentersite.apps.analytics.models import Call, DailyMetrics, StaleDay
from callcentersite.apps.common.interchange import uploads
from callcentersite.apps.etl.files import loading
from callcentersite.apps.etl.files.report import FileReport
from callcentersite.apps.etl.models import CallRejection, EtlWatermark
from opsconsole import RunContext, registry, runner
from opsconsole import params as parameters
from opsconsole.doors import terminal
from opsconsole.exceptions import BadInput
from opsconsole.management.base import Refusal
from opsconsole.models import JobArtifact, JobLog, JobRun
from tests.callcentersite.etl.etl_world import call_ids, everything, rejected_ids
from tests.callcentersite.etl.files.conftest import HEAD, csv_of, imported
from tests.conftest import good_call

pytestmark = [
    pytest.mark.django_db(transaction=True, databases="__all__"),
    pytest.mark.usefixtures("queues"),
]
FIGURES = ("read", "inserted", "updated", "unchanged", "rejected", "spared")


def figures(run):
    assert run.status == "succeeded", (run.error, run.error_cause, run.traceback)
    return tuple(run.result[name] for name in FIGURES)


def errors_of(run):
    with JobArtifact.objects.get(run=run, name="errores.csv").file.open("rb") as file:
        return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))


def test_half_of_a_file_is_loaded_and_half_is_quarantined_with_its_place():
    run = imported(
        csv_of(
            {"notes": "=1+1"},
            {"ended_at": "mañana", "queue_code": "nadie"},
            {"call_id": "x"},
            {"call_id": 1},
            {"call_id": 5, "dnis": "9" * 33, "customer_id": "doce"},
        )
    )

    assert figures(run) == (5, 1, 0, 0, 4, 0)
    assert run.result["reasons"] == {
        "call_id_invalid": 1, "call_id_repeated": 1, "ended_missing": 1, "number_invalid": 1,
        "queue_unknown": 1, "text_too_long": 1, "time_unreadable": 1,
    }  # fmt: skip
    assert Call.objects.get().notes == "=1+1"
    assert rejected_ids() == [2, 5]
    refused = CallRejection.objects.get(pk=2)
    assert refused.reasons == ["ended_missing", "queue_unknown", "time_unreadable"]
    assert (refused.raw["file"], refused.raw["file_row"]) == ("llamadas.csv", 3)
    assert (refused.raw["ended_at"], refused.run) == ("mañana", run.pk)
    assert [row[0] for row in errors_of(run)] == ["fila", "4", "5", "3", "6"]
    assert errors_of(run)[2][1] == "llamada 1: Número repetido"
    assert DailyMetrics.objects.get().offered == 1


def test_twice_is_the_same_and_a_corrected_file_changes_only_its_rows():
    imported(csv_of({}, {}, {"disposition": "?"}))
    before = everything()

    again = imported(csv_of({}, {}, {"disposition": "?"}))

    assert figures(again) == (3, 0, 0, 2, 1, 0)
    assert everything() == before

    corrected = imported(csv_of({}, {"notes": "otra"}, {}))

    assert figures(corrected) == (3, 1, 1, 1, 0, 0)
    assert rejected_ids() == []
    assert call_ids() == [1, 2, 3]


def test_a_trial_counts_the_same_and_writes_nothing():
    imported(csv_of({}, {}))
    before, marks = everything(), list(EtlWatermark.objects.order_by("pk").values())
    content = csv_of({}, {"notes": "x"}, {}, {"started_at": None})

    trial = imported(content, dry_run=True)

    assert figures(trial) == (4, 1, 1, 1, 1, 0)
    assert everything() == before
    assert list(EtlWatermark.objects.order_by("pk").values()) == marks
    assert StaleDay.objects.count() == 0
    assert figures(imported(content)) == figures(trial)


def test_what_the_etl_knows_of_the_ivr_stays_and_a_bad_row_takes_no_good_call_back(legacy_calls):
    legacy_calls({}, {}, {})
    call_command("run_etl", verbosity=0)
    mark = EtlWatermark.objects.get(pk="ivr_calls").updated_at

    run = imported(csv_of({"ended_at": None}, {"notes": "del archivo"}))

    assert figures(run) == (2, 0, 1, 0, 1, 1)
    assert call_ids() == [1, 2, 3]
    assert rejected_ids() == []
    assert EtlWatermark.objects.get(pk="ivr_calls").updated_at == mark
    call_command("run_etl", full=True, verbosity=0)
    assert Call.objects.get(pk=2).notes is None


def test_what_the_file_does_not_bring_stays_as_it_is():
    imported(csv_of({"notes": "nota", "language": "en", "ani": "5512345678"}))
    head = [name for name in HEAD if name not in ("notes", "language", "updated_at")]

    run = imported(csv_of({"ani": "••••5678", "agent_code": "A002"}, head=head))

    call = Call.objects.get()
    assert figures(run) == (1, 0, 1, 0, 0, 0)
    assert (call.notes, call.language, call.ani) == ("nota", "en", "+525512345678")
    assert (call.agent_code, call.source_updated_at is None) == ("A002", False)


def test_tabs_and_numbers_with_a_decimal_that_says_nothing_are_read():
    text = csv_of({"call_id": "7.0", "duration_s": "190,0", "customer_id": "12.00"}, separator="\t")

    assert figures(imported(text)) == (1, 1, 0, 0, 0, 0)
    assert Call.objects.values_list("call_id", "duration_s", "customer_id").get() == (7, 190, 12)


@pytest.mark.parametrize(
    ("zone", "start"),
    [("America/Mexico_City", 15), ("UTC", 9), ("America/Cancun", 14)],
)
def test_the_zone_is_that_of_the_file_unless_a_time_says_its_own(zone, start):
    other = {
        "started_at": "2026-10-05T17:00:00+02:00", "answered_at": "2026-10-05 15:00:10Z",
        "ended_at": "2026-10-05 09:03:10.5 -0600",
    }  # fmt: skip

    imported(csv_of({}, other), zone=zone)

    first, second = Call.objects.order_by("pk")
    assert first.started_at == datetime(2026, 10, 5, start, tzinfo=UTC)
    assert second.started_at == datetime(2026, 10, 5, 15, tzinfo=UTC)
    assert (second.duration_s, second.wait_s) == (190, 10)


def test_the_columns_may_have_other_names_order_and_separators():
    head = {"call_id": "Número", "started_at": "Inicio", "ended_at": "Fin", "queue_code": "Cola",
            "duration_s": "Duración (s)", "disposition": "Resultado", "ani": "Tel"}  # fmt: skip
    text = csv_of({"disposition": "ABANDONED"}, head=list(head), separator=";")
    text = "\ufeff" + ";".join(head.values()) + text[text.index("\r\n") :]

    refused = imported(text)
    assert refused.status == "failed"
    assert "Falta decir qué encabezado es: llamada (call_id)." in refused.error_cause

    columns = json.dumps({**head, "call_id": "Número"})
    assert figures(imported(text, columns=columns)) == (1, 1, 0, 0, 0, 0)
    assert Call.objects.get().ani == "+525512345678"


@pytest.mark.parametrize(
    ("content", "name", "cause"),
    [
        (b"", "a.csv", "El archivo está vacío"),
        (b"\xff\xfe\x00c", "a.csv", "línea 1, byte 1"),
        (csv_of({}).encode() + "2,ñ\n".encode("latin-1"), "a.csv", "línea 3"),
        (csv_of({}).encode() + b"2,3\n" + b"1," * 20 + b"1\n", "a.csv", "Fila 4"),
        (b"a,b\n1,2\n", "a.csv", "Falta decir"),
        (b"x" * 2**20, "a.csv", "no termina"),
        (csv_of({}, {}).encode() + b'3,"uno\ndos\n', "a.csv", "empieza en la línea 4 las comillas"),
        (b"PAR1nothing", "a.parquet", "no es un Parquet"),
        (b"PK\x03\x04nothing", "a.xlsx", "no es un libro XLSX"),
        (b"{}", "a.json", ".csv, .xlsx o .parquet"),
    ],
)
def test_a_file_that_cannot_be_read_to_its_end_changes_nothing(content, name, cause):
    before = everything()

    run = imported(content, name=name)

    assert (run.status, cause in run.error_cause) == ("failed", True), run.error_cause
    assert everything() == before


def test_a_zip_bomb_is_refused_before_it_is_opened():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(9):
            archive.writestr(f"{number}.xml", b" " * (100 * 1024 * 1024))

    run = imported(target.getvalue(), name="bomba.xlsx")

    assert run.error_cause.startswith("El libro XLSX es demasiado grande una vez descomprimido.")


def test_a_workbook_with_dates_as_dates_is_read_as_well():
    book, target = Workbook(), io.BytesIO()
    book.active.append(HEAD)
    row = good_call(1)
    times = {n: datetime.fromisoformat(row[n]) for n in row if n.endswith("_at")}
    book.active.append([(row | times)[name] for name in HEAD])
    book.save(target)

    assert figures(imported(target.getvalue(), name="a.xlsx")) == (1, 1, 0, 0, 0, 0)
    assert Call.objects.get().started_at == datetime(2026, 10, 5, 15, tzinfo=UTC)


def test_two_headings_for_a_column_and_one_for_two_are_refused():
    both = imported(csv_of({}), columns='{"call_id": "call_id", "ani": "call_id"}')

    assert "elegido para dos columnas: «call_id»" in both.error_cause
    with pytest.raises(BadInput) as refused:
        imported(csv_of({}), columns="ani=a, ani=b")
    assert refused.value.cause == "--columns: Dos encabezados para una columna: ani."


def test_cancelled_it_keeps_whole_chunks_and_the_next_import_brings_the_rest(monkeypatch):
    monkeypatch.setattr(loading, "PAGE_ROWS", 2)
    content = csv_of(*[{}] * 6)
    with monkeypatch.context() as patch:
        patch.setattr(FileReport, "batch", cancel_at_the_second)
        run = imported(content)

    assert run.status == "cancelled"
    assert len(call_ids()) in (0, 2, 4)
    assert imported(content).result["rejected"] == 0
    assert call_ids() == [1, 2, 3, 4, 5, 6]
    assert sum(DailyMetrics.objects.values_list("offered", flat=True)) == 6


def test_an_attempt_that_lost_its_worker_is_gone_on_with_and_counted_as_one(monkeypatch):
    monkeypatch.setattr(loading, "PAGE_ROWS", 2)
    upload = uploads.keep(
        ContentFile(csv_of({}, {"notes": "x"}, {"disposition": "?"}, {}, {}, {}).encode()),
        name="a.csv", sender=None, model="analytics.call",
    )  # fmt: skip
    run = submitted(upload)
    with monkeypatch.context() as patch:
        patch.setattr(FileReport, "loaded", die_after_two_chunks)
        assert attempt(run, 1) is None
    assert call_ids() == [1, 2, 4]

    result = attempt(run, 2)

    assert call_ids() == [1, 2, 4, 5, 6]
    assert [result[name] for name in FIGURES] == [6, 5, 0, 0, 1, 0]
    assert rejected_ids() == [3]
    assert sum(DailyMetrics.objects.values_list("offered", flat=True)) == 5
    assert not EtlWatermark.objects.filter(name__startswith="file-").exists()


def submitted(upload):
    values = {"upload": upload.id}
    return runner.submit(registry.get("import_calls"), values, door=terminal(), enqueue=False)


def attempt(run, number):
    """One attempt at it; None: it died."""
    operation = registry.get("import_calls")
    params = parameters.clean(operation.Params, run.params)
    ctx = RunContext(run_id=run.pk, attempt=number)
    try:
        return operation.run(params, ctx)
    except Death:
        return None


class Death(BaseException):
    """Of the process that works."""


def die_after_two_chunks(report, tally, *, rows, seconds):
    if rows == 4:
        raise Death


def cancel_at_the_second(report, number, **counts):
    if number == 2:
        report.ctx.request_stop()


def test_a_day_of_calls_is_counted_again(legacy_calls):
    imported(csv_of({}, {"disposition": "ABANDONED"}))

    row = DailyMetrics.objects.get()
    assert (row.day, row.offered, row.answered, row.abandoned) == (date(2026, 10, 5), 2, 1, 1)


def test_the_command_takes_the_file_and_the_trial(tmp_path, capsys):
    path = tmp_path / "llamadas.csv"
    path.write_text(csv_of({}, {"disposition": "?"}))

    call_command("import_calls", path, "--dry-run")
    tried, none = capsys.readouterr().out, Call.objects.count()
    call_command("import_calls", path, "--columns", "")

    assert "Serían nuevas: 1; cambiadas: 0; sin cambio: 0; rechazadas: 1" in tried
    assert (none, Call.objects.count()) == (0, 1)
    with pytest.raises(Refusal, match="No se puede leer"):
        call_command("import_calls", tmp_path / "otro.csv")
    with pytest.raises(Refusal, match="No existe la cuenta"):
        call_command("import_calls", path, as_user="nadie")


def test_without_the_right_nothing_is_kept_nor_loaded(client, django_user_model, tmp_path):
    django_user_model.objects.create_user("lectora", password="x", is_staff=True)
    path = tmp_path / "llamadas.csv"
    path.write_text(csv_of({}))
    client.force_login(django_user_model.objects.get())

    with pytest.raises(Refusal, match="run_import_calls"):
        call_command("import_calls", path, as_user="lectora")

    assert client.get("/admin/llamadas/importar/").status_code == 403
    assert client.post("/admin/llamadas/importar/", {}).status_code == 403
    assert (Call.objects.count(), JobRun.objects.count(), (tmp_path / "media").exists()) == (
        0, 0, False,
    )  # fmt: skip


def test_the_log_tells_what_came_and_what_became_of_it():
    run = imported(csv_of({}, {"ani": "anónimo"}, {"queue_code": "x"}))

    said = "\n".join(
        JobLog.objects.filter(run=run).order_by("seq").values_list("message", flat=True)
    )
    assert "Archivo: llamadas.csv" in said
    assert "Leído entero; filas: 3" in said
    assert "Cola desconocida: 1" in said
    assert "Número oculto; la llamada se carga sin él: 1" in said
    assert registry.get("import_calls").if_cancelled(run)
