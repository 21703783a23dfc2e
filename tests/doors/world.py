"""One of everything that the admin lists, made as the product makes it where that is short."""

from datetime import date, timedelta
from io import StringIO

from axes.models import AccessAttempt
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone
from django_q.models import Failure, Success
from silk.models import Request, Response, SQLQuery

from callcentersite.apps.archive.models import CallArchive
from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.integrations import clients
from callcentersite.apps.integrations.models import WebhookDelivery, WebhookEndpoint
from callcentersite.apps.notifications.models import Delivery, Notification
from callcentersite.apps.users.models import (
    Capacidad,
    GrupoPermiso,
    PermisoExcepcional,
    SolicitudAsignacion,
    UsuarioGrupo,
)
from opsconsole import registry, runner
from opsconsole.doors import Door
from opsconsole.models import Expectation, JobArtifact, JobRun, Origin
from opsconsole.programmes.orders import FUNCTION, Order


def populate(user):
    """Everything, as this person's."""
    for command in ("seed_permisos_granular", "seed_configuraciones_default", "run_etl"):
        call_command(command, stdout=StringIO())
    call_command("generate_report", period="yesterday", format="csv", stdout=StringIO())
    people(user)
    settings()
    runs(user)
    queue(user)
    profile()
    told(user)
    others(user)
    retention(user)
    AccessAttempt.objects.create(username="ana", ip_address="10.0.0.1", failures_since_start=3)


def people(user):
    """A membership, an exception, a request."""
    grupo, capacidad = GrupoPermiso.objects.first(), Capacidad.objects.first()
    why = {"motivo": "Ingreso al área"}
    Group.objects.create(name="de Django")
    UsuarioGrupo.objects.create(usuario=user, grupo=grupo, **why)
    PermisoExcepcional.objects.create(usuario=user, capacidad=capacidad, tipo="conceder", **why)
    SolicitudAsignacion.objects.create(
        clase="grupo", usuario=user, grupo=grupo, solicitada_por=user, **why
    )


def settings():
    """One that was changed."""
    setting = Configuracion.objects.get(clave="seguridad.session_timeout")
    setting.valor = "1200"
    setting.save()
    call_command("backup_configuration", stdout=StringIO())


def runs(user):
    """One that ended with a file, one that waits."""
    ended = JobRun.objects.latest("pk")
    artifact = JobArtifact(run=ended, name="informe.txt", content_type="text/plain", size_bytes=4)
    artifact.file.save("informe.txt", ContentFile(b"hola"), save=True)
    runner.submit(
        registry.get("run_etl"), {"dry_run": True}, door=Door(origin=Origin.ADMIN, user=user)
    )


def profile():
    """A request that was recorded, with a query and its answer."""
    request = Request.objects.create(
        path="/admin/", method="GET", view_name="admin:index", encoded_headers="{}",
        end_time=timezone.now(),
    )  # fmt: skip
    Response.objects.create(request=request, status_code=200, encoded_headers="{}")
    SQLQuery.objects.create(
        request=request, query="SELECT 1", traceback="", end_time=timezone.now(), time_taken=1
    )


def retention(user):
    """The policies, a plan that waits, and what an earlier run removed."""
    from callcentersite.data_centralization.models import RetentionRemoval

    call_command("seed_retention_policies", stdout=StringIO())
    door = Door(origin=Origin.ADMIN, user=user)
    runner.keep_plan(registry.get("apply_retention"), {"table": ""}, door=door)
    RetentionRemoval.objects.create(
        run=JobRun.objects.latest("pk").pk, policy="calls", target="calls", action="anonymise",
        rows=3, removed_at=timezone.now(),
    )  # fmt: skip
    now = timezone.now()
    CallArchive.objects.create(
        month=date(2024, 1, 1), path="calls/2024/2024-01-1.parquet", rows=3, size_bytes=1, run=1,
        sha256="a" * 64, first_at=now, last_at=now, archived_at=now, verified_at=now,
    )  # fmt: skip


def queue(user):
    """A schedule, and what workers did."""
    from django_q.models import Schedule

    order = Order(operation="run_etl", owner_id=str(user.pk))
    Schedule.objects.create(
        func=FUNCTION, kwargs=order.as_text(), schedule_type="C", cron="0 2 * * 0",
        next_run=timezone.now() + timedelta(days=1), name="cada domingo",
    )  # fmt: skip
    Expectation.objects.create(
        operation="run_etl", cron="0 * * * *", zone="America/Mexico_City", grace_seconds=600
    )
    now = timezone.now()
    done = {"func": "opsconsole.tasks.execute_run", "started": now, "stopped": now}
    Success.objects.create(id="a" * 32, name="bien", success=True, result="succeeded", **done)
    Failure.objects.create(id="b" * 32, name="mal", success=False, result="roto", **done)


def told(user):
    """A message in the mailbox, and one that left by mail."""
    Notification.objects.create(recipient=user, subject="Falló", body="run_etl falló.")
    Delivery.objects.create(recipient=user, channel="email", subject="Falló", body="run_etl falló.")


def others(user):
    """A client of the API, a webhook, and what was sent to it."""
    clients.create(nombre="IVR", account=user, scopes=["operaciones.ver"], expires_at=None, by=user)
    endpoint = WebhookEndpoint.objects.create(
        nombre="Mesa", url="https://mesa.example.com/", sealed_secret="", statuses=["failed"]
    )
    WebhookDelivery.objects.create(endpoint=endpoint, run_id=1, event="run.failed", body="{}")
