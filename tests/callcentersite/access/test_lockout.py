"""Failed logins lock an account from an address, for as long as configured; people unlock it."""

import re
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.contrib.auth.models import Permission
from django.test import Client, RequestFactory

from callcentersite.apps.access.addresses import client_address
from callcentersite.apps.configuration import services
from callcentersite.apps.configuration.models import Configuracion

pytestmark = pytest.mark.django_db(databases="__all__")

LOGIN = "/admin/login/?next=/admin/"
LIST = "/admin/access/failedlogin/"
HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def seeded(db):
    for categoria in services.categories():
        services.seed(categoria)


@pytest.fixture(autouse=True)
def ana(django_user_model):
    return django_user_model.objects.create_user("ana", password="clave-1", is_staff=True)


def enter(password="clave-1", *, username="ana", address=HERE, agent="Firefox"):
    sent = {"username": username, "password": password}
    return Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent).post(LOGIN, sent)


def fail(times, **how):
    return [enter("otra", **how).status_code for _ in range(times)]


def let_in(answer):
    return answer.status_code == 302


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def configure(clave, valor):
    Configuracion.objects.filter(clave=clave).update(valor=valor)


def test_three_failures_lock_even_for_the_right_password():
    assert fail(3) == [200, 200, 429]

    answer = enter()

    assert answer.status_code == 429
    assert "Cuenta bloqueada" in text_of(answer)
    assert "Espere 15 minutos" in text_of(answer)
    assert answer["Retry-After"] == "900"
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_fewer_failures_are_forgiven_by_a_success():
    fail(2)
    assert let_in(enter())
    fail(2)

    assert let_in(enter())


def test_another_browser_does_not_help():
    fail(2, agent="Firefox")
    fail(1, agent="Chromium")

    assert not let_in(enter(agent="Safari"))


def test_a_stranger_elsewhere_locks_out_nobody_but_herself():
    fail(10, address=ELSEWHERE)

    assert not let_in(enter(address=ELSEWHERE))
    assert let_in(enter(address=HERE))


def test_another_account_at_the_same_address_gets_in(django_user_model):
    django_user_model.objects.create_user("berta", password="clave-1", is_staff=True)
    fail(3)

    assert let_in(enter(username="berta"))


def test_it_ends_after_the_configured_time(clock):
    fail(3)
    clock.shift(timedelta(seconds=890))
    assert not let_in(enter())
    clock.shift(timedelta(seconds=20))

    assert let_in(enter())


def test_knocking_on_a_locked_door_does_not_prolong_it(clock):
    fail(3)
    for _ in range(9):
        clock.shift(timedelta(seconds=100))
        enter("otra")
    clock.shift(timedelta(seconds=10))

    assert let_in(enter())


def test_number_and_time_are_those_of_the_settings(clock):
    configure("seguridad.max_login_attempts", "2")
    configure("seguridad.lockout_duration", "60")

    assert fail(2) == [200, 429]
    clock.shift(timedelta(seconds=61))

    assert let_in(enter())


def test_an_account_that_does_not_exist_is_locked_alike():
    assert fail(3, username="nadie") == [200, 200, 429]


def test_no_password_is_kept():
    enter("un-secreto")

    attempt = AccessAttempt.objects.get()
    assert "un-secreto" not in attempt.post_data + attempt.get_data


def test_the_terminal_is_at_no_distance(ana):
    fail(3)

    assert authenticate(username="ana", password="clave-1") == ana


# Unlocking


@pytest.fixture
def helper(django_user_model):
    """May see failed logins and unlock."""
    user = django_user_model.objects.create_user("soporte", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="access"))
    client = Client()
    client.force_login(user)
    return client


def unlock(client):
    pks = list(AccessAttempt.objects.values_list("pk", flat=True)[:1])
    return client.post(LIST, {"action": "unlock", "_selected_action": pks}, follow=True)


def test_the_list_says_who_is_locked_and_until_when(helper):
    fail(2, agent="Firefox")
    fail(1, agent="Chromium")
    fail(1, username="berta")

    text = text_of(helper.get(LIST))

    assert text.count("Bloqueada hasta 21/11/2026 06:15") == 2
    assert text.count("No bloqueada") == 1


def test_unlocked_the_account_gets_in_at_once(helper):
    fail(2, agent="Firefox")
    fail(1, agent="Chromium")

    answer = unlock(helper)

    assert "Se desbloqueó 1 cuenta." in text_of(answer)
    assert let_in(enter())


def test_who_may_only_look_does_not_unlock(django_user_model, client):
    fail(3)
    user = django_user_model.objects.create_user("lectora", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_failedlogin"))
    client.force_login(user)

    unlock(client)
    row = AccessAttempt.objects.get()

    assert client.get(f"{LIST}{row.pk}/change/").status_code == 200
    assert client.post(f"{LIST}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert not let_in(enter())


def test_who_may_do_neither_sees_nothing(django_user_model, client):
    client.force_login(django_user_model.objects.create_user("x", password="x", is_staff=True))

    assert client.get(LIST).status_code == 403


# Addresses


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        (0, "203.0.113.9", HERE),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", HERE),
        (1, "mentira", HERE),
        (1, "", HERE),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, trusted, forwarded, expected):
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory(REMOTE_ADDR=HERE).get("/", HTTP_X_FORWARDED_FOR=forwarded)

    assert client_address(request) == expected


def test_without_any_address_there_is_none(settings):
    settings.TRUSTED_PROXIES = 0

    assert client_address(RequestFactory(REMOTE_ADDR="").get("/")) is None
