"""The operation that people fear, in a real browser: preview, read, type, confirm, watch, undo."""

import pytest
from playwright.sync_api import expect

from callcentersite.apps.analytics.models import Call
from callcentersite.data_centralization.models import RetentionPolicy, RetentionRemoval
from tests.browser.conftest import keep
from tests.callcentersite.data_centralization.conftest import call

OLD = 10_500
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


@pytest.fixture
def old_calls(transactional_db):
    """More than ten thousand calls past their time, and some that are not."""
    gone = {"days": 800, "anonymised_days": 400, "ani": None, "customer_id": None}
    Call.objects.bulk_create(call(number, **gone) for number in range(OLD))
    Call.objects.bulk_create(call(number, days=20) for number in range(20_000, 27_000))
    RetentionPolicy.objects.create(
        name="anonymized_data",
        target="anonymized_data",
        days=365,
        floor_days=30,
        archive=True,
        order=10,
    )
    RetentionPolicy.objects.create(
        name="calls",
        target="calls",
        action="anonymise",
        days=365,
        floor_days=30,
        order=20,
    )
    # What went the last times: today's number is far beyond none of them.
    RetentionRemoval.objects.bulk_create(
        RetentionRemoval(
            run=0, policy="anonymized_data", target="anonymized_data", action="delete",
            rows=rows, removed_at="2026-01-01T00:00:00Z",
        )
        for rows in (9_000, 8_000, 9_500)
    )  # fmt: skip


def test_preview_read_type_confirm_watch_undo(visit, cluster, old_calls):
    page = visit("/admin/operaciones/apply_retention/")
    page.click(".ops-form .btn.primary")
    page.wait_for_url("**/admin/planes/*/")

    expect(page.get_by_text("Eliminación grande (más de 10 000 filas).")).to_be_visible()
    expect(page.locator("table.plan")).to_contain_text("anonymized_data")
    page.locator("summary").first.click()
    keep(page, "retention-plan")

    page.fill("#typed-rows", "10499")
    page.locator("button.danger").click()
    expect(page.get_by_text("El número escrito no es el de las filas")).to_be_visible()
    page.fill("#typed-rows", "10 500")
    page.locator("button.danger").click()

    page.wait_for_url("**/jobrun/*/change/")
    expect(page.locator(".ops-head .chip")).to_contain_text("Terminó bien", timeout=30_000)
    expect(page.locator("#log")).to_contain_text("10500 registros eliminados")
    assert Call.objects.count() == 7_000
    page.reload()
    keep(page, "retention-run")

    page.get_by_role("link", name="Deshacer…").click()
    page.click(".ops-form .btn.primary")
    expect(page.locator(".ops-summary")).to_contain_text("Se devolverán 10500 registros")
    page.click(".confirm .btn.primary")
    page.wait_for_url("**/jobrun/*/change/")
    expect(page.locator(".ops-head .chip")).to_contain_text("Terminó bien", timeout=30_000)
    assert Call.objects.count() == OLD + 7_000


def test_the_plan_is_read_on_a_narrow_screen_in_the_dark(visit, old_calls):
    page = visit("/admin/operaciones/apply_retention/", width=420, dark=True)
    page.click(".ops-form .btn.primary")
    page.wait_for_url("**/admin/planes/*/")

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    keep(page, "retention-plan-narrow-dark")


def test_the_policy_tells_its_effect_while_it_is_typed(visit, old_calls):
    pk = RetentionPolicy.objects.get(name="anonymized_data").pk
    page = visit(f"/admin/data_centralization/retentionpolicy/{pk}/change/")
    today = page.locator("[data-preview]")
    expect(today).to_contain_text("10 500 filas")

    page.fill("#id_days", "500")
    expect(today).to_contain_text("Hoy: 0 filas")
    page.fill("#id_days", "3")
    expect(today).to_contain_text("Los días son menos que el mínimo de la política.")
    keep(page, "retention-policy")
