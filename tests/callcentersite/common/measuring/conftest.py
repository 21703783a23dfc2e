"""Profiling switched on, planted pages, and people who measure them."""

import json
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission

from callcentersite.apps.common.measuring.calling import EndpointCall, FunctionCall
from callcentersite.apps.common.measuring.domain import findings
from callcentersite.apps.common.measuring.domain.report import Subject
from callcentersite.apps.common.measuring.measure import measure
from callcentersite.apps.common.measuring.targets import function_of
from callcentersite.apps.configuration import services, settings_cache
from callcentersite.apps.configuration.domain.catalog import catalog
from callcentersite.apps.users.models import GrupoPermiso, UsuarioGrupo
from opsconsole import registry, runner
from opsconsole.doors import Door, terminal
from opsconsole.models import JobLog, JobRun, Origin
from opsconsole.permissions import create_run_permissions

from . import planted

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def planted_pages(settings):
    planted.CALLED.clear()
    settings.ROOT_URLCONF = "tests.callcentersite.common.measuring.planted"
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], TEMPLATES]}]


@pytest.fixture(autouse=True)
def no_query_is_slow(monkeypatch):
    """A busy machine makes any query slow; the test of slow ones says what slow is."""
    monkeypatch.setattr(findings, "SLOW_QUERY_MS", 3_600_000)


@pytest.fixture
def site(transactional_db):
    """The rights of the operations."""
    create_run_permissions(apps.get_app_config("opsconsole"), using="default")


@pytest.fixture
def switched_on(site):
    """sistema.enable_profiling."""
    row, _created = services.create(catalog()["sistema.enable_profiling"])
    row.valor = "true"
    row.save()
    settings_cache.forget()


@pytest.fixture
def ana(site, django_user_model):
    """A superuser."""
    return django_user_model.objects.create_superuser("ana", password="clave-1")


@pytest.fixture
def memberships(ana, django_user_model):
    """Twelve people, each in a group of her own."""
    for number in range(12):
        user = django_user_model.objects.create_user(f"persona.{number}")
        group = GrupoPermiso.objects.create(
            codigo=f"grupo_{number}", nombre=f"Grupo {number}", nivel_riesgo="bajo"
        )
        UsuarioGrupo.objects.create(usuario=user, grupo=group, motivo="Ingreso al área")


@pytest.fixture
def look_at(ana):
    """Measure a page as ana; return its report."""

    def look_at(endpoint, *, method="GET", iterations=1, **params):
        call = EndpointCall(endpoint, method=method, params=params, account=ana)
        subject = Subject(kind="endpoint", target=endpoint, method=method, user="ana")
        return measure(call, subject, iterations=iterations).report

    return look_at


@pytest.fixture
def call(transactional_db):
    """Measure a planted function; return its report."""

    def call(function, *, iterations=1, **arguments):
        path = f"{planted.__name__}.{function}"
        found, default = function_of(path)
        subject = Subject(kind="function", target=path)
        call = FunctionCall(found, arguments or default)
        return measure(call, subject, iterations=iterations).report

    return call


@pytest.fixture
def profile(site):
    """Run the operation ``by`` somebody, else by the terminal; return the run as it ended."""

    def profile(*, by=None, **values):
        door = Door(origin=Origin.ADMIN, user=by) if by else terminal()
        operation = registry.get("profile_code")
        run = runner.submit(operation, {"iterations": 1} | values, door=door, enqueue=False)
        runner.execute(run.pk)
        return JobRun.objects.get(pk=run.pk)

    return profile


@pytest.fixture
def colleague(site, django_user_model):
    """May measure, and nothing else."""
    user = django_user_model.objects.create_user("beto", password="clave-1", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="run_profile_code"))
    return django_user_model.objects.get(pk=user.pk)


def as_if_it_took(run, *, ms):
    """Whatever the machine was busy with: the run's report says so many milliseconds."""
    file = run.artifacts.get(name="perfil.json").file
    with file.open("rb") as content:
        report = json.load(content)
    report["durations_ms"] = [ms]
    Path(file.path).write_text(json.dumps(report))


def said(run):
    """The lines of the run's log."""
    return list(JobLog.objects.filter(run=run).order_by("seq").values_list("message", flat=True))
