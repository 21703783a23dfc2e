"""From «it is slow» to the box that is widest, and to the comparison of two profiles."""

import pytest
from playwright.sync_api import expect

from callcentersite.apps.configuration import services
from callcentersite.apps.configuration.domain.catalog import catalog
from opsconsole.models import JobRun

from .conftest import keep

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


@pytest.fixture(autouse=True)
def switched_on(transactional_db):
    row, _created = services.create(catalog()["sistema.enable_profiling"])
    row.valor = "true"
    row.save()


def launch(page):
    """Profile the home page from the form; end on the profile."""
    page.click("text=Perfilar código")
    page.fill("#id_endpoint", "/admin/")
    page.fill("#id_iterations", "2")
    page.click("text=Ejecutar")
    page.click("text=Ver el perfil", timeout=60_000)
    expect(page.locator("h1")).to_have_text("/admin/ GET")


def test_a_profile_its_flame_graph_and_a_comparison(visit, cluster):
    page = visit("/admin/")

    launch(page)
    keep(page, "perfil")
    boxes = page.locator("[data-flame] .box")
    index = page.locator('[data-flame] .box[aria-label^="opsconsole.admin.site.ConsoleSite.index"]')
    before = index.bounding_box()["width"]
    index.click()

    expect(page.locator("[data-flame-detail]")).to_contain_text("opsconsole/admin/site.py")
    assert index.bounding_box()["width"] > before
    assert index.get_attribute("width") == "100%"

    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-flame-detail]")).not_to_contain_text("ConsoleSite.index")
    page.keyboard.press("Escape")
    assert index.bounding_box()["width"] == pytest.approx(before, abs=1)

    page.fill("[data-flame-search]", "home_context")
    assert page.locator("[data-flame] .box.hit").count() >= 1
    assert boxes.count() > 20

    page.click(".breadcrumbs >> text=Inicio")
    launch(page)
    page.click("button:has-text('Comparar')")
    expect(page.locator("[data-verdict]")).to_be_visible()
    expect(page.locator("h1")).to_have_text("/admin/ GET")
    keep(page, "perfiles-comparados")
    assert JobRun.objects.filter(operation="profile_code", status="succeeded").count() == 2


def test_the_profile_is_readable_on_a_telephone_and_without_a_script(visit, cluster):
    page = visit("/admin/")
    launch(page)
    path = page.url[page.url.index("/admin/") :]

    narrow = visit(path, width=420)
    keep(narrow, "perfil-estrecho")
    plain = visit(path, script=False)

    width = narrow.evaluate("document.documentElement.scrollWidth")
    assert width <= 420
    expect(plain.locator("[data-flame] .box").first).to_be_visible()
    expect(plain.locator("[data-flame-search]")).to_be_hidden()


def test_from_a_slow_request_to_the_form_that_profiles_it(visit):
    page = visit("/admin/")
    page.goto(page.url + "opsconsole/jobrun/?q=7")

    page.click("text=Inicio")
    page.click("#content-main >> text=Peticiones grabadas")
    expect(page.locator("body")).to_contain_text("Se graban todas las peticiones hasta las")
    keep(page, "peticiones-grabadas")
    page.click("text=GET /admin/opsconsole/jobrun/")
    expect(page.locator("h1")).to_have_text("/admin/opsconsole/jobrun/ GET")
    keep(page, "peticion-grabada")
    page.set_viewport_size({"width": 420, "height": 1000})
    keep(page, "peticion-grabada-angosta")
    page.click("text=Perfilar este endpoint")

    expect(page.locator("#id_endpoint")).to_have_value("/admin/opsconsole/jobrun/?q=7")
    expect(page.locator("#id_method")).to_have_value("GET")
