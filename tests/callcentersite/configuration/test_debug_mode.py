"""``sistema.debug_mode`` shows tracebacks on run pages, to those with the right."""

import pytest
from django.contrib.auth.models import Permission

from opsconsole.conf import shows_tracebacks
from opsconsole.models import JobRun

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.fixture
def broken_run(db):
    return JobRun.objects.create(
        operation="gone", status="failed", origin="cli", error="KeyError: 1", traceback="line 7"
    )


def test_it_is_off_until_somebody_switches_it_on(db):
    assert shows_tracebacks() is False


@pytest.mark.parametrize(("valor", "shown"), [("true", True), ("false", False)])
def test_the_setting_decides_at_the_next_look(client, staff, change, broken_run, valor, shown):
    technician = staff("tecnica")
    rights = Permission.objects.filter(codename__in=["view_jobrun", "view_traceback"])
    technician.user_permissions.add(*rights)
    client.force_login(technician)

    change("sistema.debug_mode", valor)

    text = client.get(broken_run.get_absolute_url()).content.decode()
    assert ("line 7" in text) is shown
    assert ("sistema.debug_mode" in text) is not shown
