"""The page of a validation: a table, the ways to the rows, the button, each for who may use it."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from callcentersite.apps.integrity import registry as checks
from opsconsole import registry, runner
from tests.callcentersite.integrity.conftest import (
    a_call_was_answered_before_it_began,
    a_rejection_was_loaded,
    door,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
CALLS, MEND = "/admin/analytics/call/?pk__in=3", "/admin/operaciones/mend_data_integrity/"


def page_of(user):
    """What the person sees of a run that she launched."""
    operation = registry.get("validate_data_integrity")
    run = runner.submit(operation, {}, door=door(user), enqueue=False)
    runner.execute(run.pk)
    browser = Client()
    browser.force_login(user)
    return browser, browser.get(run.get_absolute_url()).content.decode()


def test_each_sees_the_way_to_what_she_may_see(clean, account):
    a_call_was_answered_before_it_began(None)
    a_rejection_was_loaded(None)
    looks = account("mira", "run_validate_data_integrity")
    mends = account("rita", "run_validate_data_integrity", "run_mend_data_integrity")
    mends.user_permissions.add(Permission.objects.get(codename="view_call"))

    _browser, seen = page_of(looks)
    browser, more = page_of(type(mends).objects.get(pk=mends.pk))

    for page in (seen, more):
        assert "Llamadas contestadas antes de empezar o después de terminar" in page
        assert "Corríjala en el IVR" in page
        assert "problemas.csv" in page
    assert (CALLS in seen, MEND in seen) == (False, False)
    assert (CALLS in more, MEND in more) == (True, True)
    assert "/admin/etl/callrejection/" not in more
    listed = browser.get(CALLS)
    assert (listed.status_code, listed.context["cl"].result_count) == (200, 1)


def test_nothing_wrong_is_said_in_words(clean, account):
    _browser, page = page_of(account("mira", "run_validate_data_integrity"))

    assert f"Nada: las {len(checks.everything())} verificaciones se cumplen." in page


def test_the_plan_tells_what_goes_and_the_button_how_many(clean, account):
    a_rejection_was_loaded(None)
    rita = account("rita", "run_mend_data_integrity")
    browser = Client()
    browser.force_login(rita)

    page = browser.post(MEND, {"model": "etl.CallRejection"}, follow=True).content.decode()

    assert "Rechazo 7: la llamada ya está cargada." in page
    assert "se elimina" in page
    assert "Reparar 1 fila" in page
