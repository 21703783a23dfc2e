"""A person, a browser: the bell rings while she looks at another page."""

import pytest

from callcentersite.apps.notifications.models import Notification
from opsconsole import registry, runner
from opsconsole.doors import Door
from opsconsole.models import Origin
from tests.browser.conftest import keep
from tests.browser.test_live_console import WIDEST, shows
from tests.faults.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops", "legacy"])
LIST = "/admin/notifications/notification/"
NUMBER = "[data-bell-number]"


def fail_as(user):
    """A run of hers fails; return it."""
    door = Door(origin=Origin.ADMIN, user=user)
    run = runner.submit(registry.get("raise_error"), {}, door=door, enqueue=False)
    runner.execute(run.pk)
    return run


def test_the_bell_counts_a_failure_without_a_reload_and_reading_it_back(visit, operator, server):
    page = visit("/admin/")
    page.evaluate("window.sameDocument = true")
    assert page.inner_text(NUMBER) == ""

    run = fail_as(operator)

    shows(page, NUMBER, "1")
    assert page.evaluate("window.sameDocument")
    assert page.text_content("[data-bell-news]") == "Buzón: 1 mensaje sin leer"
    keep(page, "bell")

    page.click("a.bell")
    keep(page, "mailbox")
    page.click(f"text=Falló: Fallar #{run.pk}")
    shows(page, "[data-read-words]", "leído")
    eventually(lambda: Notification.objects.get().is_read, what="a message that was read")
    eventually(lambda: page.text_content(NUMBER) == "", what="a silent bell")
    keep(page, "message")

    page.click("text=Marcar como no leído")
    page.wait_for_url(f"**{LIST}")
    assert page.inner_text(NUMBER) == "1"


def test_without_javascript_the_bell_is_a_link_and_reading_a_button(visit, operator):
    fail_as(operator)
    page = visit("/admin/", script=False)
    assert page.inner_text(NUMBER) == "1"

    page.click("a.bell")
    page.click("#result_list a")
    assert not Notification.objects.get().is_read
    page.click("text=Marcar como leído")

    assert Notification.objects.get().is_read
    assert page.inner_text(NUMBER) == ""


@pytest.mark.parametrize(("name", "width"), [("wide", 1440), ("narrow", 390)])
def test_subscriptions_are_ticked_with_the_keyboard(visit, operator, name, width):
    page = visit(f"{LIST}suscripciones/", width=width)
    page.focus('input[value="count_slowly:failed"]')
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    keep(page, f"subscriptions-{name}")
    assert page.evaluate(WIDEST) <= width

    page.keyboard.press("Enter")

    shows(page, ".messagelist", "Sus avisos se guardaron.")
    kept = operator.subscriptions.order_by("event").values_list("operation", "event")
    assert list(kept) == [("count_slowly", "failed"), ("count_slowly", "first_failure")]


def test_the_mailbox_is_read_on_a_telephone(visit, operator):
    fail_as(operator)
    page = visit(LIST, width=390)
    keep(page, "mailbox-narrow")
    page.click("#result_list a")
    keep(page, "message-narrow")

    assert page.evaluate(WIDEST) <= 390
