"""«Salud»: for whoever may see the alerts; what is wrong, why, and where it is mended."""

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django_q.models import Schedule

from opsconsole.models import JobRun
from tests.opsconsole.admin.conftest import text_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
URL = "/admin/salud/"


@pytest.fixture
def visitor(healthy, client, django_user_model):
    """Somebody of the staff with these rights, logged in."""

    def visitor(*codenames):
        user = django_user_model.objects.create_user("ana", password="clave-1", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return visitor


def test_without_the_right_it_is_closed_and_not_linked(visitor):
    client = visitor()

    assert client.get(URL).status_code == 403
    assert URL not in client.get("/admin/").content.decode()


def test_a_console_that_does_well_says_so(visitor):
    client = visitor("view_health")

    text = text_of(client.get(URL))

    assert URL in client.get("/admin/").content.decode()
    assert "Salud ✓ En orden" in text
    assert "Todo lo que se vigila está bien." in text
    assert "De 100 100" in text


def test_what_is_wrong_comes_first_with_its_reason_and_the_way_to_mend_it(visitor):
    client = visitor("view_health", "view_jobrun", "run_monitor_validation")
    JobRun.objects.create(operation="generate_report", status="failed", origin="admin")

    response = client.get(URL)
    text = text_of(response)

    assert "Salud ▲ Atención" in text
    assert "Pide atención: Corridas." in text
    assert text.index("generate_report") < text.index("Canario de la cola")
    assert "Fallaron y no se han recuperado: generate_report. Vea el error" in text
    assert 'href="/admin/opsconsole/jobrun/"' in response.content.decode()
    assert "/admin/operaciones/monitor_validation/" in response.content.decode()


def test_nobody_is_led_to_a_page_that_is_closed_to_her(visitor):
    client = visitor("view_health")
    JobRun.objects.create(operation="generate_report", status="failed", origin="admin")

    page = client.get(URL).content.decode()

    assert "Ver las corridas" not in page
    assert "/admin/operaciones/monitor_validation/" not in page


def test_a_thousand_runs_and_programmes_take_as_many_queries_as_one(visitor):
    client = visitor("view_health", "view_jobrun")
    before = asked(client)

    JobRun.objects.bulk_create(
        JobRun(operation=f"otra_{number % 50}", status="failed", origin="cli")
        for number in range(1_000)
    )
    Schedule.objects.bulk_create(
        Schedule(func="opsconsole.tasks.run_scheduled", schedule_type="O") for _ in range(100)
    )

    # One more where the settings that were in memory are read again.
    assert asked(client) <= before + 1 < 30


def asked(client):
    """How many statements the page takes when nothing is remembered."""
    cache.clear()
    with (
        CaptureQueriesContext(connections["default"]) as one,
        CaptureQueriesContext(connections["ops"]) as other,
    ):
        assert client.get(URL).status_code == 200
    return len(one) + len(other)
