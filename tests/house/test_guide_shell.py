"""What the guide types into ``manage.py shell``, typed as it stands there, line by line."""

import code
from contextlib import redirect_stdout
from io import StringIO

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

AFTER_PERMISSIONS = """\
>>> from callcentersite.apps.users.models_permisos_granular import Funcion, Capacidad, GrupoPermiso
>>> Funcion.objects.count()  # Esperado: 13
13
>>> Capacidad.objects.count()  # Esperado: 78
78
>>> GrupoPermiso.objects.count()  # Esperado: 10
10
"""
AFTER_SETTINGS = """\
>>> from callcentersite.apps.configuration.models import Configuracion
>>> Configuracion.objects.filter(categoria='seguridad').count()  # Esperado: 8
8
>>> config = Configuracion.objects.get(clave='seguridad.session_timeout')
>>> config.get_valor_typed()  # Esperado: 900 (int)
900
>>> from callcentersite.apps.configuration.models import Configuracion
>>> config = Configuracion.objects.get(clave='seguridad.session_timeout')
>>> config.valor = '1800'  # 30 minutos
>>> config.save()
>>> config.get_valor_typed()
1800
"""
AFTER_BOTH = """\
>>> from callcentersite.apps.users.models_permisos_granular import Funcion
>>> Funcion.objects.count()  # Esperado: 13
13
>>> from callcentersite.apps.configuration.models import Configuracion
>>> Configuracion.objects.count()  # Esperado: ~40
40
>>> from django.conf import settings
>>> 'callcentersite.apps.users' in settings.INSTALLED_APPS  # True?
True
>>> from django.db import connection
>>> connection.close()
"""


def typed(session):
    """The session again, with what the shell answers now."""
    shell, said = code.InteractiveConsole(), StringIO()
    with redirect_stdout(said):
        for line in session.splitlines():
            if line.startswith(">>> "):
                print(line)
                shell.push(line.removeprefix(">>> "))
    return said.getvalue()


def test_after_the_seed_of_permissions():
    call_command("seed_permisos_granular", verbosity=0)

    assert typed(AFTER_PERMISSIONS) == AFTER_PERMISSIONS


def test_after_the_seed_of_settings():
    call_command("seed_configuraciones_default", verbosity=0)

    assert typed(AFTER_SETTINGS) == AFTER_SETTINGS


def test_after_both():
    call_command("seed_permisos_granular", verbosity=0)
    call_command("seed_configuraciones_default", verbosity=0)

    assert typed(AFTER_BOTH) == AFTER_BOTH
