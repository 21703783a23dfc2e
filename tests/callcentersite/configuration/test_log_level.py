"""``sistema.log_level`` is the least level that a run stores."""

import pytest
from django.core.management import call_command

from callcentersite.apps.configuration import services
from callcentersite.apps.configuration.domain.limits import LOG_LEVELS
from callcentersite.apps.configuration.models import Configuracion
from opsconsole.conf import least_level
from opsconsole.models import JobLog, JobRun, Level

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.fixture
def seeded(db):
    for categoria in services.categories():
        services.seed(categoria)


def test_until_the_settings_are_seeded_everything_is_stored(db):
    assert least_level() is Level.DEBUG


@pytest.mark.parametrize("level", LOG_LEVELS)
def test_the_setting_is_the_engines_least_level(seeded, level):
    Configuracion.objects.filter(clave="sistema.log_level").update(valor=level)

    assert least_level() is Level(level)


def test_a_run_stores_nothing_below_it_and_the_terminal_shows_it(seeded, capsys):
    Configuracion.objects.filter(clave="sistema.log_level").update(valor="WARNING")

    call_command("seed_configuraciones_default")

    run = JobRun.objects.get()
    assert "Seed completado: 0 configuraciones creadas" in capsys.readouterr().out
    assert run.status == "succeeded"
    assert JobLog.objects.filter(run=run).count() == 0


def test_by_default_everything_but_debug_is_stored(seeded):
    call_command("seed_configuraciones_default", verbosity=0)

    assert JobLog.objects.filter(run=JobRun.objects.get()).count() == 9
