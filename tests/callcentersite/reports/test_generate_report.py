"""``generate_report``: the file it makes, what it refuses, and what it never leaves behind."""

import csv
import hashlib
import io
import tempfile
import threading
import time

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from callcentersite.apps.analytics.domain.metrics import Figures
from callcentersite.apps.analytics.models import Call, DailyMetrics, Queue, StaleDay
from callcentersite.apps.reports import generation, services
from callcentersite.apps.reports.formats import page_by_page
from callcentersite.apps.reports.models import Report
from opsconsole import events, runner
from opsconsole.exceptions import BadInput, NotAllowed
from opsconsole.models import JobLog, JobRun, Origin

from .conftest import MONDAY, TUESDAY, many_days, metrics

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

ROWS = [
    ["2026-10-05", "EMPRESAS", "1", "0", "0", "0.0", "0", "0.0", "", "0", "", "0"],
    ["2026-10-05", "VENTAS", "10", "6", "2", "20.0", "3", "30.0", "19.5", "50", "188.3", "500"],
    ["2026-10-06", "VENTAS", "1500", "1000", "300", "20.0", "900", "60.0", "0.1", "75", "1.1",
     "500"],
    ["Total", "", "1511", "1006", "302", "20.0", "903", "59.8", "0.2", "75", "2.2", "500"],
]  # fmt: skip


def read_csv(report):
    return list(csv.reader(io.StringIO(report.file.read().decode("utf-8-sig"))))


def read_xlsx(report):
    sheet = load_workbook(report.file).worksheets[0]
    return [[as_csv(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def as_csv(value):
    if value is None:
        return ""
    return value.date().isoformat() if hasattr(value, "date") else str(value)


def pages(report):
    return [page.extract_text() for page in PdfReader(report.file).pages]


# The content


def test_csv_holds_a_row_per_day_and_queue_and_their_total(report_of):
    report = report_of(format="csv")

    headings, *rows = read_csv(report)
    assert headings[:6] == [
        "Día", "Cola", "Ofrecidas", "Contestadas", "Abandonadas", "Abandono (%)",
    ]  # fmt: skip
    assert rows == ROWS


def test_csv_begins_with_the_mark_that_spreadsheets_need(report_of):
    assert report_of(format="csv").file.read().startswith(b"\xef\xbb\xbfD\xc3\xada,")


def test_xlsx_holds_the_same_with_real_numbers_and_dates(report_of):
    report = report_of(format="xlsx")

    headings, *rows = read_xlsx(report)
    assert headings == read_csv(report_of(format="csv"))[0]
    assert [[as_number(cell) for cell in row] for row in rows] == [
        [as_number(cell) for cell in row] for row in ROWS
    ]
    sheet = load_workbook(report.file).worksheets[0]
    assert (sheet["C3"].value, sheet["C3"].number_format) == (10, "#,##0")
    assert (sheet["A3"].number_format, sheet.freeze_panes) == ("dd/mm/yyyy", "A2")


def as_number(text):
    try:
        return float(text)
    except ValueError:
        return text


def test_pdf_holds_the_same_as_people_read_it(report_of):
    (page,) = pages(report_of(format="pdf"))

    text = " ".join(page.replace("\xa0", " ").split())
    assert "Métricas por día y cola, del 5 oct 2026 al 11 oct 2026" in text
    assert "05/10/2026 VENTAS 10 6 2 20,0 3 30,0 19,5 50 188,3 500" in text
    assert "05/10/2026 EMPRESAS 1 0 0 0,0 0 0,0 – 0 – 0" in text
    assert "Total 1 511 1 006 302 20,0 903 59,8 0,2 75 2,2 500" in text
    assert "(America/Mexico_City)" in text
    assert "Página 1 de 1" in text


def test_a_report_by_queue_of_one_queue(report_of):
    report = report_of(format="csv", kind="queue", queue=" ventas")

    assert read_csv(report)[1][:3] == ["VENTAS", "1510", "1006"]
    assert (report.queue, report.rows) == ("VENTAS", 1)
    assert report.title == "Métricas por cola, del 5 oct 2026 al 11 oct 2026 · VENTAS"


def test_a_day_whose_sums_are_due_is_counted_from_its_calls(report_of):
    at = timezone.make_aware(timezone.datetime(2026, 10, 5, 9))
    Call.objects.create(
        call_id=1, queue_code="VENTAS", disposition="ABANDONED", language="es",
        started_at=at, ended_at=at, duration_s=0, wait_s=0, talk_s=0,
    )  # fmt: skip
    StaleDay.objects.create(day=MONDAY)

    report = report_of(format="csv")

    assert [row[:5] for row in read_csv(report)[1:-1]] == [
        ["2026-10-05", "VENTAS", "1", "0", "1"],
        ["2026-10-06", "VENTAS", "1500", "1000", "300"],
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
def test_a_report_without_rows_says_so(generate, form):
    run = generate(format=form, since="2026-09-01", until="2026-09-30")

    report = Report.objects.get(run=run.pk)
    read = {"csv": read_csv, "xlsx": read_xlsx, "pdf": pages}[form](report)
    assert report.rows == 0
    assert "No hay llamadas en este periodo." in str(read)
    assert "Total" not in str(read)
    assert JobLog.objects.filter(run=run, level="WARNING").count() == 1


def test_a_queue_called_like_a_formula_is_no_formula(report_of):
    DailyMetrics.objects.bulk_create([metrics(MONDAY, '=CMD("x")')])

    assert read_csv(report_of(format="csv"))[1][1].startswith("'=CMD")
    sheet = load_workbook(report_of(format="xlsx").file).worksheets[0]
    assert (sheet["B2"].value, sheet["B2"].data_type) == ('\'=CMD("x")', "s")


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
def test_ten_thousand_rows_are_all_there(report_of, form):
    DailyMetrics.objects.bulk_create(many_days(10_000))
    last = DailyMetrics.objects.filter(day__year=2022).order_by("day").last().day

    report = report_of(format=form, since="2020-01-01", until=last.isoformat())

    assert report.rows == 10_000
    if form == "pdf":
        reader = PdfReader(report.file)
        assert len(reader.pages) == page_by_page.pages_of(10_000)
        assert f"de {len(reader.pages)}" in reader.pages[-1].extract_text()
        assert "Total" in reader.pages[-1].extract_text()
    else:
        read = {"csv": read_csv, "xlsx": read_xlsx}[form](report)
        assert len(read) == 10_002
        assert read[-1][2] == "100000"


@pytest.mark.parametrize("rows", [0, 1, 29, 30, 31, 66, 67, 10_000])
def test_every_page_has_its_number_and_no_row_is_left_over(rows):
    pages = page_by_page.pages_of(rows)

    cut = list(page_by_page.cut(((number,) for number in range(rows + 1)), pages))

    assert sum(map(len, cut)) == rows + 1
    assert all(cut)


# What is kept of it


def test_the_row_says_what_the_file_is(report_of, ana, files):
    report = report_of(ana, format="csv")

    (file,) = files()
    content = file.read_bytes()
    assert (report.size_bytes, report.sha256) == (
        len(content), hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    assert (report.created_by, report.creator_id) == ("ana", str(ana.pk))
    assert (report.since.isoformat(), report.until.isoformat()) == ("2026-10-05", "2026-10-11")
    assert len(file.stem) == 32


def test_the_format_is_the_configured_one_unless_said(configure, report_of):
    configure("reportes.default_format", "xlsx")

    assert report_of().format == "xlsx"
    assert report_of(format="csv").format == "csv"


def test_the_command_makes_one_and_says_so(week, capsys):
    call_command("generate_report", since="2026-10-05", until="2026-10-05", format="csv")

    report = Report.objects.get()
    assert f"Reporte {report.pk} listo: 2 filas, CSV" in capsys.readouterr().out


def test_two_people_at_once_each_get_their_own(submit, ana, person, files):
    runs = [submit(user, format="csv") for user in (ana, person("beto", "run_generate_report"))]

    def work(run):
        try:
            runner.execute(run.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[run]) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(Report.objects.values_list("created_by", "status")) == [
        ("ana", "ready"), ("beto", "ready"),
    ]  # fmt: skip
    assert len(files()) == 2


# What is refused


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"until": "2026-10-01"}, "--until: «Hasta» es anterior a «Desde»."),
        ({"since": "2999-01-01", "until": "9999-12-31"}, "--since: Ese periodo todavía no"),
        ({"queue": "VENTSA"}, "--queue: No existe la cola «VENTSA»."),
        ({"format": "docx"}, "--format: "),
        ({"kind": "hour"}, "--kind: "),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_before_there_is_a_run(submit, values, sentence):
    with pytest.raises(BadInput) as refused:
        submit(**values)

    assert sentence in refused.value.cause
    assert JobRun.objects.count() == Report.objects.count() == 0


def test_without_the_right_nothing_is_asked_for(submit, person):
    with pytest.raises(NotAllowed):
        submit(person("nadie"))

    assert JobRun.objects.count() == 0


def test_a_right_taken_away_while_it_waited_counts(submit, ana, files):
    run = submit(ana)
    ana.user_permissions.clear()

    runner.execute(run.pk)

    assert JobRun.objects.get(pk=run.pk).error_class == "NotAllowed"
    assert (Report.objects.count(), files()) == (0, [])


def test_too_many_rows_are_refused_with_their_number_before_any_work(configure, generate, files):
    configure("reportes.max_report_rows", "2")

    run = generate(format="csv")

    assert (run.status, run.error) == ("failed", "El reporte tendría 3 filas.")
    assert run.error_class == "OverLimit"  # which the health knows for a refusal
    assert run.error_cause == "El máximo es 2 (reportes.max_report_rows)."
    assert "un reporte por día" in run.error_remedy
    assert (run.phases, Report.objects.count(), files()) == ({}, 0, [])


def test_the_limit_counts_the_rows_of_the_report_not_of_the_table(configure, generate):
    configure("reportes.max_report_rows", "2")

    assert generate(format="csv", kind="day").status == "succeeded"
    assert generate(format="csv", kind="queue").status == "succeeded"


def test_rows_that_the_count_could_not_foresee_are_counted_too(configure, generate, files):
    at = timezone.make_aware(timezone.datetime(2026, 10, 8, 9))
    Call.objects.create(
        call_id=1, queue_code="VENTAS", disposition="BUSY", language="es",
        started_at=at, ended_at=at, duration_s=0, wait_s=0, talk_s=0,
    )  # fmt: skip
    StaleDay.objects.create(day=at.date())
    configure("reportes.max_report_rows", "3")

    run = generate(format="csv")

    assert run.error == "El reporte tendría más de 3 filas."
    assert (Report.objects.count(), files()) == (0, [])


def test_the_command_ends_with_the_code_of_a_limit(configure):
    configure("reportes.max_report_rows", "2")

    with pytest.raises(CommandError) as refused:
        call_command("generate_report", since="2026-10-05", until="2026-10-06")

    assert refused.value.returncode == 5


def test_a_pdf_that_nobody_would_read_is_refused(generate, monkeypatch):
    writer = generation.WRITERS["pdf"]
    small = type(writer)(content_type=writer.content_type, write=writer.write, most_rows=2)
    monkeypatch.setattr(generation, "WRITERS", {**generation.WRITERS, "pdf": small})

    run = generate(format="pdf")

    assert run.error == "El reporte tendría 3 filas: demasiadas para un PDF."
    assert run.error_remedy == "Pídalo en CSV o XLSX, o pida menos días."


# Schedules


@pytest.fixture
def planner(person):
    """May ask for reports and schedule them."""
    return person("planeadora", "run_generate_report", "schedule_report")


def test_a_scheduled_report_is_of_the_days_before_it(generate, planner):
    today = timezone.localdate()

    run = generate(planner, origin=Origin.SCHEDULE, period="last_7_days", format="csv")

    report = Report.objects.get(run=run.pk)
    assert ((today - report.since).days, (today - report.until).days) == (7, 1)


def test_scheduled_reports_that_are_switched_off_refuse_in_a_sentence(
    configure, generate, planner, files
):
    configure("reportes.enable_scheduled_reports", "false")

    run = generate(planner, origin=Origin.SCHEDULE)

    assert run.error == "Los reportes programados están desactivados."
    assert (Report.objects.count(), files()) == (0, [])
    assert generate(planner).status == "succeeded"


def test_who_may_not_schedule_gets_no_scheduled_report(generate, ana):
    run = generate(ana, origin=Origin.SCHEDULE)

    assert run.error == "ana no puede programar reportes."
    assert Report.objects.count() == 0


# Nothing half made


def endless(**asked):
    """Daily figures that come until somebody stops them."""
    while True:
        time.sleep(0.0001)
        yield MONDAY, "VENTAS", Figures(offered=1)


def test_the_deadline_is_the_configured_one(configure, submit):
    configure("reportes.report_generation_timeout", "7")

    assert submit().timeout_seconds == 7


def test_a_report_that_takes_too_long_fails_and_leaves_nothing(
    configure, generate, monkeypatch, files
):
    configure("reportes.report_generation_timeout", "1")
    configure("reportes.max_report_rows", "1000000")
    monkeypatch.setattr(generation, "daily_figures", endless)

    run = generate(format="csv")

    assert (run.status, run.error_class) == ("failed", "RunTimedOut")
    assert (Report.objects.count(), files()) == (0, [])


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
def test_a_report_that_is_cancelled_while_it_is_written_leaves_nothing(
    submit, monkeypatch, files, form, tmp_path
):
    beside = tmp_path / "temporary"
    beside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(beside))
    DailyMetrics.objects.bulk_create(many_days(1_000))
    contexts = []
    write = generation.write

    def cancel_and_write(document, rows, path, request):
        contexts[0].request_stop()
        write(document, rows, path, request)

    monkeypatch.setattr(generation, "write", cancel_and_write)
    run = submit(format=form, since="2020-01-01", until="2020-12-31")

    runner.execute(run.pk, listen=contexts.append)

    run = JobRun.objects.get(pk=run.pk)
    assert (run.status, run.progress_current) == ("cancelled", 200)
    assert (Report.objects.count(), files()) == (0, [])
    assert list(beside.iterdir()) == []


def test_a_storage_that_breaks_leaves_no_row(generate, monkeypatch, files):
    def full(self, name, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)

    run = generate(format="csv")

    assert run.status == "failed"
    assert (Report.objects.count(), files()) == (0, [])


def test_a_run_that_dies_between_file_and_row_is_cleaned_up_when_it_is_buried(submit, files):
    run = submit(format="csv")
    request = Report(kind="day", since=MONDAY, until=TUESDAY, format="csv", queue="").request
    report = services.begin(request, run=run.pk, created_by="ana", creator_id="1")
    report.file.storage.save(report.file.name, io.BytesIO(b"a medias"))
    assert len(files()) == 1

    JobRun.objects.filter(pk=run.pk).update(status="lost", finished_at=timezone.now())
    events.announce(run.pk)

    assert (Report.objects.count(), files()) == (0, [])


def test_whoever_finishes_after_its_burial_leaves_nothing(generate, monkeypatch, files):
    write = generation.write

    def bury_and_write(document, rows, path, request):
        write(document, rows, path, request)
        services.discard(Report.objects.all())

    monkeypatch.setattr(generation, "write", bury_and_write)

    run = generate(format="csv")

    assert run.error == "El reporte se retiró mientras se generaba."
    assert (Report.objects.count(), files()) == (0, [])


def test_a_report_that_is_ready_outlives_the_telling_of_its_end(report_of, files):
    report = report_of(format="csv")

    JobRun.objects.filter(pk=report.run).update(announced_at=None)
    events.announce(report.run)

    assert Report.objects.filter(pk=report.pk).exists()
    assert len(files()) == 1


def test_a_queue_that_the_ivr_has_no_more_is_unknown(submit):
    Queue.objects.filter(code="EMPRESAS").delete()

    with pytest.raises(BadInput) as refused:
        submit(queue="EMPRESAS")

    assert "No existe la cola «EMPRESAS»." in refused.value.cause
