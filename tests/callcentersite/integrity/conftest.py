"""A clean database, and one offender for each check."""

import os
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from callcentersite.apps.analytics import daily
from callcentersite.apps.analytics.models import Agent, Call, DailyMetrics, Queue
from callcentersite.apps.archive.models import CallArchive
from callcentersite.apps.audit import services as audit
from callcentersite.apps.configuration import backups
from callcentersite.apps.configuration import services as configuration
from callcentersite.apps.configuration.domain.catalog import categories
from callcentersite.apps.etl.models import CallRejection
from callcentersite.apps.integrity import run_files
from callcentersite.apps.notifications.models import Notification
from callcentersite.apps.reports.models import Report
from callcentersite.apps.users import seeding
from callcentersite.apps.users.models import (
    Capacidad,
    Funcion,
    FuncionCapacidad,
    GrupoCapacidad,
    GrupoPermiso,
    PermisoExcepcional,
    UsuarioGrupo,
)
from opsconsole.doors import Door, terminal
from opsconsole.models import JobArtifact, JobRun, Origin

ZONE = "America/Mexico_City"
BEGAN = datetime(2026, 10, 5, 15, tzinfo=UTC)
CODE = "sistema.analisis.reportes.ver"


@pytest.fixture(autouse=True)
def surroundings(settings, tmp_path, monkeypatch):
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "BEAT_SECONDS": 0.05}
    settings.MEDIA_ROOT = str(tmp_path / "media")
    monkeypatch.setattr(run_files, "SETTLED", timedelta(0))


@pytest.fixture
def clean(transactional_db):
    """Everything seeded, ten good calls with their sums, an audit with entries."""
    seeding.seed(seeding.the_catalog(), say=lambda line: None)
    for category in categories():
        configuration.seed(category)
    Queue.objects.create(code="VENTAS", name="Ventas", segment="A")
    Agent.objects.create(code="A001", name="Ana")
    Call.objects.bulk_create(good_call(number) for number in range(1, 11))
    daily.rebuild([BEGAN.date()], zone=ZONE)


def good_call(number, **changes):
    fields = {
        "queue_code": "VENTAS", "agent_code": "A001", "started_at": BEGAN,
        "answered_at": BEGAN + timedelta(seconds=10), "ended_at": BEGAN + timedelta(seconds=60),
        "duration_s": 60, "wait_s": 10, "talk_s": 50, "disposition": "ANSWERED", "language": "es",
    }  # fmt: skip
    return Call(call_id=number, **{**fields, **changes})


@pytest.fixture
def account(transactional_db, django_user_model):
    """Staff with these rights of the engine."""

    def account(name, *codenames, **fields):
        user = django_user_model.objects.create_user(
            name, password="clave-1", **{"is_staff": True, **fields}
        )
        for codename in codenames:
            user.user_permissions.add(Permission.objects.get(codename=codename))
        return django_user_model.objects.get(pk=user.pk)

    return account


def sql(statement, *params):
    """Past every check of the application."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def run(**fields):
    base = {"operation": "run_etl", "origin": Origin.CLI, "params": {}}
    return JobRun.objects.create(**{**base, **fields})


def artifact(name="informe.txt"):
    row = JobArtifact(run=run(), name=name, content_type="text/plain", size_bytes=4, sha256="x")
    row.file.save(name, ContentFile(b"hola"), save=True)
    return row


# One way to break each promise; each returns the key of what it broke.


def a_function_is_gone(account):
    name = "sistema.operaciones.tickets"
    Funcion.objects.filter(nombre_completo=name).delete()
    return name


def a_capability_is_gone(account):
    code = "sistema.analisis.reportes.compartir"
    Capacidad.objects.get(codigo=code).delete()
    return code


def a_link_is_gone(account):
    FuncionCapacidad.objects.filter(capacidad__codigo=CODE).delete()
    return CODE


def a_group_is_gone(account):
    group = GrupoPermiso.objects.last()
    group.delete()
    return group.codigo


def a_group_lost_a_capability(account):
    link = GrupoCapacidad.objects.select_related("grupo", "capacidad").first()
    link.delete()
    return f"{link.grupo.codigo} {link.capacidad.codigo}"


def a_membership_expired(account):
    now = timezone.now()
    return UsuarioGrupo.objects.create(
        usuario=account("bea"), grupo=GrupoPermiso.objects.first(), motivo="Ingreso",
        asignado_el=now - timedelta(days=9), vence_el=now - timedelta(days=1),
    ).pk  # fmt: skip


def an_exception_is_repeated(account):
    user = account("ana")
    exception(user, days=30)
    return exception(user, days=10, later=1).pk


def two_exceptions_contradict(account):
    user = account("eva")
    exception(user, days=30)
    return exception(user, days=10, tipo="revocar").pk


def exception(user, *, days, later=0, tipo="conceder"):
    begins = timezone.now() + timedelta(days=later)
    return PermisoExcepcional.objects.create(
        usuario=user, capacidad=Capacidad.objects.get(codigo=CODE), tipo=tipo, motivo="Suplencia",
        desde=begins, hasta=begins + timedelta(days=days),
    )  # fmt: skip


def a_setting_is_nonsense(account):
    sql("UPDATE configuracion SET valor = 'mucho' WHERE clave = 'seguridad.session_timeout'")
    return "seguridad.session_timeout"


def a_setting_changed_its_type(account):
    sql("UPDATE configuracion SET tipo_dato = 'string' WHERE clave = 'seguridad.lockout_duration'")
    return "seguridad.lockout_duration"


def the_sums_are_wrong(account):
    DailyMetrics.objects.update(offered=12)
    return "2026-10-05 VENTAS"


def a_call_was_answered_before_it_began(account):
    Call.objects.filter(pk=3).update(answered_at=BEGAN - timedelta(seconds=5))
    return 3


def a_call_does_not_add_up(account):
    Call.objects.filter(pk=4).update(disposition="BUSY", duration_s=500)
    daily.rebuild([BEGAN.date()], zone=ZONE)
    return 4


def a_call_has_no_queue(account):
    Call.objects.filter(pk=5).update(queue_code="NADA")
    daily.rebuild([BEGAN.date()], zone=ZONE)
    return 5


def a_call_has_no_agent(account):
    Call.objects.filter(pk=6).update(agent_code="A999")
    return 6


def a_rejection_was_loaded(account):
    CallRejection.objects.create(call_id=99, reasons=["x"], raw={}, seen_at=BEGAN)
    return CallRejection.objects.create(call_id=7, reasons=["x"], raw={}, seen_at=BEGAN).pk


def the_audit_lost_its_end():
    audit.note(audit.Action.LOGIN)
    audit.note(audit.Action.LOGOUT)
    sql("UPDATE audit_head SET last_id = last_id + 3")
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_id - 2 FROM audit_head")
        return cursor.fetchone()[0]


def nobody_reads_a_message(account):
    return Notification.objects.create(recipient=account("ida", is_active=False), subject="Hola").pk


def a_report_lost_its_file(account):
    return Report.objects.create(
        title="Ayer", kind="day", since=BEGAN, until=BEGAN, format="csv", status="ready", rows=1,
        size_bytes=1, sha256="x", file="reports/nada.csv", run=1,
    ).pk  # fmt: skip


def a_worker_died(account):
    long_ago = timezone.now() - timedelta(hours=1)
    return run(status="running", started_at=long_ago, heartbeat_at=long_ago, worker="w:1").pk


def an_artifact_lost_its_file(account):
    artifact("otro.txt")
    row = artifact()
    default_storage.delete(row.file.name)
    return row.pk


def a_file_lost_its_artifact(account):
    row = artifact()
    JobArtifact.objects.filter(pk=row.pk).delete()
    return row.file.name


def an_archive_lost_its_file(account):
    path = default_storage.save("calls/2024/2024-01-1.parquet", ContentFile(b"cortado"))
    about = {
        "month": date(2024, 1, 1), "rows": 1, "size_bytes": 7, "sha256": "x", "first_at": BEGAN,
        "last_at": BEGAN, "run": 1, "archived_at": BEGAN,
    }  # fmt: skip
    CallArchive.objects.create(path=path, **about)
    CallArchive.objects.create(path="calls/2024/2024-01-2.parquet", **about)
    default_storage.delete(path)
    default_storage.save(path, ContentFile(b"cort"))
    return CallArchive.objects.get(path=path).pk


def a_dead_run_left_an_archive(account):
    path = default_storage.save("calls/2024/2024-01-9.parquet", ContentFile(b"x"))
    os.utime(default_storage.path(path), (0, 0))
    return path


def a_backup_lost_its_file(account):
    backups.make()
    backup = backups.make()
    default_storage.delete(backup.file.name)
    return backup.pk


# Check → how its promise is broken, and whether the console can mend it.
PLOTS = {
    "catalog_functions_missing": (a_function_is_gone, True),
    "catalog_capabilities_missing": (a_capability_is_gone, True),
    "catalog_function_links_missing": (a_link_is_gone, True),
    "catalog_groups_missing": (a_group_is_gone, True),
    "catalog_group_links_missing": (a_group_lost_a_capability, False),
    "memberships_expired": (a_membership_expired, True),
    "exceptions_repeated": (an_exception_is_repeated, True),
    "exceptions_overlapping": (two_exceptions_contradict, False),
    "settings_unreadable": (a_setting_is_nonsense, True),
    "settings_type_drifted": (a_setting_changed_its_type, True),
    "calls_answered_out_of_call": (a_call_was_answered_before_it_began, False),
    "calls_lengths_differ": (a_call_does_not_add_up, True),
    "calls_queue_unknown": (a_call_has_no_queue, False),
    "calls_agent_unknown": (a_call_has_no_agent, False),
    "rejections_mended": (a_rejection_was_loaded, True),
    "notifications_nobody_reads": (nobody_reads_a_message, True),
    "reports_without_file": (a_report_lost_its_file, False),
    "runs_without_heartbeat": (a_worker_died, True),
    "artifacts_without_file": (an_artifact_lost_its_file, True),
    "files_without_artifact": (a_file_lost_its_artifact, True),
    "call_archives_without_file": (an_archive_lost_its_file, False),
    "call_archive_files_without_row": (a_dead_run_left_an_archive, False),
    "settings_backups_without_file": (a_backup_lost_its_file, False),
    "daily_metrics_differ": (the_sums_are_wrong, True),
}


def found(name):
    """The keys that a check finds now."""
    from callcentersite.apps.integrity import registry

    return [offender.key for offender in registry.find(name).find()]


def everything_found():
    """Check → keys, of those that find something."""
    from callcentersite.apps.integrity import registry

    keys = {check.name: found(check.name) for check in registry.everything()}
    return {name: value for name, value in keys.items() if value}


def command(*words, **options):
    """What a command prints, whatever it ends with."""
    out = StringIO()
    call_command(*words, stdout=out, stderr=StringIO(), no_color=True, **options)
    return out.getvalue()


def door(user=None):
    return terminal() if user is None else Door(origin=Origin.ADMIN, user=user)
