"""A person changes a setting on its page, and sees the console obey."""

from datetime import timedelta

import pytest
from django.utils import timezone

from callcentersite.apps.configuration import services
from callcentersite.apps.configuration.models import Configuracion
from opsconsole.models import JobRun
from tests.browser.conftest import PASSWORD, keep

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops", "legacy"])

NEW = "Clave-Nueva-9"


@pytest.fixture
def seeded(transactional_db):
    for categoria in services.categories():
        services.seed(categoria)


def setting(clave):
    return f"/admin/configuration/configuracion/{Configuracion.objects.get(clave=clave).pk}/change/"


def test_debug_mode_opens_the_traceback(seeded, visit):
    run = JobRun.objects.create(
        operation="gone",
        status="failed",
        origin="cli",
        error="KeyError: 'cola'",
        traceback="line 7",
    )
    page = visit(run.get_absolute_url())
    assert "La traza del error está guardada." in page.inner_text(".problem")
    assert page.locator("details.traceback").count() == 0
    keep(page, "run-traceback-hidden")

    page.goto(page.url.partition("/admin/")[0] + setting("sistema.debug_mode"))
    page.check("text=Sí")
    page.click("[name=_save]")
    page.wait_for_url("**/configuracion/")
    page.wait_for_timeout(2_500)  # every process follows within five seconds; this one asked before
    page.goto(page.url.partition("/admin/")[0] + run.get_absolute_url())

    page.click("details.traceback summary")
    assert page.inner_text("details.traceback pre") == "line 7"
    keep(page, "run-traceback")


def test_an_old_password_opens_only_the_page_for_another(seeded, visit, operator):
    long_ago = timezone.now() - timedelta(days=95)
    type(operator).objects.update(password_set_at=long_ago)
    page = visit("/admin/opsconsole/jobrun/")

    assert page.url.endswith("/admin/password_change/")
    assert "Su contraseña venció: tiene 95 días" in page.inner_text(".callout")
    keep(page, "password-expired")
    for name, value in (
        ("old_password", PASSWORD), ("new_password1", NEW), ("new_password2", NEW),
    ):  # fmt: skip
        page.fill(f"#id_{name}", value)
    page.click("[type=submit].default")
    page.wait_for_url("**/password_change/done/")
    page.click("text=Inicio")
    page.wait_for_url("**/admin/")

    assert page.locator(".callout.warn", has_text="contraseña").count() == 0
