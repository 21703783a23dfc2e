"""Two people at once, and the same person twice: nothing is lost, and nothing is a 500."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from django.utils import timezone

from callcentersite.apps.users import granting, seeding
from callcentersite.apps.users.models import (
    Capacidad,
    Funcion,
    FuncionCapacidad,
    GrupoPermiso,
    PermisoExcepcional,
    SolicitudAsignacion,
)
from opsconsole import OperationError

from .test_admin import act, add_exception, matrix, pk_of, text_of, world
from .test_interchange import send, table

DATABASES = ["default", "ops"]
pytestmark = pytest.mark.django_db(databases=DATABASES)
GRAVE = "sistema.tecnico.configuracion.editar"
PLAIN = "sistema.analisis.metricas.ver"


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


def grant(by, **fields):
    return granting.Grant(**{"by": by, "motivo": "Suplencia", "now": timezone.now(), **fields})


# At once


@pytest.mark.django_db(transaction=True, databases=DATABASES)
def test_eight_people_who_assign_a_group_at_once_leave_one_membership(person):
    seeding.seed(seeding.the_catalog(), say=lambda line: None)
    boss, ana = person("jefa"), person("ana")
    group = GrupoPermiso.objects.get(codigo="atencion_cliente")
    together, wrong = threading.Barrier(8), []

    def work():
        mine = grant(boss)
        together.wait()
        try:
            granting.assign_group(ana, group, mine)
        except Exception as error:
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert wrong == []
    assert ana.asignaciones.count() == 8
    assert ana.asignaciones.filter(revocado_el=None).count() == 1


def test_whoever_waited_longer_may_come_with_an_older_clock(boss, ana):
    group = GrupoPermiso.objects.get(codigo="atencion_cliente")
    early = grant(boss, now=timezone.now() - timedelta(seconds=30))
    granting.assign_group(ana, group, grant(boss))

    made = granting.assign_group(ana, group, early)

    assert list(granting.current(ana, group)) == [made]


def test_what_the_database_refuses_is_told_in_words(boss):
    with pytest.raises(OperationError), transaction.atomic(), granting.or_somebody_was_quicker():
        raise IntegrityError
    assert GrupoPermiso.objects.exists()


# A page that was open for long


def capability(code):
    return Capacidad.objects.get(codigo=code)


def test_an_old_page_does_not_undo_what_somebody_else_ticked(page, ana):
    group = GrupoPermiso.objects.get(codigo="visualizacion_basica")
    shown = list(group.capacidades.order_by("pk").values_list("pk", flat=True))
    seen, new = " ".join(map(str, shown)), capability(PLAIN)
    html = page.get(reverse("admin:users_grupopermiso_change", args=[group.pk]))
    assert 'name="seen"' in html.content.decode()
    group.enlaces.create(capacidad=new)
    group.enlaces.filter(capacidad=shown[0]).delete()

    matrix(page, group, seen=seen, matriz=shown[:-1])

    assert set(group.capacidades.values_list("pk", flat=True)) == {*shown[1:-1], new.pk}


def test_a_capability_without_a_function_is_shown_and_stays(page, ana):
    group = GrupoPermiso.objects.get(codigo="visualizacion_basica")
    alone = Capacidad.objects.create(codigo="sistema.sola.ver", accion="ver", nombre="Sola",
                                     nivel_riesgo="bajo")  # fmt: skip
    twice = FuncionCapacidad.objects.first()
    another = Funcion.objects.exclude(pk=twice.funcion_id).first()
    another.enlaces.create(capacidad=twice.capacidad, orden=99)
    group.enlaces.create(capacidad=alone)

    response = page.get(reverse("admin:users_grupopermiso_change", args=[group.pk]))

    html = response.content.decode()
    assert "Sin función" in text_of(response)
    assert html.count(f'name="matriz" value="{alone.pk}" checked') == 1
    assert html.count(f'name="matriz" value="{twice.capacidad_id}"') == 1
    assert html.count('type="checkbox" name="matriz"') == 79


# The same twice


def test_the_same_exception_twice_is_told(page, ana):
    day = str(timezone.localdate() + timedelta(days=5))
    add_exception(page, ana, PLAIN, "conceder", desde=day)

    again = add_exception(page, ana, PLAIN, "conceder", desde=day)

    assert "Esa excepción ya existe" in text_of(again)
    assert PermisoExcepcional.objects.count() == 1


def test_the_same_exception_by_two_at_once_is_told_as_well(page, boss, ana, monkeypatch):
    day = timezone.localdate() + timedelta(days=5)
    monkeypatch.setattr(granting, "refuse_same_exception", lambda **what: None)
    add_exception(page, ana, PLAIN, "conceder", desde=str(day))

    again = add_exception(page, ana, PLAIN, "conceder", desde=str(day))

    assert "en este momento" in text_of(again)
    assert PermisoExcepcional.objects.count() == 1


def test_asking_again_with_another_reason_is_refused_and_not_lost(page, boss, ana):
    until = str(timezone.localdate() + timedelta(days=5))
    add_exception(page, ana, GRAVE, "conceder")
    group = pk_of("configuracion_sistema")
    act(page, "assign", ana, grupo=group, motivo="Guardia", vence_el="")
    basic = GrupoPermiso.objects.get(codigo="visualizacion_basica")
    boxes = [*basic.capacidades.values_list("pk", flat=True), capability(GRAVE).pk]
    matrix(page, basic, matriz=boxes, motivo="Guardia")
    assert SolicitudAsignacion.objects.count() == 3
    before = world()

    for answer in (
        add_exception(page, ana, GRAVE, "conceder", hasta=until),
        act(page, "assign", ana, grupo=group, motivo="Guardia", vence_el=until),
        matrix(page, basic, matriz=boxes, motivo="Otra cosa"),
    ):
        assert "Ya espera aprobación con otros datos" in text_of(answer)
    assert world() == before


# What nobody types, and somebody sends


@pytest.mark.parametrize("day", ["9999-12-31", "2101-01-01", "0001-01-01"])
def test_a_year_that_nobody_means_is_told(page, ana, day):
    before = world()

    for answer in (
        add_exception(page, ana, PLAIN, "conceder", hasta=day),
        add_exception(page, ana, PLAIN, "conceder", desde=day),
        act(page, "assign", ana, grupo=pk_of("atencion_cliente"), motivo="x", vence_el=day),
    ):
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode()
    for moment in (day, f"{day}T23:59:59-11:00", f"{day}T00:00:00+13:00"):
        row = ("ana", "atencion_cliente", "x", moment)
        answer = send(page, "usuariogrupo", table("usuario,grupo,motivo,vence_el", row))
        assert "el año debe estar entre" in text_of(answer)
    assert world() == before


@pytest.mark.parametrize("key", ["abc", "9" * 23, "²", "-1", ""])
def test_an_address_that_proposes_nobody_opens_an_empty_form(page, key):
    url = reverse("admin:users_permisoexcepcional_add")

    response = page.get(url, {"usuario": key, "capacidad": key})

    assert response.status_code == 200


@pytest.mark.parametrize("key", ["abc", "9" * 30])
@pytest.mark.parametrize(
    ("model", "action"),
    [
        ("user", "suspend"),
        ("usuariogrupo", "revoke"),
        ("permisoexcepcional", "annul"),
        ("solicitudasignacion", "reject"),
    ],
)
def test_a_forged_selection_selects_nothing(page, ana, model, action, key):
    before = world()
    data = {"action": action, "_selected_action": [key], "_confirmado": "1", "motivo": "x"}

    response = page.post(reverse(f"admin:users_{model}_changelist"), data, follow=True)

    assert response.status_code == 200
    assert world() == before
