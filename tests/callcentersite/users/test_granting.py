"""Giving and taking rights: by whom, why, until when; and what waits for a second person."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from callcentersite.apps.users import deciding, granting
from callcentersite.apps.users.models import (
    Capacidad,
    GrupoPermiso,
    PermisoExcepcional,
    SolicitudAsignacion,
    UsuarioGrupo,
)
from opsconsole import OperationError

from .conftest import except_, fresh, join

pytestmark = pytest.mark.django_db
NOW = timezone.now()
GRAVE = "sistema.tecnico.configuracion.importar"


@pytest.fixture
def boss(catalog, person):
    return person("jefa", "administracion_usuarios")


@pytest.fixture
def second(catalog, person):
    return person("segunda", "administracion_usuarios")


@pytest.fixture
def ana(catalog, person):
    return person("ana")


def grant(by, **fields):
    return granting.Grant(**{"by": by, "motivo": "Suplencia", "now": NOW, **fields})


def group(code):
    return GrupoPermiso.objects.get(codigo=code)


def capability(code):
    return Capacidad.objects.get(codigo=code)


def rights():
    """All that is in force or was, to see that nothing changed."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (UsuarioGrupo, PermisoExcepcional, GrupoPermiso.capacidades.through)
    ]


def test_a_group_is_given_with_its_reason(boss, ana):
    until = NOW + timedelta(days=30)

    made = granting.assign_group(ana, group("atencion_cliente"), grant(boss, until=until))

    assert (made.asignado_por, made.motivo, made.vence_el) == (boss, "Suplencia", until)
    assert fresh(ana).has_perm("analytics.view_call")


def test_giving_it_again_replaces_it(boss, ana):
    granting.assign_group(ana, group("atencion_cliente"), grant(boss))
    granting.assign_group(ana, group("atencion_cliente"), grant(boss, motivo="Prórroga"))

    assert [one.motivo for one in ana.asignaciones.filter(revocado_el=None)] == ["Prórroga"]
    assert ana.asignaciones.count() == 2


def test_a_group_is_revoked_at_once_and_remembered(boss, ana):
    made = granting.assign_group(ana, group("atencion_cliente"), grant(boss))

    granting.revoke_group(made, grant(boss, motivo="Cambio de área"))

    made.refresh_from_db()
    assert (made.revocado_por, made.motivo_revocacion) == (boss, "Cambio de área")
    assert not fresh(ana).has_perm("analytics.view_call")


def refused(deed):
    before = rights()
    with pytest.raises(OperationError) as refusal:
        deed()
    assert rights() == before
    return str(refusal.value)


def test_refusals_change_nothing(boss, ana):
    plain = group("atencion_cliente")

    assert "motivo" in refused(lambda: granting.assign_group(ana, plain, grant(boss, motivo=" ")))
    assert "posterior" in refused(
        lambda: granting.assign_group(ana, plain, grant(boss, until=NOW - timedelta(days=1)))
    )
    assert "sus propios permisos" in refused(
        lambda: granting.assign_group(boss, plain, grant(boss))
    )
    assert "sus propios permisos" in refused(
        lambda: granting.except_person(boss, capability(GRAVE), "conceder", grant(boss))
    )
    own = except_(boss, "revocar", "sistema.administracion.usuarios.eliminar")
    assert "sus propios permisos" in refused(
        lambda: granting.annul_exception(own, by=boss, now=NOW)
    )
    assert "sus propios permisos" in refused(
        lambda: granting.set_capabilities(
            group("administracion_usuarios"), [capability(GRAVE)], grant(boss)
        )
    )
    assert SolicitudAsignacion.objects.count() == 0


def test_an_inactive_group_is_not_given(boss, ana):
    GrupoPermiso.objects.filter(codigo="atencion_cliente").update(activo=False)

    assert "inactivo" in refused(
        lambda: granting.assign_group(ana, group("atencion_cliente"), grant(boss))
    )


# What waits


@pytest.fixture
def waiting(boss, ana):
    return granting.assign_group(ana, group("configuracion_sistema"), grant(boss))


def test_what_requires_approval_is_not_in_force_until_a_second_person_says_so(waiting, second, ana):
    assert isinstance(waiting, SolicitudAsignacion)
    assert not fresh(ana).has_perm("opsconsole.run_run_etl")

    deciding.approve(waiting, by=second, now=timezone.now())

    assert fresh(ana).has_perm("opsconsole.run_run_etl")
    membership = ana.asignaciones.get()
    assert membership.asignado_por == waiting.solicitada_por


def test_asking_twice_is_one_request(waiting, boss, ana):
    again = granting.assign_group(ana, group("configuracion_sistema"), grant(boss))

    assert again.pk == waiting.pk


def test_a_capability_for_one_person_waits_as_well(boss, second, ana):
    request = granting.except_person(ana, capability(GRAVE), "conceder", grant(boss))
    assert not fresh(ana).has_perm(GRAVE)

    deciding.approve(request, by=second, now=timezone.now())

    assert fresh(ana).has_perm(GRAVE)


def test_taking_away_never_waits(boss, ana):
    made = granting.except_person(ana, capability(GRAVE), "revocar", grant(boss))

    assert isinstance(made, PermisoExcepcional)


def test_a_capability_for_a_group_waits_as_well(boss, second, ana):
    join(ana, "visualizacion_basica")
    basic = group("visualizacion_basica")
    wanted = [
        *basic.capacidades.all(),
        capability(GRAVE),
        capability("sistema.analisis.metricas.ver"),
    ]

    change = granting.set_capabilities(basic, wanted, grant(boss))

    assert (change.added, change.waiting) == (("sistema.analisis.metricas.ver",), (GRAVE,))
    assert not fresh(ana).has_perm(GRAVE)
    deciding.approve(SolicitudAsignacion.objects.get(), by=second, now=timezone.now())
    assert fresh(ana).has_perm(GRAVE)


def test_a_group_that_holds_something_grave_waits_whatever_its_own_flag_says(boss, ana):
    GrupoPermiso.objects.filter(codigo="configuracion_sistema").update(requiere_aprobacion=False)

    made = granting.assign_group(ana, group("configuracion_sistema"), grant(boss))

    assert isinstance(made, SolicitudAsignacion)


@pytest.mark.parametrize("decide", [deciding.approve, deciding.reject])
def test_neither_the_asker_nor_the_beneficiary_nor_a_stranger_decides(
    waiting, boss, ana, person, decide
):
    join(ana, "administracion_usuarios")
    for somebody in (boss, ana, person("extraña"), person("apagada", is_active=False)):
        refused(partial(decide, waiting, by=fresh(somebody), now=NOW, motivo="sí"))

    waiting.refresh_from_db()
    assert waiting.estado == "pendiente"


@pytest.mark.parametrize("who", ["solicitada_por", "usuario"])
def test_the_database_itself_refuses_it(waiting, who):
    with pytest.raises(IntegrityError), transaction.atomic():
        SolicitudAsignacion.objects.filter(pk=waiting.pk).update(
            estado="aprobada", decidida_por=getattr(waiting, who), decidida_el=NOW
        )


def test_a_superuser_does_not_decide_her_own_request_either(person, ana):
    root = person("root", is_superuser=True)
    request = granting.assign_group(ana, group("configuracion_sistema"), grant(root))

    refused(lambda: deciding.approve(request, by=root, now=NOW))


def test_it_is_decided_once(waiting, second):
    deciding.reject(waiting, by=second, now=NOW, motivo="No procede")

    assert "ya estaba decidida" in refused(lambda: deciding.approve(waiting, by=second, now=NOW))


def test_a_request_lives_no_longer_than_the_right_to_make_it(waiting, boss, second):
    boss.asignaciones.all().delete()
    waiting = SolicitudAsignacion.objects.get(pk=waiting.pk)

    assert "ya no puede pedirla" in refused(lambda: deciding.approve(waiting, by=second, now=NOW))


def test_what_would_have_expired_is_not_approved(boss, second, ana):
    request = granting.assign_group(
        ana, group("configuracion_sistema"), grant(boss, until=NOW + timedelta(hours=1))
    )

    assert "venció" in refused(
        lambda: deciding.approve(request, by=second, now=NOW + timedelta(hours=2))
    )


def test_only_the_asker_withdraws(waiting, boss, second):
    refused(lambda: deciding.withdraw(waiting, by=second, now=NOW))

    deciding.withdraw(waiting, by=boss, now=NOW)

    waiting.refresh_from_db()
    assert waiting.estado == "retirada"
