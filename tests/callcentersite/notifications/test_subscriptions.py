"""Mis avisos: what a person wants to hear."""

import pytest

from callcentersite.apps.notifications.models import Preference, Subscription
from tests.callcentersite.notifications.conftest import configure, subscribe
from tests.opsconsole.admin.conftest import text_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
PAGE = "/admin/notifications/notification/suscripciones/"
DEFAULTS = {"own_failures": "on", "approvals": "on", "by_email": "on"}


@pytest.fixture
def page(client, operator):
    client.force_login(operator)
    return client


def chosen(user):
    rows = Subscription.objects.filter(user=user).order_by("operation", "event")
    return list(rows.values_list("operation", "event"))


def offered(response):
    return [str(row.title) for row in response.context["rows"]]


def test_it_offers_what_the_person_may_see(page, client, viewer):
    assert offered(page.get(PAGE)) == ["Todas las operaciones", "Contar despacio", "Fallar"]

    client.force_login(viewer)

    assert "Necesita dos" in offered(client.get(PAGE))


def test_whoever_sees_only_her_own_runs_is_told_so(page, client, viewer):
    assert "se le avisa de las que usted lanza" in text_of(page.get(PAGE))

    client.force_login(viewer)

    assert "las lance quien las lance" in text_of(client.get(PAGE))


def test_what_is_ticked_is_kept_and_shown(page, operator):
    page.post(PAGE, DEFAULTS | {"on": [":slow", "count_slowly:failed"]})

    assert chosen(operator) == [("", "slow"), ("count_slowly", "failed")]
    assert page.get(PAGE).content.decode().count(" checked") == 5


def test_what_is_no_longer_ticked_goes(page, operator):
    subscribe(operator, "failed", "count_slowly")
    subscribe(operator, "slow")

    page.post(PAGE, DEFAULTS | {"on": ["count_slowly:finished", ":slow"]})

    assert chosen(operator) == [("", "slow"), ("count_slowly", "finished")]


def test_what_is_not_offered_is_not_taken(page, operator):
    page.post(PAGE, {"on": ["needs_two:failed", "count_slowly:exploded", "x", ":", "<b>:slow"]})

    assert chosen(operator) == []


def test_it_changes_nobody_elses_and_nothing_that_she_cannot_see(page, operator, viewer):
    subscribe(viewer, "failed")
    subscribe(operator, "failed", "needs_two")

    page.post(PAGE, {"on": []})

    assert chosen(viewer) == [("", "failed")]
    assert chosen(operator) == [("needs_two", "failed")]


def test_what_comes_unasked_is_switched_off_and_on(page, operator):
    page.post(PAGE, {"by_email": "on"})

    kept = Preference.objects.get(user=operator)
    assert (kept.own_failures, kept.approvals, kept.by_email) == (False, False, True)
    page.post(PAGE, DEFAULTS)
    assert Preference.objects.get(user=operator).own_failures


def test_looking_keeps_nothing(page):
    page.get(PAGE)

    assert not Preference.objects.exists()
    assert not Subscription.objects.exists()


def test_each_tick_box_has_a_name_of_its_own(page):
    html = page.get(PAGE).content.decode()

    assert html.count('type="checkbox" name="on"') == 15
    assert "Contar despacio: Falla por primera vez" in html


def test_it_says_where_mail_goes(page, operator):
    assert "la consola no envía correos" in text_of(page.get(PAGE))
    configure("notificaciones.email_enabled", "true")
    assert "Su cuenta no tiene dirección de correo" in text_of(page.get(PAGE))

    type(operator).objects.update(email="ope@example.com")

    assert "A ope@example.com." in text_of(page.get(PAGE))
