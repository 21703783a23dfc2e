"""``create_test_data --also`` and ``reset_demo_data``: a console full of life, and as on its
first day."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models.functions import Now
from django.utils.timezone import localtime

from callcentersite.apps.analytics.models import Call
from callcentersite.apps.audit import services as audit
from callcentersite.apps.audit.models import AuditCheckpoint, AuditLog
from callcentersite.apps.etl.models import CallRejection
from callcentersite.apps.notifications.models import Notification
from callcentersite.apps.reports.models import Report
from callcentersite.apps.samples.domain.cast import CAST
from callcentersite.apps.samples.scene import Scene, cast_accounts
from callcentersite.apps.samples.services import AFTER_CALLS, BEFORE_CALLS, make
from callcentersite.apps.users.models import SolicitudAsignacion, UsuarioGrupo
from opsconsole import OperationError, RunContext, forgetting, registry, runner
from opsconsole.doors import terminal
from opsconsole.models import Approval, JobArtifact, JobLog, JobRun
from opsconsole.states import ENDINGS, IN_WORKER, Status
from opsconsole.ticking import tick, waiting_bells

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)
GUIDE = "[INFO] Creando 200 llamadas, semilla 1\n[SUCCESS] 200 llamadas escritas en ivr_calls\n"


@pytest.fixture
def chief(legacy, django_user_model, settings):
    """A superuser in a seeded console."""
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "BEAT_SECONDS": 0.05}
    call_command("seed_permisos_granular", verbosity=0)
    call_command("seed_configuraciones_default", verbosity=0)
    return django_user_model.objects.create_superuser("jefa", password="clave-1")


def create(*also):
    call_command("create_test_data", "--calls", "200", "--also", *also)


def quiet():
    """Whoever stood there as running is found out: nobody works any more."""
    JobRun.objects.filter(pk__in=forgetting.at_work().values("pk")).update(heartbeat_at=None)


def test_it_populates_everything_once_and_each_part_is_real(chief, capsys, client):
    create("all")

    said = capsys.readouterr().out
    assert said.startswith(GUIDE)
    assert "[SUCCESS] Cuentas, una por grupo: 10\n" in said
    for role in CAST:
        membership = UsuarioGrupo.objects.get(usuario__username=role.username)
        assert membership.grupo.codigo == role.group
        assert membership.usuario.check_password(role.username)
    assert SolicitudAsignacion.objects.get().estado == "pendiente"
    assert set(JobRun.objects.values_list("status", flat=True)) == set(Status.values)
    past = JobRun.objects.filter(request_key__startswith="test_data:", finished_at__isnull=False)
    assert {localtime(run.queued_at).month for run in past} == {8, 9, 10}
    assert JobLog.objects.filter(run__in=past).count() > 2_000
    assert JobArtifact.objects.first().file.read().startswith(b"fila,error\n")
    assert Approval.objects.filter(decision="rejected").get().decided_by == "ana"
    assert (Call.objects.count(), CallRejection.objects.count()) == (194, 6)
    assert sorted(Report.objects.values_list("format", flat=True)) == ["csv", "pdf", "xlsx"]
    assert all(report.is_ready and report.created_by == "fabian" for report in Report.objects.all())
    assert Notification.objects.filter(recipient=chief, is_read=False).count() > 3
    assert Notification.objects.filter(recipient=chief, is_read=True).count() > 3
    assert AuditLog.objects.filter(once__startswith="test_data:").count() > 300
    assert audit.verify().is_whole
    before = [model.objects.count() for model in (Notification, Report)]

    create("all")

    assert "Cuentas, una por grupo: 0\n" in capsys.readouterr().out
    assert [model.objects.count() for model in (Notification, Report)] == before
    again = JobRun.objects.filter(request_key__startswith="test_data:", finished_at__isnull=False)
    assert again.count() == past.count()
    assert client.login(username="fabian", password="fabian")
    assert client.get("/admin/").status_code == 200


def test_where_workers_are_about_to_come_nothing_is_there_for_them_to_find_lost(chief):
    scene = Scene(seed=1, until=date(2026, 10, 31), ctx=RunContext(), awaits_workers=True)
    make(["pending"], scene)
    (queued,) = JobRun.objects.filter(status="queued").values_list("pk", flat=True)

    JobRun.objects.filter(status__in=IN_WORKER).update(heartbeat_at=Now() - timedelta(minutes=1))
    ticked = tick()

    assert (ticked.lost, ticked.resumed, ticked.rung) == (0, 1, 0)
    assert queued in waiting_bells()


def test_before_the_calls_nothing_waits_that_would_report_of_them(chief):
    make(BEFORE_CALLS, Scene(seed=1, until=date(2026, 10, 31), ctx=RunContext()))

    assert JobRun.objects.count() > 100
    assert set(JobRun.objects.values_list("status", flat=True)) <= ENDINGS
    assert AFTER_CALLS.index("reports") < AFTER_CALLS.index("pending")


def test_without_the_option_the_guides_lines_are_all(chief, capsys):
    call_command("create_test_data", "--calls", "200")

    assert capsys.readouterr().out == GUIDE
    assert not cast_accounts().exists()


def test_a_name_that_is_taken_stays_with_whoever_has_it(chief, django_user_model):
    django_user_model.objects.create_user("ana", email="ana@iact.mx", password="otra")

    create("users")

    assert django_user_model.objects.get(username="ana").check_password("otra")
    assert not UsuarioGrupo.objects.filter(usuario__username="ana").exists()
    assert cast_accounts().count() == 9


def test_without_the_catalogue_it_says_what_to_run_first(legacy):
    with pytest.raises(CommandError) as refusal:
        create("users")

    assert "SOLUCION: Ejecute seed_permisos_granular" in str(refusal.value)


def test_in_production_nothing_is_made_and_nothing_is_reset(chief, settings):
    settings.ALLOW_TEST_DATA = False
    scene = Scene(seed=1, until=date(2026, 10, 31), ctx=RunContext())

    for attempt in (
        lambda: make(["users"], scene),
        lambda: registry.get("reset_demo_data").plan({"calls": 10, "seed": 1}),
    ):
        with pytest.raises(OperationError) as refusal:
            attempt()
        assert refusal.value.message == "Aquí no se crean datos de prueba."
    assert not cast_accounts().exists()


def test_a_reset_makes_everything_anew_and_leaves_people_alone(chief, django_user_model, capsys):
    create("all")
    django_user_model.objects.create_user("visita", password="clave-1")
    quiet()
    old = set(cast_accounts().values_list("pk", flat=True))
    Call.objects.filter(pk=Call.objects.first().pk).update(ani=None, notes="a mano")

    call_command("reset_demo_data", "--calls", "100", "--force", "--as", "jefa")

    assert {"jefa", "visita"} < set(django_user_model.objects.values_list("username", flat=True))
    assert cast_accounts().count() == 10
    assert not old & set(cast_accounts().values_list("pk", flat=True))
    assert (Call.objects.count(), CallRejection.objects.count()) == (97, 3)
    assert not Call.objects.filter(notes="a mano").exists()
    assert Report.objects.count() == 3
    reset = JobRun.objects.get(operation="reset_demo_data")
    assert (reset.status, reset.requested_by) == ("succeeded", "jefa")
    assert reset.result["tables"]["calls"] == 194
    assert not JobRun.objects.filter(pk__lt=reset.pk).exists()
    assert set(JobRun.objects.values_list("status", flat=True)) == set(Status.values)
    assert AuditCheckpoint.objects.exists()
    assert audit.verify().is_whole


def test_a_dry_run_shows_the_plan_and_changes_nothing(chief, capsys):
    create("users", "runs")
    quiet()
    runs = JobRun.objects.count()
    capsys.readouterr()

    call_command("reset_demo_data", "--dry-run")

    said = capsys.readouterr().out
    assert "Qué: Cuentas de demostración, Filas: 10" in said
    assert f"Qué: Corridas, con su registro y sus archivos, Filas: {runs}" in said
    assert JobRun.objects.count() == runs


def test_a_plan_whose_rows_went_meanwhile_is_refused_and_changes_nothing(chief):
    create("users")
    operation = registry.get("reset_demo_data")
    kept = runner.keep_plan(operation, {"calls": 10, "seed": 1}, door=terminal())
    cast_accounts().filter(username="hugo").delete()

    with pytest.raises(OperationError) as refusal:
        runner.apply(kept, door=terminal(), enqueue=False)

    assert refusal.value.exit_code == 3
    assert refusal.value.cause == "Cuentas de demostración: eran 10 y ahora son 9."
    assert cast_accounts().count() == 9


def test_nothing_is_reset_under_the_hands_of_a_worker(chief):
    create("pending")

    with pytest.raises(CommandError) as refusal:
        call_command("reset_demo_data", "--force")

    assert "Hay una corrida en ejecución" in str(refusal.value)
    assert JobRun.objects.filter(operation="create_test_data").exists()


def test_without_the_right_it_is_refused(chief):
    create("users")

    with pytest.raises(CommandError) as refusal:
        call_command("reset_demo_data", "--force", "--as", "carla")

    assert refusal.value.returncode == 4
    assert cast_accounts().count() == 10
