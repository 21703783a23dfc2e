"""``seguridad.session_timeout`` ends idle sessions; a page that polls does not keep them open."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from opsconsole.models import JobRun

pytestmark = pytest.mark.django_db(databases="__all__")

HOME = "/admin/"
NOON = "2026-11-21T12:00:00Z"


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def person(clock, seeded, admin_client):
    """Somebody who has logged in at noon."""
    return admin_client


def is_in(answer):
    return answer.status_code == 200


def later(clock, **spans):
    clock.shift(timedelta(**spans))


def test_who_does_nothing_for_so_long_has_to_log_in_again(person, clock):
    later(clock, seconds=901)

    answer = person.get(HOME, follow=True)

    assert answer.redirect_chain == [("/admin/login/?next=/admin/", 302)]
    assert "Su sesión terminó por inactividad." in answer.content.decode()
    assert Session.objects.filter(session_data__contains="_auth_user").count() == 0


def test_who_does_something_stays(person, clock):
    for _ in range(10):
        later(clock, seconds=880)
        assert is_in(person.get(HOME))


def test_another_timeout_holds_at_once_for_open_sessions(person, clock, change):
    change("seguridad.session_timeout", "60")
    later(clock, seconds=61)

    assert not is_in(person.get(HOME))


@pytest.fixture
def run(db):
    return JobRun.objects.create(operation="gone", status="queued", origin="cli")


def test_a_page_that_polls_does_not_keep_the_session_open(person, clock, run):
    live = reverse("admin:opsconsole_jobrun_live", args=[run.pk])
    assert is_in(person.get(live))

    for _ in range(9):
        later(clock, seconds=90)
        assert is_in(person.get(live))
        assert is_in(person.get(HOME, headers={"X-Requested-With": "refresh"}))
    later(clock, seconds=91)

    assert person.get(live).status_code == 403
    assert person.get(HOME, headers={"X-Requested-With": "refresh"}).status_code == 403


def test_the_person_is_told_although_her_page_heard_it_first(person, clock):
    later(clock, seconds=901)
    person.get(HOME, headers={"X-Requested-With": "refresh"})

    assert "terminó por inactividad" in person.get(HOME, follow=True).content.decode()


def test_the_run_page_itself_does(person, clock, run):
    later(clock, seconds=800)
    assert is_in(person.get(run.get_absolute_url()))
    later(clock, seconds=800)

    assert is_in(person.get(HOME))


def test_the_page_that_was_asked_for_comes_after_the_login(person, clock, run):
    later(clock, seconds=901)
    answer = person.get(run.get_absolute_url())

    assert answer.url == f"/admin/login/?next={run.get_absolute_url()}"


def test_a_form_that_comes_too_late_changes_nothing(person, clock, seeded):
    later(clock, seconds=901)
    answer = person.post("/admin/configuration/configuracion/1/change/", {"valor": "600"})

    assert re.match("/admin/login/", answer.url)


def test_the_session_is_not_written_at_every_request(person, clock):
    person.get(HOME)
    with CaptureQueriesContext(connection) as queries:
        person.get(HOME)
        later(clock, seconds=5)
        person.get(HOME)

    assert [q["sql"] for q in queries if "UPDATE" in q["sql"] and "session" in q["sql"]] == []


def test_who_has_not_logged_in_is_not_bothered(client, seeded):
    assert client.get("/admin/login/").status_code == 200


def test_a_clock_that_was_set_back_does_not_keep_a_session_for_ever(person, clock):
    later(clock, hours=-5)
    assert is_in(person.get(HOME))
    later(clock, seconds=901)

    assert not is_in(person.get(HOME))
