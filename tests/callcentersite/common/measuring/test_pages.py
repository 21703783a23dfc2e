"""The page of a profile, two side by side, and who may see them."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from opsconsole.models import JobRun

from . import planted
from .conftest import as_if_it_took

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
NAPS = f"{planted.__name__}.naps"


@pytest.fixture
def browser(ana):
    return logged_in(ana)


def logged_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(run):
    return reverse("opsconsole_jobrun_profile", args=[run.pk])


def compare_with(run, other):
    return f"{reverse('opsconsole_jobrun_profile_compare', args=[run.pk])}?con={other}"


def test_the_page_shows_table_flame_graph_queries_and_recommendations(
    switched_on, profile, browser, ana, memberships
):
    run = profile(endpoint="/repite/", by=ana)

    page = browser.get(page_of(run)).content.decode()

    assert "Consulta repetida por cada fila (N+1)" in page
    assert "select_related(&quot;grupo&quot;)" in page
    assert "planted.py:" in page
    assert 'role="treeitem"' in page
    assert "django.db.backends.execute" in page
    assert "grupos_permisos" in page
    assert "grupo_3" not in page


def test_secrets_among_the_parameters_are_not_shown(switched_on, profile, browser, ana):
    run = profile(endpoint="/limpia/", params='{"password": "s3creta", "q": "x"}', by=ana)

    page = browser.get(page_of(run)).content.decode()
    files = [artifact.file.read() for artifact in run.artifacts.all()]

    assert "s3creta" not in page
    assert [content for content in files if b"s3creta" in content] == []


def test_a_clean_page_says_that_nothing_was_found(switched_on, profile, browser, ana):
    run = profile(endpoint="/limpia/", by=ana)

    assert "Ninguna: no se encontró nada" in browser.get(page_of(run)).content.decode()


def test_the_run_leads_to_its_profile(switched_on, profile, browser):
    run = profile(function=NAPS)

    page = browser.get(run.get_absolute_url()).content.decode()

    assert f'href="{page_of(run)}"' in page
    assert "perfil.speedscope.json" in page


def test_a_run_without_report_says_so(profile, browser):
    run = profile(function=NAPS)  # switched off

    response = browser.get(page_of(run))

    assert response.status_code == 400
    assert "no tiene informe" in response.content.decode()
    assert page_of(run) not in browser.get(run.get_absolute_url()).content.decode()


def test_two_profiles_side_by_side(switched_on, profile, browser):
    quick, slow = profile(function=NAPS), profile(function=NAPS)
    as_if_it_took(quick, ms=1)

    offered = browser.get(page_of(slow)).content.decode()
    page = browser.get(compare_with(slow, quick.pk)).content.decode()

    assert f'<option value="{quick.pk}">' in offered
    assert "más lento" in page
    assert f"{planted.__name__}.nap" in page


def test_what_is_new_and_what_is_gone(switched_on, profile, browser, ana, memberships, monkeypatch):
    before = profile(endpoint="/cambia/", by=ana)
    monkeypatch.setattr(planted, "current", planted.repeats)
    after = profile(endpoint="/cambia/", by=ana)

    worse = browser.get(compare_with(after, before.pk)).content.decode()
    better = browser.get(compare_with(before, after.pk)).content.decode()

    assert "Nueva: Consulta repetida por cada fila" in " ".join(worse.split())
    assert "Ya no está: Consulta repetida por cada fila" in " ".join(better.split())
    assert "nueva" in worse


@pytest.mark.parametrize("other", ["", "0", "x", "999999", "1" * 40])
def test_comparing_with_nothing_is_answered_in_words(other, switched_on, profile, browser):
    run = profile(function=NAPS)

    assert browser.get(compare_with(run, other)).status_code == 404


def test_only_the_same_is_compared(switched_on, profile, browser, ana):
    one, other = profile(function=NAPS), profile(endpoint="/limpia/", by=ana)

    assert browser.get(compare_with(one, other.pk)).status_code == 400


def test_whoever_may_not_see_the_run_does_not_see_its_profile(switched_on, profile, colleague, ana):
    own, others = profile(function=NAPS, by=colleague), profile(function=NAPS, by=ana)
    browser = logged_in(colleague)

    assert browser.get(page_of(own)).status_code == 200
    assert browser.get(page_of(others)).status_code == 403
    assert browser.get(compare_with(own, others.pk)).status_code == 403
    assert f'value="{others.pk}"' not in browser.get(page_of(own)).content.decode()


def test_nobody_sees_it_without_logging_in(switched_on, profile):
    run = profile(function=NAPS)

    assert Client().get(page_of(run)).status_code == 302


def test_the_form_suggests_what_may_be_measured(browser):
    page = browser.get(reverse("admin:opsconsole_operation", args=["profile_code"]))

    suggested = page.content.decode()
    assert '<option value="/admin/analytics/call/">' in suggested
    assert '<option value="/admin/logout/">' not in suggested
    assert '<option value="callcentersite.apps.analytics.services.calculate_metrics">' in suggested


def test_launching_it_on_the_page_takes_the_right(browser, colleague, django_user_model):
    url = reverse("admin:opsconsole_operation", args=["profile_code"])
    stranger = django_user_model.objects.create_user("x", is_staff=True)
    stranger.user_permissions.add(Permission.objects.get(codename="view_jobrun"))
    data = {"endpoint": "/admin/", "method": "GET", "iterations": 1, "format": "text"}
    data |= {"time_limit": 60, "fail_over": "20%"}

    refused = logged_in(stranger).post(url, data)
    taken = logged_in(colleague).post(url, data)

    assert refused.status_code == 403
    assert taken.status_code == 302
    assert JobRun.objects.filter(operation="profile_code").count() == 1
