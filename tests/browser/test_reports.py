"""Ask for a report, watch it being made, take it home, ask for another like it."""

import pytest

from callcentersite.apps.analytics.models import Queue
from callcentersite.apps.reports.models import Report
from tests.browser.conftest import keep
from tests.callcentersite.reports.conftest import MONDAY, metrics

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


@pytest.fixture
def a_day_with_calls(transactional_db):
    Queue.objects.create(code="VENTAS", name="Ventas", segment="nacional_a")
    metrics(MONDAY, "VENTAS").save()


def test_from_the_form_to_the_file_and_once_more(a_day_with_calls, cluster, visit):
    page = visit("/admin/operaciones/generate_report/")
    page.fill("#id_since", "2026-10-01")
    page.fill("#id_until", "2026-10-31")
    page.select_option("#id_queue", "VENTAS")
    page.select_option("#id_format", "csv")
    page.click("button:has-text('Ejecutar')")

    button = page.get_by_role("link", name="Descargar el reporte")
    button.wait_for()
    with page.expect_download() as download:
        button.click()

    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith("2026-10-05,VENTAS,10,6,2,20.0")
    assert download.value.suggested_filename.endswith("-2026-10-01-2026-10-31.csv")

    page.get_by_role("link", name="Ver el reporte").click()
    keep(page, "report")
    page.get_by_role("link", name="Generar otro igual").click()
    assert page.input_value("#id_since") == "2026-10-01"
    assert page.input_value("#id_queue") == "VENTAS"
    assert Report.objects.count() == 1


@pytest.mark.parametrize(("name", "look"), [("wide", {}), ("narrow", {"width": 420})])
def test_the_empty_list_leads_to_the_first_report(visit, name, look):
    page = visit("/admin/reports/report/", **look)
    keep(page, f"reports-empty-{name}")

    page.get_by_role("link", name="Genere el primero").click()

    page.locator("h1", has_text="Generar reporte").wait_for()
