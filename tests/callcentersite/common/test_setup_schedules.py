"""The guide's programmes, put in place once."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.timezone import localtime
from django_q.models import Schedule

from callcentersite.apps.audit.models import AuditLog
from opsconsole.models import JobRun
from opsconsole.programmes import launching
from opsconsole.programmes.orders import order_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def setup(*words):
    out = StringIO()
    call_command("setup_schedules", *words, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def boss(django_user_model):
    return django_user_model.objects.create_superuser("jefa", password="clave-1")


def test_the_guides_programmes_are_installed_once_and_what_is_there_stays(boss):
    shown = setup("--owner", "jefa", "--dry-run")
    assert not Schedule.objects.exists()
    first = setup("--owner", "jefa")
    Schedule.objects.filter(cron="0 2 * * 0").update(repeats=0)
    again = setup("--owner", "jefa")

    rows = {order_of(row).operation: row for row in Schedule.objects.order_by("pk")}
    assert {name: row.cron for name, row in rows.items()} == {
        "run_etl": "0 * * * *", "apply_retention": "0 2 * * 0",
        "backup_configuration": "0 3 * * 1-5",
    }  # fmt: skip
    assert shown[0] == first[0] == "[INFO] run_etl (0 * * * *): se programa"
    assert shown[-1] == "Simulación: se crearían 3 tareas programadas"
    assert (first[-1], again[-1]) == (
        "3 tareas programadas creadas",
        "0 tareas programadas creadas",
    )
    assert again[1].endswith("ya tiene una tarea programada, se queda como está")
    assert rows["apply_retention"].repeats == 0
    assert localtime(rows["apply_retention"].next_run).strftime("%w %H:%M") == "0 02:00"
    assert AuditLog.objects.filter(action="schedule_created").count() == 3
    assert launching.look_after(launch=True).suspended == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Falta decir a nombre de quién"),
        (["--owner", "nadie"], "No existe la cuenta «nadie»."),
        (["--owner", "ana"], "ana no puede ejecutar todo"),
        (["--owner", "jefa", "--as", "ana"], "no puede hacer esto"),
    ],
)
def test_nobody_is_given_programmes_that_would_not_run(boss, django_user_model, words, said):
    django_user_model.objects.create_user("ana", is_staff=True)

    with pytest.raises(CommandError, match=said):
        setup(*words)

    assert not Schedule.objects.exists()


@pytest.mark.parametrize("words", [["setup_schedules"], ["console", "run", "setup_schedules"]])
def test_the_terminal_without_a_name_is_refused_before_a_run_is_made(boss, words):
    with pytest.raises(CommandError) as refusal:
        call_command(*words)

    assert (refusal.value.returncode, JobRun.objects.count()) == (2, 0)


def test_only_a_superuser_installs_them_in_the_name_of_another(boss, django_user_model):
    from django.contrib.auth.models import Permission

    ana = django_user_model.objects.create_user("ana", is_staff=True)
    ana.user_permissions.add(Permission.objects.get(codename="run_setup_schedules"))

    with pytest.raises(CommandError, match="se instalan a nombre propio"):
        setup("--owner", "jefa", "--as", "ana")

    assert not Schedule.objects.exists()
