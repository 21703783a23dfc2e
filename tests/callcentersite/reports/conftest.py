"""Days with calls, people who may ask for reports, and reports."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission

from callcentersite.apps.analytics.models import DailyMetrics, Queue
from callcentersite.apps.configuration import services, settings_cache
from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.reports.models import Report
from opsconsole import registry, runner
from opsconsole.doors import Door
from opsconsole.models import JobRun, Origin
from opsconsole.permissions import create_run_permissions

MONDAY, TUESDAY, WEDNESDAY = date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 7)
WEEK = {"since": "2026-10-05", "until": "2026-10-11"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """A storage of the test's own; whatever is in it is a report's file."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "BEAT_SECONDS": 0.05}
    return tmp_path / "media"


@pytest.fixture
def files(media):
    """The stored files of now."""

    def files():
        return sorted(path for path in media.rglob("*") if path.is_file())

    return files


def metrics(day, queue, **changes):
    sums = {
        "offered": 10, "answered": 6, "abandoned": 2, "within_sla": 3,
        "wait_sum_s": 117, "wait_max_s": 50, "talk_sum_s": 1_130, "talk_max_s": 500,
    }  # fmt: skip
    return DailyMetrics(day=day, queue=queue, **(sums | changes))


@pytest.fixture
def week(transactional_db):
    """Two queues on Monday, one of them on Tuesday too."""
    create_run_permissions(apps.get_app_config("opsconsole"), using="default")
    for code in ("EMPRESAS", "VENTAS"):
        Queue.objects.create(code=code, name=code.title(), segment="nacional_a")
    DailyMetrics.objects.bulk_create([
        metrics(MONDAY, "VENTAS"),
        metrics(MONDAY, "EMPRESAS", offered=1, answered=0, abandoned=0, within_sla=0,
                wait_sum_s=0, wait_max_s=0, talk_sum_s=0, talk_max_s=0),
        metrics(TUESDAY, "VENTAS", offered=1_500, answered=1_000, abandoned=300,
                within_sla=900, wait_max_s=75),
    ])  # fmt: skip


@pytest.fixture
def configure(week):
    """Give a setting another value."""
    services.seed("reportes")

    def configure(clave, valor):
        row = Configuracion.objects.get(clave=clave)
        row.valor = valor
        row.save()
        settings_cache.forget()

    return configure


@pytest.fixture
def person(week, django_user_model):
    """``person("ana", "run_generate_report")``: staff with these permissions."""

    def person(name, *codenames):
        user = django_user_model.objects.create_user(name, password="clave-1", is_staff=True)
        for codename in codenames:
            user.user_permissions.add(Permission.objects.get(codename=codename))
        return type(user).objects.get(pk=user.pk)

    return person


@pytest.fixture
def ana(person):
    """May ask for reports, and nothing else."""
    return person("ana", "run_generate_report")


@pytest.fixture
def submit(week):
    """Ask for a report of the week; no bell."""

    def submit(user=None, *, origin=None, **values):
        door = Door(
            origin=origin or (Origin.ADMIN if user else Origin.CLI), user=user, name="pruebas"
        )
        asked = (WEEK if "period" not in values else {}) | values
        return runner.submit(registry.get("generate_report"), asked, door=door, enqueue=False)

    return submit


@pytest.fixture
def generate(submit):
    """Ask for a report and make it; return the run as it ended."""

    def generate(user=None, **values):
        run = submit(user, **values)
        runner.execute(run.pk)
        return JobRun.objects.get(pk=run.pk)

    return generate


@pytest.fixture
def report_of(generate):
    """A finished report."""

    def report_of(user=None, **values):
        run = generate(user, **values)
        assert run.status == "succeeded", run.error
        return Report.objects.get(run=run.pk)

    return report_of


def many_days(rows, *, queues=10):
    """So many rows of metrics: ten queues a day from 2020 on."""
    codes = [f"COLA_{number}" for number in range(queues)]
    return [
        metrics(date(2020, 1, 1) + timedelta(days=number // queues), codes[number % queues])
        for number in range(rows)
    ]
