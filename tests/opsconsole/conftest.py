"""The engine under test: its test operations, its people, its runs."""

import os

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import caches

from opsconsole import registry, runner
from opsconsole.doors import Door
from opsconsole.models import JobRun, Origin
from opsconsole.permissions import create_run_permissions
from tests.operations import EVERY

# What only PostgreSQL can do.
collect_ignore = [] if os.environ.get("TEST_DATABASE_URL") else ["test_listening_broker.py"]


@pytest.fixture(autouse=True)
def test_operations():
    """Register the test operations for the test, and quicken the beats."""
    for cls in EVERY:
        registry.register(cls)
    yield
    for cls in EVERY:
        registry.unregister(cls.name)


@pytest.fixture(autouse=True)
def quick_beats(settings):
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "BEAT_SECONDS": 0.05}


@pytest.fixture
def engine_db(transactional_db):
    """A database that the recorder's thread sees too, with the test operations' permissions."""
    # What the clusters of earlier tests said of themselves lives three seconds longer than they.
    caches["q2"].clear()
    from django.apps import apps

    create_run_permissions(apps.get_app_config("opsconsole"), using="default")


def allow(user, *codenames):
    """Give the account engine permissions; return it as freshly read."""
    for codename in codenames:
        user.user_permissions.add(Permission.objects.get(codename=codename))
    return type(user).objects.get(pk=user.pk)


@pytest.fixture
def operator(engine_db, django_user_model):
    """May run two of the test operations, and nothing else."""
    user = django_user_model.objects.create_user("operadora.1", password="clave-1", is_staff=True)
    return allow(user, "run_count_slowly", "run_raise_error")


@pytest.fixture
def stranger(engine_db, django_user_model):
    """Staff, without any right."""
    return django_user_model.objects.create_user("extraña", password="clave-1", is_staff=True)


@pytest.fixture
def submit(engine_db):
    """Submit an operation as the terminal does; no bell."""

    def submit(name, *, user=None, enqueue=False, **values):
        door = Door(origin=Origin.ADMIN if user else Origin.CLI, user=user, name="pruebas")
        return runner.submit(registry.get(name), values, door=door, enqueue=enqueue)

    return submit


@pytest.fixture
def perform(submit):
    """Submit and execute here; return the run as it ended."""

    def perform(name, **values):
        run = submit(name, **values)
        runner.execute(run.pk)
        return JobRun.objects.get(pk=run.pk)

    return perform
