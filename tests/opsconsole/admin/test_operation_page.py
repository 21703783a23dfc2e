"""The operation page: its form, its refusals, and what a click comes to."""

import threading

import pytest
from django.db import connections
from django.test import Client

from opsconsole import registry
from opsconsole.models import JobRun
from tests.opsconsole.admin.conftest import operation_url, run_url, text_of
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def test_it_shows_description_help_texts_and_the_command(page):
    text = text_of(page.get(operation_url()))

    assert "Contar despacio" in text
    assert "Cuenta hasta un número." in text
    assert "Segundos entre números." in text
    assert "python manage.py console run count_slowly" in text


def test_a_click_queues_a_run_and_leads_to_its_page(page, operator):
    response = page.post(operation_url(), {"steps": "5", "pause": "0"})

    run = JobRun.objects.get()
    assert response.headers["Location"] == run_url(run)
    assert (run.status, run.origin, run.requested_by) == ("queued", "admin", "operadora.1")
    assert run.params == {"steps": 5, "pause": 0.0}


def test_a_wrong_value_is_told_at_its_field_and_kept(page, no_runs):
    response = page.post(operation_url(), {"steps": "0", "pause": "0,5"})

    html = response.content.decode()
    assert "Asegúrese de que este valor es mayor o igual a 1." in text_of(response)
    assert 'value="0,5"' in html
    assert "--steps 0" in html


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_right_it_is_refused_with_the_name_of_the_right(
    as_person, stranger, method, no_runs
):
    response = getattr(as_person(stranger), method)(operation_url(), {"steps": "5"})

    assert response.status_code == 403
    assert "Falta el permiso opsconsole.run_count_slowly." in text_of(response)


def test_seeing_every_run_is_not_the_right_to_launch_one(as_person, viewer, no_runs):
    assert as_person(viewer).post(operation_url(), {"steps": "5"}).status_code == 403


def test_nobody_is_led_to_the_login(client, engine_db, no_runs):
    response = client.post(operation_url(), {"steps": "5"})

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")


def test_a_post_without_its_token_is_refused(operator, no_runs):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(operator)

    assert strict.post(operation_url(), {"steps": "5"}).status_code == 403


def test_an_operation_whose_code_is_gone_gets_a_clear_page(page):
    registry.unregister("count_slowly")

    response = page.get(operation_url())

    assert response.status_code == 404
    assert "No existe la operación «count_slowly»." in text_of(response)


def test_a_second_click_leads_to_the_run_under_way(page):
    page.post(operation_url(), {"steps": "5", "pause": "0"})

    response = page.post(operation_url(), {"steps": "5", "pause": "0"}, follow=True)

    assert JobRun.objects.count() == 1
    assert response.redirect_chain[-1][0] == run_url(JobRun.objects.get())
    assert "ya está en ejecución" in text_of(response)


def test_the_run_under_way_of_somebody_else_is_not_shown_to_whoever_may_not_see_it(
    page, submit, supervisor
):
    submit("count_slowly", user=supervisor)

    response = page.post(operation_url(), {"steps": "5", "pause": "0"}, follow=True)

    assert response.redirect_chain[-1][0] == operation_url()
    assert "que pidió otra persona" in text_of(response)


def test_forty_clicks_at_once_are_one_run(operator):
    gate, locations = threading.Barrier(40), []

    def click():
        browser = Client()
        browser.force_login(operator)
        gate.wait()
        response = browser.post(operation_url(), {"steps": "5", "pause": "0"})
        locations.append((response.status_code, response.headers["Location"]))
        connections.close_all()

    clicks = [threading.Thread(target=click) for _ in range(40)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()

    assert JobRun.objects.count() == 1
    assert locations == [(302, run_url(JobRun.objects.get()))] * 40


def test_an_address_can_fill_in_the_form(page):
    response = page.get(operation_url(), {"steps": "77"})

    assert 'value="77"' in response.content.decode()


def test_it_warns_when_nobody_takes_what_is_queued(page):
    text = text_of(page.get(operation_url()))

    assert "Nadie atiende la cola" in text
    assert "python manage.py qcluster" in text


def test_it_does_not_warn_while_a_cluster_is_alive(page, cluster_alive):
    assert "Nadie atiende la cola" not in text_of(page.get(operation_url()))


def test_a_secret_is_not_written_into_the_page(as_person, supervisor):
    user = allow(supervisor, "run_keep_secret")

    response = as_person(user).post(operation_url("keep_secret"), {"password": "abra", "host": ""})

    assert "abra" not in response.content.decode()
    assert "--password ••••" in text_of(response)


def test_its_usual_duration_is_the_median_of_the_last_successes(page, perform):
    for _ in range(3):
        perform("count_slowly")

    text = text_of(page.get(operation_url()))

    assert "suele tardar" in text
    assert "mediana" in text
