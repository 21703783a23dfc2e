"""The pages: matrix, effective rights with their why, actions with reason and expiry."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from callcentersite.apps.users.models import (
    Capacidad,
    GrupoPermiso,
    PermisoExcepcional,
    SolicitudAsignacion,
    UsuarioGrupo,
)

from .conftest import except_, fresh, join

pytestmark = pytest.mark.django_db(databases=["default", "ops"])
ACCOUNTS = reverse("admin:users_user_changelist")
PAGES = ("funcion", "capacidad", "grupopermiso", "usuariogrupo", "permisoexcepcional",
         "solicitudasignacion", "user")  # fmt: skip
MODELS = (UsuarioGrupo, PermisoExcepcional, SolicitudAsignacion, GrupoPermiso)


def text_of(response):
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("\xa0", " "))


def world():
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


@pytest.fixture
def boss(catalog, person):
    return person("jefa", "administracion_usuarios")


@pytest.fixture
def page(client, boss):
    client.force_login(boss)
    return client


@pytest.fixture
def ana(catalog, person):
    return person("ana", "visualizacion_basica")


def act(browser, action, *users, confirm=True, **values):
    data = {"action": action, "_selected_action": [user.pk for user in users]}
    if confirm:
        data |= {"_confirmado": "1"}
    return browser.post(ACCOUNTS, data | values, follow=True)


def pk_of(code):
    return GrupoPermiso.objects.get(codigo=code).pk


# Who sees what


@pytest.mark.parametrize("name", PAGES)
def test_her_group_opens_the_lists(page, ana, name):
    assert page.get(reverse(f"admin:users_{name}_changelist")).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_without_a_group_they_are_closed(client, ana, name):
    client.force_login(ana)

    assert client.get(reverse(f"admin:users_{name}_changelist")).status_code == 403


def test_assigning_a_group_changes_the_menu(client, page, ana):
    before = Client()
    before.force_login(ana)
    assert "Llamadas" not in text_of(before.get("/admin/"))

    act(page, "assign", ana, grupo=pk_of("atencion_cliente"), motivo="Ingreso", vence_el="")

    assert reverse("admin:analytics_call_changelist") in before.get("/admin/").content.decode()


# Assign and revoke


def test_the_first_click_only_asks(page, ana):
    before = world()

    response = act(page, "assign", ana, confirm=False)

    assert "Asignar un grupo" in text_of(response)
    assert "csrfmiddlewaretoken" in response.content.decode()
    assert world() == before


def test_a_group_is_assigned_with_reason_and_expiry(page, ana, boss):
    day = timezone.localdate() + timedelta(days=10)

    response = act(
        page, "assign", ana, grupo=pk_of("atencion_cliente"), motivo="Suplencia", vence_el=str(day)
    )

    made = UsuarioGrupo.objects.get(usuario=ana, grupo__codigo="atencion_cliente")
    assert (made.motivo, made.asignado_por) == ("Suplencia", boss)
    assert timezone.localtime(made.vence_el).date() == day
    assert "Grupo asignado (1)" in text_of(response)


@pytest.mark.parametrize(
    "values", [{"motivo": ""}, {"grupo": ""}, {"vence_el": "2020-01-01"}, {"vence_el": "ayer"}]
)
def test_what_is_wrong_is_told_and_nothing_changes(page, ana, values):
    before = world()
    good = {"grupo": pk_of("atencion_cliente"), "motivo": "Suplencia", "vence_el": ""}

    response = act(page, "assign", ana, **(good | values))

    assert "No se cambió nada." in text_of(response)
    assert world() == before


def test_what_requires_approval_waits(page, ana):
    response = act(page, "assign", ana, grupo=pk_of("configuracion_sistema"), motivo="Guardia")

    assert "Espera a que una segunda persona la apruebe (1)" in text_of(response)
    assert not fresh(ana).has_perm("configuration.change_configuracion")


def test_nobody_assigns_to_herself(page, boss):
    before = world()

    response = act(page, "assign", boss, grupo=pk_of("atencion_cliente"), motivo="Porque sí")

    assert "Nadie cambia sus propios permisos." in text_of(response)
    assert world() == before


def test_a_group_is_revoked_with_a_reason(page, ana, boss):
    act(page, "revoke", ana, grupo=pk_of("visualizacion_basica"), motivo="Cambio de área")

    ended = ana.asignaciones.get()
    assert (ended.revocado_por, ended.motivo_revocacion) == (boss, "Cambio de área")
    assert not fresh(ana).has_perm("sistema.vistas.dashboards.ver")


@pytest.mark.parametrize("action", ["assign", "revoke", "suspend", "reactivate"])
def test_a_forged_action_is_refused(client, person, ana, action):
    viewer = person("mirona", is_active=True)
    except_(viewer, "conceder", "sistema.administracion.usuarios.ver")
    client.force_login(viewer)
    before = world()

    act(client, action, ana, grupo=pk_of("atencion_cliente"), motivo="x", vence_el="")

    assert world() == before
    assert fresh(ana).is_active


def test_a_post_without_its_token_is_refused(boss, ana):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(boss)
    before = world()

    response = act(strict, "assign", ana, grupo=pk_of("atencion_cliente"), motivo="x")

    assert response.status_code == 403
    assert world() == before


# Accounts


def test_an_account_is_suspended_and_reactivated(page, ana):
    act(page, "suspend", ana)
    assert not fresh(ana).is_active

    act(page, "reactivate", ana)
    assert fresh(ana).is_active


def test_nobody_makes_a_superuser_of_herself_or_others(page, boss, ana):
    for user in (boss, ana):
        page.post(
            reverse("admin:users_user_change", args=[user.pk]),
            {
                "username": user.username,
                "is_superuser": "on",
                "is_active": "on",
                "is_staff": "on",
                "date_joined_0": "2026-01-01",
                "date_joined_1": "00:00:00",
            },
        )

        assert not fresh(user).is_superuser


def test_a_superusers_account_is_not_touched(page, person):
    root = person("root", is_superuser=True)

    change = page.post(reverse("admin:users_user_change", args=[root.pk]), {"username": "mío"})
    password = page.post(
        reverse("admin:auth_user_password_change", args=[root.pk]),
        {"password1": "Otra-Clave-9", "password2": "Otra-Clave-9"},
    )
    act(page, "suspend", root)

    assert (change.status_code, password.status_code) == (403, 403)
    assert fresh(root).is_active and fresh(root).check_password("clave-1")


def reset_password(browser, user):
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    words = {"password1": "Otra-Clave-9", "password2": "Otra-Clave-9"}
    return browser.post(url, words | {"usable_password": "true"})


def test_nobody_becomes_her_own_second_person_by_a_new_password(page, person, ana):
    second = person("segunda", "administracion_usuarios")

    assert reset_password(page, second).status_code == 403
    assert reset_password(page, ana).status_code == 302

    assert fresh(second).check_password("clave-1")
    assert fresh(ana).check_password("Otra-Clave-9")


# What she may, and why


def effective(browser, user, query=""):
    return text_of(browser.get(reverse("admin:users_user_effective", args=[user.pk]) + query))


def test_the_page_says_what_why_and_until_when(page, ana, boss):
    until = timezone.now() + timedelta(days=3)
    join(ana, "gestion_horarios", vence_el=until, asignado_por=boss)
    except_(ana, "conceder", "sistema.calidad.auditoria.exportar", motivo="Auditoría externa")
    except_(ana, "revocar", "sistema.vistas.dashboards.exportar", motivo="Investigación")

    text = effective(page, ana)

    assert "Puede 9 de 78 capacidades." in text
    assert "Por grupo Visualizacion Basica" in text
    assert "Gestion de Horarios · jefa · hasta el" in text
    assert "Concedida por excepción Auditoría externa" in text
    assert "Revocada por excepción Investigación" in text
    assert "Nada se la da" not in text
    assert "Nada se la da" in effective(page, ana, "?todas=1")


def test_an_inactive_account_may_nothing_and_the_page_says_so(page, ana):
    act(page, "suspend", ana)

    text = effective(page, ana)

    assert "Puede 0 de 78 capacidades." in text
    assert "La cuenta está inactiva" in text


def test_the_page_is_for_those_who_may_see_accounts(client, ana):
    client.force_login(ana)

    response = client.get(reverse("admin:users_user_effective", args=[ana.pk]))

    assert response.status_code == 403


# The matrix


def matrix(browser, group, **values):
    url = reverse("admin:users_grupopermiso_change", args=[group.pk])
    data = {
        "nombre": group.nombre,
        "descripcion": group.descripcion,
        "categoria": group.categoria,
        "nivel_riesgo": group.nivel_riesgo,
        "color": group.color,
        "icono": group.icono,
        "activo": "on",
        "motivo": "",
        "matriz": list(group.capacidades.values_list("pk", flat=True)),
    }
    return browser.post(url, data | values, follow=True)


def test_the_matrix_shows_functions_boxes_and_risk_in_words(page):
    url = reverse("admin:users_grupopermiso_change", args=[pk_of("visualizacion_basica")])

    response = page.get(url)

    html = response.content.decode()
    assert html.count('type="checkbox" name="matriz"') == 78
    assert html.count(" checked>") >= 4
    assert html.count('class="matrix-row"') == 13
    assert "riesgo crítico" in text_of(response)
    assert "requiere aprobación" in text_of(response)


def test_ticking_a_box_gives_it_to_the_members(page, ana):
    group = GrupoPermiso.objects.get(codigo="visualizacion_basica")
    new = Capacidad.objects.get(codigo="sistema.analisis.metricas.ver")
    boxes = [*group.capacidades.values_list("pk", flat=True), new.pk]

    matrix(page, group, matriz=boxes)

    assert fresh(ana).has_perm("analytics.view_dailymetrics")


def test_unticking_takes_it_away(page, ana):
    group = GrupoPermiso.objects.get(codigo="visualizacion_basica")

    matrix(page, group, matriz=[])

    assert group.capacidades.count() == 0
    assert not fresh(ana).has_perm("sistema.vistas.dashboards.ver")


def test_a_grave_box_wants_a_reason_and_then_waits(page, ana):
    group = GrupoPermiso.objects.get(codigo="visualizacion_basica")
    grave = Capacidad.objects.get(codigo="sistema.tecnico.configuracion.editar")
    boxes = [*group.capacidades.values_list("pk", flat=True), grave.pk]

    without = matrix(page, group, matriz=boxes)
    assert "Diga por qué" in text_of(without)
    assert SolicitudAsignacion.objects.count() == 0

    response = matrix(page, group, matriz=boxes, motivo="Guardia técnica")

    assert "Esperan a que una segunda persona las apruebe" in text_of(response)
    assert SolicitudAsignacion.objects.get().motivo == "Guardia técnica"
    assert not fresh(ana).has_perm("configuration.change_configuracion")


def test_nobody_changes_a_group_of_her_own(page, boss):
    group = GrupoPermiso.objects.get(codigo="administracion_usuarios")
    before = set(group.capacidades.values_list("pk", flat=True))

    response = matrix(page, group, matriz=list(Capacidad.objects.values_list("pk", flat=True)))

    assert "Nadie cambia sus propios permisos." in text_of(response)
    assert set(group.capacidades.values_list("pk", flat=True)) == before


def test_approval_is_not_lifted_by_those_whom_it_binds(page):
    group = GrupoPermiso.objects.get(codigo="configuracion_sistema")

    matrix(page, group)

    assert GrupoPermiso.objects.get(pk=group.pk).requiere_aprobacion


def test_whoever_may_only_look_sees_no_boxes(client, person, catalog):
    viewer = person("mirona")
    except_(viewer, "conceder", "sistema.administracion.usuarios.ver")
    client.force_login(viewer)
    group = GrupoPermiso.objects.get(codigo="visualizacion_basica")

    shown = client.get(reverse("admin:users_grupopermiso_change", args=[group.pk]))
    posted = matrix(client, group, matriz=[])

    assert 'name="matriz"' not in shown.content.decode()
    assert "Ver Dashboards" in text_of(shown)
    assert posted.status_code == 403
    assert group.capacidades.count() == 4


# Exceptions and requests


def add_exception(browser, user, code, kind, **values):
    data = {
        "usuario": user.pk,
        "capacidad": Capacidad.objects.get(codigo=code).pk,
        "tipo": kind,
        "motivo": "Suplencia",
        "hasta": "",
    }
    url = reverse("admin:users_permisoexcepcional_add")
    return browser.post(url, data | values, follow=True)


def test_the_form_explains_what_each_choice_comes_to(page):
    text = text_of(page.get(reverse("admin:users_permisoexcepcional_add")))

    assert "Conceder: puede hacerlo aunque ningún grupo se lo dé." in text
    assert "revocar gana" in text


def test_an_exception_is_added_and_annulled(page, ana, boss):
    response = add_exception(page, ana, "sistema.analisis.metricas.ver", "conceder")
    made = PermisoExcepcional.objects.get()
    assert response.status_code == 200
    assert made.autorizado_por == boss
    assert fresh(ana).has_perm("analytics.view_dailymetrics")

    page.post(
        reverse("admin:users_permisoexcepcional_changelist"),
        {"action": "annul", "_selected_action": [made.pk], "_confirmado": "1"},
    )

    assert not fresh(ana).has_perm("analytics.view_dailymetrics")
    assert PermisoExcepcional.objects.get().anulado_por == boss


def test_an_exception_may_begin_later(page, ana):
    day = timezone.localdate() + timedelta(days=5)

    add_exception(
        page, ana, "sistema.analisis.metricas.ver", "conceder", desde=str(day), hasta=str(day)
    )

    made = PermisoExcepcional.objects.get()
    assert timezone.localtime(made.desde).strftime("%Y-%m-%d %H:%M") == f"{day} 00:00"
    assert not fresh(ana).has_perm("analytics.view_dailymetrics")


@pytest.mark.parametrize(
    "values",
    [
        {"desde": "2020-01-01"},
        {"hasta": "2020-01-01"},
        {"desde": "2099-02-01", "hasta": "2099-01-01"},
        {"motivo": ""},
        {"tipo": "prestar"},
        {"capacidad": "999999"},
    ],
)
def test_a_wrong_exception_is_told_at_its_field(page, ana, values):
    before = world()

    response = add_exception(page, ana, "sistema.analisis.metricas.ver", "conceder", **values)

    assert "errorlist" in response.content.decode()
    assert world() == before


def test_an_exception_for_herself_is_refused(page, boss):
    before = world()

    response = add_exception(page, boss, "sistema.analisis.metricas.ver", "conceder")

    assert "Nadie cambia sus propios permisos." in text_of(response)
    assert world() == before


def test_a_grave_exception_waits_until_a_second_person_approves_it(page, person, ana):
    code = "sistema.tecnico.configuracion.editar"
    response = add_exception(page, ana, code, "conceder")
    assert "espera a que una segunda persona la apruebe" in text_of(response)
    request = SolicitudAsignacion.objects.get()
    url = reverse("admin:users_solicitudasignacion_changelist")
    data = {"action": "approve", "_selected_action": [request.pk], "_confirmado": "1"}

    own = page.post(url, data | {"motivo": ""}, follow=True)
    assert "Hace falta una segunda persona." in text_of(own)
    assert not fresh(ana).has_perm(code)

    other = Client()
    other.force_login(person("segunda", "administracion_usuarios"))
    other.post(url, data | {"motivo": "De acuerdo"}, follow=True)

    assert fresh(ana).has_perm(code)
    request.refresh_from_db()
    assert (request.estado, request.motivo_decision) == ("aprobada", "De acuerdo")


# Large and cheap


def test_the_list_of_accounts_does_not_ask_per_row(page, person, django_assert_max_num_queries):
    for number in range(20):
        person(f"p{number}", "gestion_equipos", "atencion_cliente")

    with django_assert_max_num_queries(14):
        page.get(ACCOUNTS)


@pytest.mark.parametrize("name", PAGES)
def test_every_list_is_paged_without_counting_it_all(name):
    from django.contrib import admin

    from opsconsole.admin.paginator import CappedPaginator

    for model, modeladmin in admin.site._registry.items():
        if model._meta.model_name == name:
            assert modeladmin.paginator is CappedPaginator
            assert not modeladmin.show_full_result_count


def test_looking_changes_nothing(page, ana):
    before = world()
    for name in PAGES:
        page.get(reverse(f"admin:users_{name}_changelist"))
    for name in ("grupopermiso", "permisoexcepcional"):
        page.get(reverse(f"admin:users_{name}_add"))
    effective(page, ana, "?todas=1")

    assert world() == before


def test_a_password_has_a_button_only_for_whom_it_leads_somewhere(page, ana, admin_user):
    button = "../password/"

    assert button in page.get(reverse("admin:users_user_change", args=[ana.pk])).content.decode()
    root = page.get(reverse("admin:users_user_change", args=[admin_user.pk]))
    assert button not in root.content.decode()


def test_djangos_own_permissions_are_named_in_words(admin_client):
    text = text_of(admin_client.get(reverse("admin:auth_group_add")))

    assert "Analítica | agente | ver" in text
    assert "Puede ejecutar: Ejecutar ETL" in text
    assert "Can view agente" not in text


def test_who_may_decide_does_it_from_the_page_of_the_request(page, client, person, ana, catalog):
    other = person("otra", "administracion_usuarios")
    act(page, "assign", ana, grupo=pk_of("configuracion_sistema"), motivo="Suplencia")
    request = SolicitudAsignacion.objects.get()
    address = reverse("admin:users_solicitudasignacion_change", args=[request.pk])

    asked = page.get(address).content.decode()
    client.force_login(other)
    decided = client.get(address).content.decode()

    assert 'value="withdraw"' in asked
    assert 'value="approve"' not in asked
    assert 'value="approve"' in decided
    question = client.post(
        reverse("admin:users_solicitudasignacion_changelist"),
        {"action": "approve", "_selected_action": request.pk},
    )
    assert "Aprobar solicitudes" in text_of(question)
