"""Nobody becomes her own second person: not at once, and not in three steps either."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from callcentersite.apps.users import granting
from callcentersite.apps.users.models import Capacidad, GrupoPermiso, PermisoExcepcional
from opsconsole import OperationError

from .conftest import except_, fresh, join
from .test_admin import add_exception, matrix, reset_password, text_of
from .test_interchange import send, table, token_of

pytestmark = pytest.mark.django_db(databases=["default", "ops"])
GRAVE = "sistema.administracion.usuarios.asignar_grupos"
EXCEPTIONS = reverse("admin:users_permisoexcepcional_changelist")


@pytest.fixture
def boss(catalog, person):
    return person("jefa", "administracion_usuarios")


@pytest.fixture
def page(client, boss):
    client.force_login(boss)
    return client


@pytest.fixture
def second(catalog, person):
    return person("segunda", "administracion_usuarios")


def revoke_all_that_is_grave(page, user):
    for code in Capacidad.objects.filter(requiere_aprobacion=True).values_list("codigo", flat=True):
        add_exception(page, user, code, "revocar")


def test_what_is_revoked_for_a_moment_still_counts(page, second):
    revoke_all_that_is_grave(page, second)
    assert not fresh(second).has_perm(GRAVE)

    assert reset_password(page, second).status_code == 403
    assert fresh(second).check_password("clave-1")


def test_a_group_that_is_switched_off_for_a_moment_still_counts(page, person):
    ana = person("ana", "configuracion_sistema")
    GrupoPermiso.objects.filter(codigo="configuracion_sistema").update(activo=False)

    assert reset_password(page, ana).status_code == 403


def test_a_concession_that_begins_later_counts_already(page, person):
    later = timezone.now() + timedelta(days=3)
    ana = person("ana")
    except_(ana, "conceder", GRAVE, desde=later)

    assert reset_password(page, ana).status_code == 403


def test_what_is_over_does_not_count(page, person):
    then = timezone.now() - timedelta(days=30)
    ana = person("ana")
    except_(ana, "conceder", GRAVE, desde=then, hasta=then + timedelta(days=1))
    join(ana, "configuracion_sistema", asignado_el=then, vence_el=then + timedelta(days=1))

    assert reset_password(page, ana).status_code == 302


@pytest.mark.parametrize("name", ["approve_solicitudasignacion", "import_capacidad"])
@pytest.mark.parametrize("through_group", [True, False])
def test_a_plain_permission_of_django_counts(page, person, name, through_group):
    ana, right = person("ana"), Permission.objects.get(codename=name)
    if through_group:
        django_group = Group.objects.create(name="de Django")
        django_group.permissions.add(right)
        ana.groups.add(django_group)
    else:
        ana.user_permissions.add(right)

    assert reset_password(page, ana).status_code == 403


def annul(browser, exception):
    data = {"action": "annul", "_selected_action": [exception.pk], "_confirmado": "1"}
    return browser.post(EXCEPTIONS, data, follow=True)


def test_giving_back_something_grave_is_a_superusers_affair(page, person):
    ana = person("ana", "visualizacion_basica")
    grave = except_(ana, "revocar", GRAVE)
    harmless = except_(ana, "revocar", "sistema.vistas.dashboards.ver")

    assert "asunto de un superusuario" in text_of(annul(page, grave))
    annul(page, harmless)
    standing = PermisoExcepcional.objects.filter(anulado_el=None)
    assert list(standing) == [grave]

    page.force_login(person("root", is_superuser=True))
    annul(page, grave)
    assert not standing.all().exists()


def test_taking_back_a_concession_is_everybodys(boss, person):
    conceded = except_(person("ana"), "conceder", GRAVE)

    assert granting.annul_exception(conceded, by=boss, now=timezone.now())


def off(code):
    GrupoPermiso.objects.filter(codigo=code).update(activo=False, requiere_aprobacion=False)
    return GrupoPermiso.objects.get(codigo=code)


def test_switching_a_grave_group_on_is_a_superusers_affair(page, person):
    grave, harmless = off("configuracion_sistema"), off("visualizacion_basica")

    assert "asunto de un superusuario" in text_of(matrix(page, grave))
    assert "asunto de un superusuario" in text_of(matrix(page, grave, matriz=[]))
    matrix(page, harmless)
    active = GrupoPermiso.objects.filter(activo=True)
    assert harmless in active.all() and grave not in active.all()

    page.force_login(person("root", is_superuser=True))
    matrix(page, grave)
    assert grave in active.all()


def test_a_file_does_not_switch_it_on_either(page):
    grave = off("configuracion_sistema")

    answer = send(page, "grupopermiso", table("codigo,activo", (grave.codigo, "true")))

    assert "solo lo activa un superusuario" in text_of(answer)
    assert token_of(answer) is None


def test_the_terminal_gives_back_what_it_took(person, catalog):
    grave = except_(person("ana"), "revocar", GRAVE)

    assert granting.annul_exception(grave, by=None, now=timezone.now())
    with pytest.raises(OperationError):
        granting.refuse_switching_on(off("configuracion_sistema"), person("nadie"))
