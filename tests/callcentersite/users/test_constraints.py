"""The database keeps the promises, whoever writes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from callcentersite.apps.users.models import (
    Capacidad,
    FuncionCapacidad,
    GrupoCapacidad,
    GrupoPermiso,
    PermisoExcepcional,
)

from .conftest import except_, join

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.now() - timedelta(days=1)
CODE = "sistema.vistas.dashboards.ver"


@pytest.fixture
def ana(catalog, person):
    return person()


def duplicated_link(ana):
    GrupoCapacidad.objects.create(
        grupo=GrupoPermiso.objects.get(codigo="visualizacion_basica"),
        capacidad=Capacidad.objects.get(codigo=CODE),
    )


def duplicated_place(ana):
    first, second = FuncionCapacidad.objects.filter(funcion__nombre="usuarios")[:2]
    FuncionCapacidad.objects.filter(pk=second.pk).update(orden=first.orden)


def twice_in_a_group(ana):
    join(ana, "gestion_equipos")
    join(ana, "gestion_equipos")


def same_exception_twice(ana):
    now = timezone.now()
    except_(ana, "conceder", CODE, desde=now)
    except_(ana, "conceder", CODE, desde=now)


@pytest.mark.parametrize(
    "write",
    [
        duplicated_link,
        duplicated_place,
        twice_in_a_group,
        same_exception_twice,
        lambda ana: join(ana, "gestion_equipos", motivo=""),
        lambda ana: join(ana, "gestion_equipos", vence_el=YESTERDAY),
        lambda ana: join(ana, "gestion_equipos", revocado_el=YESTERDAY),
        lambda ana: except_(ana, "prestar", CODE),
        lambda ana: except_(ana, "conceder", CODE, hasta=YESTERDAY),
        lambda ana: except_(ana, "conceder", CODE, motivo=""),
        lambda ana: Capacidad.objects.filter(codigo=CODE).update(nivel_riesgo="nulo"),
        lambda ana: GrupoPermiso.objects.all().update(nivel_riesgo=""),
        lambda ana: GrupoPermiso.objects.filter(pk__gt=0).update(codigo="uno"),
    ],
)
def test_what_must_not_be_is_refused(ana, write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(ana)


def test_a_group_may_be_given_again_once_it_was_revoked(ana):
    join(ana, "gestion_equipos", revocado_el=timezone.now() + timedelta(seconds=1))

    join(ana, "gestion_equipos")

    assert ana.asignaciones.count() == 2


def test_conceding_and_revoking_may_stand_side_by_side(ana):
    except_(ana, "conceder", CODE)
    except_(ana, "revocar", CODE)

    assert PermisoExcepcional.objects.count() == 2
