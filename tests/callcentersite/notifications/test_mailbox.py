"""The mailbox in the admin: one's own, read by looking, changed by POST."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from callcentersite.apps.notifications import services
from callcentersite.apps.notifications.models import Notification
from opsconsole.models import JobRun
from tests.callcentersite.notifications.conftest import configure, inbox, subscribe
from tests.opsconsole.admin.conftest import text_of
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
LIST = "/admin/notifications/notification/"
BELL = f"{LIST}campana/"
MINE = f"{LIST}suscripciones/"


@pytest.fixture
def page(client, viewer):
    client.force_login(viewer)
    return client


@pytest.fixture
def messages(viewer, stranger):
    """Two of the viewer's, the older one read; one of somebody else."""
    for subject in ("uno", "dos"):
        services.notify([viewer], subject=subject, body=f"texto de {subject}", level="error")
    services.mark(Notification.objects.filter(subject="uno"), read=True)
    services.notify([stranger], subject="ajeno")
    return {one.subject: one for one in Notification.objects.all()}


def url(message, view="change"):
    return f"{LIST}{message.pk}/{view}/"


def listed(response):
    return [one.subject for one in response.context["cl"].result_list]


def test_it_lists_ones_own_the_unread_first(page, messages):
    response = page.get(LIST)

    assert listed(response) == ["dos", "uno"]
    assert "<strong>dos</strong>" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"leido": "no"}, ["dos"]),
        ({"leido": "si"}, ["uno"]),
        ({"q": "TEXTO dos"}, ["dos"]),
        ({"q": "ajeno"}, []),
        ({"level__exact": "error"}, ["dos", "uno"]),
        ({"level__exact": "info"}, []),
    ],
)
def test_it_is_narrowed(page, messages, query, found):
    assert listed(page.get(LIST, query)) == found


def test_everybody_who_may_enter_has_one(client, stranger):
    client.force_login(stranger)

    response = client.get(LIST)

    assert response.status_code == 200
    assert "No tiene mensajes." in text_of(response)


def test_an_anonymous_person_is_sent_to_the_login(client, messages):
    for where in (LIST, BELL, MINE, url(messages["uno"])):
        assert client.get(where)["Location"].startswith("/admin/login/")


def test_anothers_message_does_not_exist(page, messages):
    for where in (
        url(messages["ajeno"]),
        url(messages["ajeno"], "history"),
        f"{LIST}{2**64}/change/",
    ):
        assert page.get(where).status_code == 404
    assert page.post(url(messages["ajeno"], "marcar"), {"read": "1"}).status_code == 404
    assert not Notification.objects.get(subject="ajeno").is_read


def test_looking_at_a_message_writes_nothing(page, messages):
    response = page.get(url(messages["dos"]))

    assert "texto de dos" in text_of(response)
    assert not Notification.objects.get(subject="dos").is_read


def test_marking_takes_a_post_and_goes_both_ways(page, messages):
    where = url(messages["dos"], "marcar")

    assert page.get(where).status_code == 405
    page.post(where, {"read": "1"})
    assert Notification.objects.get(subject="dos").is_read
    page.post(where, {"read": "0"})
    assert not Notification.objects.get(subject="dos").is_read


def test_the_page_marks_it_by_itself(page, messages):
    response = page.post(
        url(messages["dos"], "marcar"), {"read": "1"}, headers={"X-Requested-With": "fetch"}
    )

    assert response.status_code == 204
    assert Notification.objects.get(subject="dos").is_read


def test_all_at_once_are_ones_own(page, messages):
    assert page.get(f"{LIST}todo-leido/").status_code == 405

    page.post(f"{LIST}todo-leido/")

    assert list(Notification.objects.filter(is_read=False)) == [messages["ajeno"]]


def act(page, action, *rows, **more):
    chosen = [one.pk for one in rows]
    return page.post(LIST, {"action": action, "_selected_action": chosen, **more}, follow=True)


def test_several_are_marked(page, messages):
    response = act(page, "mark_read", messages["dos"], messages["ajeno"])

    assert "1 mensaje marcado como leído." in text_of(response)
    assert not Notification.objects.get(subject="ajeno").is_read


def test_deleting_asks_first_and_keeps_what_is_unread(page, viewer, messages):
    both = messages["uno"], messages["dos"]

    asked = act(page, "erase", *both)
    assert "Se eliminará 1 mensaje leído." in text_of(asked)
    assert "1 sin leer se conserva." in text_of(asked)
    assert inbox(viewer) == ["dos", "uno"]

    done = act(page, "erase", *both, confirmed="1")
    assert "Se eliminó 1 mensaje." in text_of(done)
    assert inbox(viewer) == ["dos"]


def test_unread_ones_alone_are_not_deleted(page, viewer, messages):
    response = act(page, "erase", messages["dos"], confirmed="1")

    assert "Solo se eliminan mensajes leídos" in text_of(response)
    assert inbox(viewer) == ["dos", "uno"]


def test_a_subject_is_text(page, viewer):
    services.notify([viewer], subject="<script>alert(1)</script>", body="<img src=x onerror=y>")
    message = Notification.objects.get()

    for where in (LIST, url(message)):
        html = page.get(where).content.decode()
        assert "<script>alert(1)" not in html and "<img src=x" not in html
        assert "&lt;script&gt;" in html


def test_a_message_outlives_its_run(page, viewer, end):
    subscribe(viewer, "failed")
    run = end("failed")
    message = Notification.objects.get()
    assert (
        f'href="/admin/opsconsole/jobrun/{run.pk}/change/"'
        in page.get(url(message)).content.decode()
    )

    JobRun.objects.all().delete()

    assert "La corrida ya no existe." in text_of(page.get(url(message)))


def test_a_message_outlives_the_right_to_see_its_run(page, viewer, end):
    subscribe(viewer, "failed")
    run = end("failed")
    viewer.user_permissions.clear()

    shown = page.get(url(Notification.objects.get()))

    assert "Su cuenta ya no puede ver esa corrida." in text_of(shown)
    assert f"/jobrun/{run.pk}/" not in shown.content.decode()


def test_more_messages_than_anybody_counts_are_a_page_of_fifty(page, viewer):
    Notification.objects.bulk_create(
        (Notification(recipient=viewer, subject=f"n{number}") for number in range(10_050)),
        batch_size=5_000,
    )

    with CaptureQueriesContext(connections["default"]) as queries:
        response = page.get(LIST)

    assert len(listed(response)) == 50
    assert "más de 10 000 mensajes" in text_of(response)
    assert len(queries) < 14
    assert "99+" in response.content.decode()


# The bell


def test_every_page_has_the_bell_with_its_words(page, messages):
    for where in ("/admin/", "/admin/opsconsole/jobrun/", LIST, MINE):
        html = page.get(where).content.decode()
        assert 'data-bell-number aria-hidden="true">1<' in html
        assert "Buzón: 1 mensaje sin leer" in html


def test_it_costs_one_query(page, viewer, messages):
    with CaptureQueriesContext(connections["default"]) as queries:
        page.get("/admin/opsconsole/jobrun/")

    asked = [one["sql"] for one in queries if "notifications" in one["sql"]]
    assert len(asked) == 1


def test_for_an_anonymous_person_there_is_neither_bell_nor_query(client, db):
    with CaptureQueriesContext(connections["default"]) as queries:
        response = client.get("/admin/login/")

    assert "data-bell" not in response.content.decode()
    assert not [one for one in queries if 'FROM "notifications"' in one["sql"]]


@pytest.mark.parametrize(
    ("count", "number", "words"),
    [
        (0, "", "Buzón: nada sin leer"),
        (2, "2", "Buzón: 2 mensajes sin leer"),
        (99, "99", "Buzón: 99 mensajes sin leer"),
        (100, "99+", "Buzón: más de 99 mensajes sin leer"),
        (300, "99+", "Buzón: más de 99 mensajes sin leer"),
    ],
)
def test_it_says_how_many(page, viewer, count, number, words):
    Notification.objects.bulk_create(
        Notification(recipient=viewer, subject="x") for _ in range(count)
    )

    assert page.get(BELL).json() == {"number": number, "words": words, "off": False}


def test_nothing_travels_while_nothing_changed(page, viewer):
    first = page.get(BELL)
    same = page.get(BELL, headers={"If-None-Match": first["ETag"]})
    services.notify([viewer], subject="Hola")
    other = page.get(BELL, headers={"If-None-Match": first["ETag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert (other.status_code, other.json()["number"]) == (200, "1")


def test_asking_is_no_sign_of_life(page):
    from django.urls import resolve

    assert resolve(BELL).func.is_polled


def test_that_the_mailbox_is_off_is_told_to_those_who_can_change_it(page, viewer):
    configure("notificaciones.push_enabled", "false")
    assert "Buzón desactivado" not in text_of(page.get("/admin/"))

    allow(viewer, "change_configuracion")

    assert "Buzón desactivado" in text_of(page.get("/admin/"))
    assert page.get(BELL).json()["off"] is True


# What everybody was told


def test_what_others_were_told_takes_the_right(page, viewer, messages):
    sent, deliveries = "/admin/notifications/sentnotification/", "/admin/notifications/delivery/"
    assert page.get(sent).status_code == 403
    assert page.get(deliveries).status_code == 403

    allow(viewer, "view_sentnotification", "view_delivery")

    assert listed(page.get(sent)) == ["ajeno", "dos", "uno"]
    assert listed(page.get(sent, {"q": "extra"})) == ["ajeno"]
    assert page.get(f"{sent}{messages['ajeno'].pk}/change/").status_code == 200
    assert page.get(deliveries).status_code == 200
