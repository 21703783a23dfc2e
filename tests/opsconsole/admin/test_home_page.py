"""The home page: today, for this person."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opsconsole import registry
from opsconsole.admin.panels import HomePanel
from opsconsole.models import JobRun
from opsconsole.selectors.endings import Figures, endings
from opsconsole.selectors.runs import recent_by_operation, usual_duration
from tests.opsconsole.admin.conftest import LIST, run_url, text_of
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
HOME = "/admin/"


def test_it_offers_the_operations_that_the_person_may_run(page):
    text = text_of(page.get(HOME))

    assert "Contar despacio" in text
    assert "Sin corridas" in text
    assert "Guardar secreto" not in text


def test_it_is_friendly_to_whoever_may_run_nothing(as_person, stranger):
    response = as_person(stranger).get(HOME)

    assert "Su cuenta todavía no puede ejecutar ninguna operación." in text_of(response)
    assert LIST not in response.content.decode()  # it would answer 403


def test_it_says_so_where_nothing_runs_and_nothing_failed(page):
    text = text_of(page.get(HOME))

    assert "No hay nada en ejecución." in text
    assert "Nada ha fallado en los últimos 7 días." in text


def test_nobody_is_led_to_the_login(client, engine_db):
    assert client.get(HOME).headers["Location"].startswith("/admin/login/")


def test_it_shows_what_runs_and_what_failed(as_person, supervisor, submit, perform):
    failed, waiting = perform("raise_error"), submit("count_slowly")

    response = as_person(supervisor).get(HOME)

    html = response.content.decode()
    assert run_url(failed) in html
    assert run_url(waiting) in html
    assert "No hay datos." in text_of(response)


def test_the_runs_of_others_stay_out_of_sight(page, perform):
    perform("raise_error")

    text = text_of(page.get(HOME))

    assert "No hay datos." not in text
    assert "Corridas 0 Fallidas 0 Perdidas 0" in text


def test_it_counts_the_last_day(as_person, viewer, perform):
    perform("count_slowly")
    perform("raise_error")
    JobRun.objects.create(operation="count_slowly", status="lost", origin="cli")

    assert "Corridas 3 Fallidas 1 Perdidas 1 Falló" in text_of(as_person(viewer).get(HOME))


def test_its_figures_are_those_of_the_health(as_person, viewer, perform):
    failed = perform("raise_error")
    another = {"operation": "x", "origin": "cli"}
    JobRun.objects.create(**another, status="failed", parent=failed, part_number=1)
    JobRun.objects.create(**another, status="missed")

    counted = endings(since=timezone.now() - timedelta(days=1), apart_from=["x"]).figures

    text = text_of(as_person(viewer).get(HOME))
    assert counted == Figures(runs=2, failed=1, lost=0, missed=1)
    assert "Corridas 2 Fallidas 1 Perdidas 0 No se ejecutaron 1" in text


def test_its_first_chip_says_how_the_queue_is(page):
    assert "Nadie atiende la cola" in text_of(page.get(HOME))


def test_a_living_cluster_makes_the_chip_green(page, cluster_alive):
    assert "2 workers, cola vacía" in text_of(page.get(HOME))


def test_a_gone_operation_has_no_card(page):
    registry.unregister("count_slowly")

    assert "Contar despacio" not in text_of(page.get(HOME))


def test_the_cards_are_read_by_one_statement_however_many_they_are(
    operator, perform, django_assert_num_queries
):
    names = [operation.name for operation in registry.everything()]
    first, last = perform("count_slowly"), perform("count_slowly")
    failed = perform("raise_error")

    with django_assert_num_queries(1, using="ops"):
        runs = recent_by_operation(names, limit=20)
        figures = {name: usual_duration(found) for name, found in runs.items()}

    assert len(names) > 10
    assert [run.pk for run in runs["count_slowly"]] == [last.pk, first.pk]
    assert [(run.pk, run.status) for run in runs["raise_error"]] == [(failed.pk, "failed")]
    assert [name for name, usual in figures.items() if usual is not None] == ["count_slowly"]
    assert [run.pk for run in recent_by_operation(names, limit=1)["count_slowly"]] == [last.pk]


def test_a_further_card_costs_the_page_no_query(page, operator, perform):
    perform("count_slowly")
    page.get(HOME)  # what is kept in memory is there now
    with CaptureQueriesContext(connections["ops"]) as before:
        page.get(HOME)

    allow(operator, "run_keep_secret", "run_remove_people")
    with CaptureQueriesContext(connections["ops"]) as after:
        text = text_of(page.get(HOME))

    assert "Guardar secreto" in text
    assert len(after) == len(before)


@pytest.fixture
def panel():
    def panel(request):
        return HomePanel(title="Mi tarjeta", template="admin/opsconsole/includes/chip.html")

    yield admin.site.register_panel(panel)
    admin.site._panels.remove(panel)


def test_apps_put_their_panels_on_it(page, panel):
    assert "Mi tarjeta" in text_of(page.get(HOME))


def test_the_language_is_switched_by_a_post(page):
    html = page.get(HOME).content.decode()
    page.post("/i18n/setlang/", {"language": "en", "next": HOME})

    assert '<button name="language" value="en"' in html
    assert '<html lang="en"' in page.get(HOME).content.decode()


def test_no_page_carries_an_inline_script_or_style(as_person, supervisor, perform, submit):
    browser, run = as_person(supervisor), perform("count_slowly")
    waiting = submit("count_slowly")
    pages = (HOME, "/admin/cola/", "/admin/opsconsole/jobrun/", run_url(run), run_url(waiting),
             "/admin/operaciones/count_slowly/")  # fmt: skip

    for url in pages:
        response = browser.get(url)
        html = response.content.decode()
        assert " style=" not in html, url
        assert "<style" not in html, url
        assert "<script>" not in html, url
        assert " onclick=" not in html, url
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
