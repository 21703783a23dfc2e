"""A person, a browser, a worker: launch, watch, cancel."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from callcentersite.apps.analytics.models import Call
from opsconsole import registry, runner
from opsconsole.doors import terminal
from opsconsole.models import JobRun
from tests.browser.conftest import keep
from tests.faults.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops", "legacy"])

STATE = "[data-part=state]"
LINES = "[data-lines] > div"
# How far to the right anything reaches, but for tables, which scroll in a box of their own.
WIDEST = """() => Math.max(...[...document.querySelectorAll("#container *")]
    .filter((one) => !one.closest(".ops-scroll, .visually-hidden"))
    .map((one) => one.getBoundingClientRect().right))"""


def shows(page, selector, text, seconds=30):
    """Wait until the element says it; the page is never reloaded."""
    page.wait_for_function(
        "([selector, text]) => document.querySelector(selector)?.textContent.includes(text)",
        arg=[selector, text],
        timeout=seconds * 1000,
    )


def fill_and_launch(page, **values):
    for name, value in values.items():
        page.fill(f"#id_{name}", str(value))
    page.click(".ops-form .btn.primary")


def progress_of(page):
    return int(page.get_attribute("progress.bar:not(.thin)", "value") or 0)


def test_an_operator_launches_the_etl_and_watches_it_succeed(legacy, visit, cluster):
    call_command("create_test_data", calls=120_000, verbosity=0)
    page = visit("/admin/")
    keep(page, "home-before")

    page.click("text=Ejecutar ETL")
    page.fill("#id_batch_size", "400")  # so that no machine is done before anybody has looked
    page.click(".ops-form .btn.primary")
    shows(page, STATE, "En ejecución")
    eventually(lambda: progress_of(page) > 0, what="progress")
    keep(page, "run-live")
    first_progress, first_lines = progress_of(page), page.locator(LINES).count()
    eventually(lambda: progress_of(page) > first_progress, what="more progress")
    eventually(lambda: page.locator(LINES).count() > first_lines, what="more lines")
    shows(page, STATE, "Terminó bien", seconds=60)

    shows(page, "[data-lines]", "Proceso ETL ejecutado correctamente")
    keep(page, "run-succeeded")
    run = JobRun.objects.get(operation="run_etl")
    assert run.status == "succeeded"
    assert run.requested_by == "operadora.1"
    assert run.result["read"] == 120_000
    assert Call.objects.count() == run.result["valid"]
    keep(visit("/admin/"), "home")


def test_new_lines_appear_and_another_run_is_cancelled(visit, cluster):
    page = visit("/admin/operaciones/count_slowly/")
    fill_and_launch(page, steps=2000, pause=0.05)
    shows(page, STATE, "En ejecución")
    shows(page, "[data-lines]", "numero 20")
    assert page.evaluate("performance.getEntriesByType('navigation').length") == 1

    page.click("text=Cancelar…")
    page.wait_for_selector("dialog[open]")
    keep(page, "cancel-dialog")
    page.click("dialog .btn.danger")

    shows(page, STATE, "Cancelada")
    keep(page, "run-cancelled")
    assert JobRun.objects.get().status == "cancelled"


def test_the_log_stops_following_when_the_reader_scrolls_up(visit, cluster):
    page = visit("/admin/operaciones/count_slowly/")
    fill_and_launch(page, steps=2000, pause=0.02)
    shows(page, "[data-lines]", "numero 60")

    page.evaluate("document.querySelector('[data-lines]').scrollTop = 0")
    page.wait_for_function("() => !document.querySelector('[data-follow]').checked")
    shows(page, "[data-lines]", "numero 160")
    assert page.evaluate("document.querySelector('[data-lines]').scrollTop") == 0

    page.check("[data-follow]")
    page.wait_for_function(
        "() => { const log = document.querySelector('[data-lines]');"
        " return log.scrollHeight - log.scrollTop - log.clientHeight < 24; }"
    )


def test_the_log_is_narrowed_while_it_grows(visit, cluster):
    page = visit("/admin/operaciones/count_slowly/")
    fill_and_launch(page, steps=2000, pause=0.02)
    shows(page, "[data-lines]", "numero 30")

    page.fill("[data-text]", "numero 1")
    eventually(
        lambda: all("numero 1" in text for text in page.locator(LINES).all_text_contents()),
        what="only matching lines",
    )
    shows(page, "[data-lines]", "numero 110")

    assert all("numero 1" in text for text in page.locator(LINES).all_text_contents())
    assert "text=numero+1" in page.get_attribute("[data-download]", "href")


def test_the_command_line_keeps_step_with_the_form(visit):
    page = visit("/admin/operaciones/count_slowly/")
    command = "[data-command-of] [data-command]"

    page.fill("#id_steps", "25")
    shows(page, command, "python manage.py console run count_slowly --steps 25")

    page.fill("#id_steps", "3")
    page.wait_for_function(
        f"() => !document.querySelector('{command}').textContent.includes('--steps')"
    )


def test_a_double_click_sends_the_form_once(visit, cluster):
    page = visit("/admin/operaciones/raise_error/")

    page.dblclick(".ops-form .btn.primary")
    shows(page, STATE, "Falló")

    assert JobRun.objects.count() == 1
    keep(page, "run-failed")


def test_without_a_cluster_the_run_page_says_so_until_one_comes(visit, start):
    page = visit("/admin/operaciones/count_slowly/")
    fill_and_launch(page, steps=3)
    shows(page, "[data-part=notices]", "Nadie atiende la cola")
    keep(page, "run-nobody")

    start("qcluster")

    shows(page, STATE, "Terminó bien")
    assert not page.locator("text=Nadie atiende la cola").count()


def test_the_key_slash_leads_to_the_search(visit):
    page = visit("/admin/")

    page.keyboard.press("/")
    page.keyboard.type("contar")
    page.keyboard.press("Enter")

    page.wait_for_url("**/jobrun/?q=contar")


def test_the_queue_page_refreshes_itself(visit):
    page = visit("/admin/cola/")
    shows(page, "[data-live=waiting]", "La cola está vacía.")

    runner.submit(registry.get("count_slowly"), {"steps": "3"}, door=terminal())

    shows(page, "[data-live=waiting]", "Contar despacio #")
    keep(page, "queue")


def test_it_works_without_javascript(visit, cluster):
    page = visit("/admin/operaciones/count_slowly/", script=False)
    fill_and_launch(page, steps=2000, pause=0.05)
    eventually(lambda: JobRun.objects.get().log_lines, what="a first line")

    page.click("text=Cancelar…")
    page.click("text=Cancelar la corrida >> nth=-1")
    eventually(lambda: JobRun.objects.get().has_ended, what="the end")
    page.reload()

    assert "Cancelada" in page.text_content(STATE)
    assert page.locator(LINES).count() > 0


@pytest.mark.parametrize(
    ("name", "width", "dark"), [("narrow-dark", 500, True), ("wide-dark", 1440, True)]
)
def test_pages_fit_narrow_and_dark(legacy, visit, cluster, name, width, dark):
    call_command("create_test_data", calls=2_000, verbosity=0)
    run = runner.submit(registry.get("run_etl"), {}, door=terminal())
    eventually(lambda: JobRun.objects.get(pk=run.pk).has_ended, seconds=60, what="the end")

    pages = {
        "home": reverse("admin:index"),
        "run": run.get_absolute_url(),
        "operation": reverse("admin:opsconsole_operation", args=["run_etl"]),
        "queue": reverse("admin:opsconsole_queue"),
    }
    page = visit("/admin/", width=width, dark=dark)
    for title, path in pages.items():
        page.goto(page.url.split("/admin/")[0] + path)
        page.wait_for_timeout(300)
        keep(page, f"{title}-{name}")
        assert page.evaluate(WIDEST) <= width, title
