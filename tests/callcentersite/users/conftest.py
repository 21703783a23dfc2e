"""The catalogue in the database, and people with and without groups."""

import pytest

from callcentersite.apps.users import seeding
from callcentersite.apps.users.models import (
    Capacidad,
    GrupoPermiso,
    PermisoExcepcional,
    UsuarioGrupo,
)


@pytest.fixture
def catalog(db):
    """The seeded catalogue."""
    seeding.seed(seeding.the_catalog(), say=lambda line: None)


@pytest.fixture
def person(django_user_model):
    """Make a member of the staff, in the groups named."""

    def person(name="ana", *groups, **fields):
        user = django_user_model.objects.create_user(
            name, password="clave-1", **{"is_staff": True, **fields}
        )
        for group in groups:
            join(user, group)
        return fresh(user)

    return person


def join(user, group, **fields):
    """Put the person in the group."""
    grupo = GrupoPermiso.objects.get(codigo=group)
    return UsuarioGrupo.objects.create(
        usuario=user, grupo=grupo, **{"motivo": "Ingreso al área", **fields}
    )


def except_(user, tipo, code, **fields):
    """An exception for the person."""
    capacidad = Capacidad.objects.get(codigo=code)
    return PermisoExcepcional.objects.create(
        usuario=user, capacidad=capacidad, tipo=tipo, **{"motivo": "Suplencia", **fields}
    )


def fresh(user):
    """The account as a new request reads it."""
    return type(user).objects.get(pk=user.pk)
