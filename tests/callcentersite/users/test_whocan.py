"""Who may run it, through which door, why: the same answer as has_perm gives."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django_q.models import Schedule

from callcentersite.apps.integrations import clients
from callcentersite.apps.users.domain.mapping import CAPABILITY_OF
from callcentersite.apps.users.models import User
from callcentersite.apps.users.whocan import explain
from opsconsole import registry
from opsconsole.access import plain_access, who_may
from opsconsole.programmes.orders import FUNCTION, Order
from tests.house.operations_document import house_operations

from .conftest import except_, fresh, join
from .test_admin import text_of

pytestmark = pytest.mark.django_db(databases=["default", "ops"])
CODE = "sistema.tecnico.configuracion.editar"
PERMISSION = "opsconsole.run_run_etl"
PAGE = reverse("admin:opsconsole_whocan", args=["run_etl"])


@pytest.fixture
def people(catalog, person):
    """One of each kind."""
    now = timezone.now()
    run_etl = Permission.objects.get(codename="run_run_etl")
    django_group = Group.objects.create(name="de Django")
    django_group.permissions.add(run_etl)
    person("root", is_superuser=True)
    person("técnica", "configuracion_sistema")
    person("sin.staff", "configuracion_sistema", is_staff=False)
    person("nadie")
    person("apagada", "configuracion_sistema", is_active=False)
    person("propia").user_permissions.add(run_etl)
    person("por.grupo").groups.add(django_group)
    join(person("temporal"), "configuracion_sistema", vence_el=now + timedelta(days=9))
    join(person("ida"), "configuracion_sistema", revocado_el=now + timedelta(seconds=1))
    except_(person("suplente"), "conceder", CODE, motivo="Guardia")
    except_(person("castigada", "configuracion_sistema"), "revocar", CODE, motivo="Auditoría")
    revoked = person("propia.revocada")
    revoked.user_permissions.add(run_etl)
    except_(revoked, "revocar", CODE)
    except_(User.objects.get(username="root"), "revocar", CODE)


def answers():
    return {one.person: one for one in explain(PERMISSION)}


def test_it_says_why_and_until_when(people):
    found = answers()

    assert {name: (one.allowed, one.why) for name, one in found.items()} == {
        "root": (True, "es superusuario"),
        "técnica": (True, "Por grupo: Configuracion del Sistema"),
        "sin.staff": (True, "Por grupo: Configuracion del Sistema"),
        "temporal": (True, "Por grupo: Configuracion del Sistema"),
        "propia": (True, "permiso propio de Django"),
        "por.grupo": (True, "permiso de un grupo de Django"),
        "suplente": (True, "Concedida por excepción: Guardia"),
        "castigada": (False, "Revocada por excepción: Auditoría"),
        "propia.revocada": (False, "Revocada por excepción: Suplencia"),
    }
    assert found["temporal"].until is not None
    assert found["técnica"].until is None


def test_the_doors_are_those_that_open(people):
    found = answers()

    assert found["técnica"].doors == "la página y la terminal (--as)"
    assert found["sin.staff"].doors == "solo la terminal (--as)"
    assert found["castigada"].doors == ""


def test_the_api_and_programmes_are_doors_too(people):
    person = User.objects.get(username="sin.staff")
    for name, scope in (("IVR", "operaciones.lanzar"), ("Mesa", "tableros")):
        clients.create(nombre=name, account=person, scopes=[scope], expires_at=None, by=person)
    order = Order(operation="run_etl", owner_id=str(person.pk))
    Schedule.objects.create(name="De noche", func=FUNCTION, kwargs=order.as_text())

    found = {one.person: one for one in who_may(registry.get("run_etl"))}

    assert (
        found["sin.staff"].doors == "solo la terminal (--as); la API (IVR); 1 tarea programada suya"
    )
    assert found["técnica"].doors == "la página y la terminal (--as)"


def test_it_is_the_answer_of_has_perm_for_everybody(people):
    everybody = [fresh(user) for user in User.objects.all()]
    operations = {one.permission() for one in house_operations()}

    for permission in operations | set(CAPABILITY_OF):
        said = {one.person for one in explain(permission) if one.allowed}
        assert said == {user.username for user in everybody if user.has_perm(permission)}


def test_without_the_sites_hook_it_is_django_alone(people):
    said = {one.person for one in plain_access(PERMISSION)}

    assert said == {"root", "propia", "por.grupo", "propia.revocada"}


def test_the_command_prints_it(people):
    out = StringIO()

    call_command("console", "whocan", "run_etl", stdout=out, no_color=True)

    lines = out.getvalue().splitlines()
    assert lines[0] == "run_etl (Ejecutar ETL), permiso opsconsole.run_run_etl"
    assert "no  castigada                Revocada por excepción: Auditoría" in lines
    assert any(line.startswith("sí  temporal") and " · hasta el 20" in line for line in lines)
    assert lines[-1] == "Además, en esta terminal: quien pueda ejecutar manage.py."


def test_an_unknown_operation_is_told_so(db):
    with pytest.raises(CommandError) as refusal:
        call_command("console", "whocan", "nada", stdout=StringIO(), stderr=StringIO())

    assert refusal.value.returncode == 2


def test_the_page_shows_it_to_those_who_may_see_accounts(client, people, person):
    client.force_login(person("jefa", "administracion_usuarios"))

    text = text_of(client.get(PAGE))

    assert "Revocada por excepción: Auditoría" in text
    assert "solo la terminal (--as)" in text


def test_the_page_is_closed_to_others(client, people, person):
    client.force_login(person("otra", "configuracion_sistema"))

    assert client.get(PAGE).status_code == 403
    assert client.get(PAGE.replace("run_etl", "nada")).status_code == 404
    assert client.post(PAGE).status_code == 405
