"""Calls from a file: sent, its columns said, its refusals seen, confirmed, loaded by a worker."""

import pytest

from callcentersite.apps.analytics.models import Call, Queue
from callcentersite.apps.etl.models import CallRejection
from tests.browser.conftest import keep
from tests.browser.test_live_console import STATE, WIDEST, shows
from tests.callcentersite.etl.files.conftest import csv_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops", "legacy"])

HEAD = (
    "call_id", "started_at", "answered_at", "ended_at", "duration_s", "disposition", "queue_code",
    "ani",
)  # fmt: skip
TOLD = "Folio,Inicio,Contestada,Fin,Duración (s),Resultado,Cola,Teléfono"


def test_a_file_is_mapped_seen_confirmed_and_loaded(visit, cluster):
    Queue.objects.create(code="NA_VENTAS", name="Ventas", segment="nacional_a")
    text = csv_of({}, {}, {"queue_code": "OTRA"}, {"ended_at": "mañana"}, {"call_id": 1}, head=HEAD)
    content = (TOLD + text[text.index("\r\n") :]).encode()
    page = visit("/admin/analytics/call/")
    page.click("text=Importar")
    keep(page, "calls-import")

    file = {"name": "llamadas.csv", "mimeType": "text/csv", "buffer": content}
    page.set_input_files("#id_file", file)
    page.click("text=Ver qué cambiaría…")
    shows(page, ".callout.bad", "Falta decir qué encabezado es: llamada (call_id).")
    keep(page, "calls-mapping")
    page.select_option("#id_call_id", "Folio")
    page.click("text=Revisar con estas columnas")
    shows(page, ".interchange-rows", "Cola desconocida")
    keep(page, "calls-preview")
    page.set_viewport_size({"width": 420, "height": 900})
    keep(page, "calls-preview-narrow")
    assert page.evaluate(WIDEST) <= 420
    page.click("button[name=load]")
    shows(page, STATE, "Terminó bien", seconds=60)
    page.set_viewport_size({"width": 1440, "height": 1000})
    keep(page, "calls-run")

    assert sorted(Call.objects.values_list("pk", flat=True)) == [1, 2]
    assert CallRejection.objects.get(pk=4).raw["file_row"] == 5

    # Such headings are known from now on.
    page.goto(page.url.split("/admin/")[0] + "/admin/llamadas/importar/")
    page.set_input_files("#id_file", file)
    page.click("text=Ver qué cambiaría…")
    shows(page, ".ops-head", "Por confirmar")
    page.goto(page.url.split("/admin/")[0] + "/admin/operaciones/export_calls/?queue=NA_VENTAS")
    page.check("input[name=columns][value=call_id]")
    page.check("input[name=columns][value=queue_code]")
    shows(page, "[data-command]", "export_calls --queue NA_VENTAS --columns call_id queue_code")
    keep(page, "calls-export")
    page.click("text=Ejecutar")
    shows(page, STATE, "Terminó bien", seconds=60)
    keep(page, "calls-export-run")
    with page.expect_download() as taken:
        page.click("text=llamadas-")
    assert taken.value.suggested_filename.endswith(".csv")
