"""The catalogue's settings, and the people who may or may not touch them."""

import pytest
from django.contrib.auth.models import Permission

from callcentersite.apps.configuration import services
from callcentersite.apps.configuration.models import Configuracion


@pytest.fixture
def seeded(db):
    """All forty, with their defaults."""
    for categoria in services.categories():
        services.seed(categoria)


@pytest.fixture
def change(seeded):
    """Give a setting another value: ``change("seguridad.session_timeout", "60")``."""

    def change(clave, valor):
        config = Configuracion.objects.get(clave=clave)
        config.valor = valor
        config.save()
        return config

    return change


def allow(user, *codenames):
    """Give the account permissions on settings; return it as freshly read."""
    found = Permission.objects.filter(
        content_type__app_label="configuration", codename__in=codenames
    )
    assert found.count() == len(codenames)
    user.user_permissions.add(*found)
    return type(user).objects.get(pk=user.pk)


@pytest.fixture
def staff(db, django_user_model):
    """``staff("ana", "view_configuracion")``: an account with these permissions."""

    def staff(name, *codenames):
        user = django_user_model.objects.create_user(name, password="clave-1", is_staff=True)
        return allow(user, *codenames)

    return staff


@pytest.fixture
def administrator(staff):
    """May read, change, restore, import and export settings."""
    user = staff(
        "administradora",
        "view_configuracion",
        "change_configuracion",
        "import_configuracion",
        "export_configuracion",
        "view_configuracionchange",
    )
    restore = Permission.objects.get(codename="run_seed_configuraciones_default")
    user.user_permissions.add(restore)
    return type(user).objects.get(pk=user.pk)


@pytest.fixture
def page(client, administrator):
    """A browser in which the administrator has logged in."""
    client.force_login(administrator)
    return client
