"""What people do leaves an entry: who, what, to what, from where, with which result."""

import json
import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from callcentersite.apps.access import lockout
from callcentersite.apps.access.models import FailedLogin
from callcentersite.apps.analytics.models import Call
from callcentersite.apps.audit import appending, services
from callcentersite.apps.audit.models import AuditLog, AuditPending
from callcentersite.apps.configuration import services as configuration
from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.etl.models import CallRejection
from callcentersite.apps.users import deciding, granting, seeding
from callcentersite.apps.users.granting import Grant
from callcentersite.apps.users.models import Capacidad, GrupoPermiso, SolicitudAsignacion, User
from callcentersite.data_centralization.models import RetentionPolicy
from opsconsole import OperationError, registry, runner
from opsconsole.doors import Door
from opsconsole.exceptions import NotAllowed
from opsconsole.models import JobRun, Origin
from opsconsole.permissions import create_run_permissions
from opsconsole.ticking import tick
from tests.operations import EVERY

from .conftest import entries, said

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])

LOGIN = "/admin/login/?next=/admin/"
HERE = "192.0.2.1"


@pytest.fixture
def ana(db):
    return User.objects.create_user("ana", password="clave-1", is_staff=True)


@pytest.fixture
def boss(db):
    return User.objects.create_superuser("jefa", password="clave-1")


@pytest.fixture
def browser(boss):
    client = Client(REMOTE_ADDR=HERE)
    client.force_login(boss)
    return client


def enter(password, *, username="ana"):
    client = Client(REMOTE_ADDR=HERE)
    client.post(LOGIN, {"username": username, "password": password})
    return client


def last():
    return AuditLog.objects.order_by("pk").last()


def detail():
    return json.loads(last().detail)


# Who comes and goes


def test_a_login_and_a_logout(ana):
    client = enter("clave-1")
    client.post("/admin/logout/")

    assert said(action__in=["login", "logout"]) == [
        ("login", "ana", "ana", "ok"),
        ("logout", "ana", "ana", "ok"),
    ]
    row = AuditLog.objects.get(action="login")
    assert (row.source, row.place, row.address) == ("page", "/admin/login/", HERE)
    assert (row.actor_id, row.target_type) == (str(ana.pk), "users.user")


def test_a_failed_login_says_for_which_account(ana):
    enter("otra")

    assert said(action="login_failed") == [("login_failed", "", "ana", "refused")]


def test_a_password_typed_as_a_name_is_not_kept(db):
    enter("otra", username="mi-clave-secreta")

    (row,) = AuditLog.objects.filter(action="login_failed")
    assert (row.target, json.loads(row.detail)) == ("", {"known": False})


def test_a_lockout_is_told_once_and_so_is_its_end(ana, boss):
    for categoria in configuration.categories():
        configuration.seed(categoria)
    most = configuration.get_int("seguridad.max_login_attempts")
    for _ in range(most + 2):
        enter("otra")
    assert said(action="locked_out") == [("locked_out", "", "ana", "refused")]

    lockout.unlock(FailedLogin.objects.all())

    assert [(row[0], row[2]) for row in said(action="unlocked")] == [("unlocked", "ana")]
    assert detail() == {"address": HERE}


def test_a_password_is_changed_by_its_owner(ana):
    client = enter("clave-1")
    client.post(
        "/admin/password_change/",
        {
            "old_password": "clave-1",
            "new_password1": "Otra-clave-9!",
            "new_password2": "Otra-clave-9!",
        },
    )

    assert said(action="password_changed") == [("password_changed", "ana", "ana", "ok")]
    assert not any("Otra-clave" in row.detail for row in entries())


# Accounts and rights


def test_an_account_is_made_changed_and_deleted(browser):
    ana = User.objects.create_user("ana", email="ana@example.com")
    ana.is_staff, ana.email = True, "otra@example.com"
    ana.save()
    browser.post(f"/admin/users/user/{ana.pk}/delete/", {"post": "yes"})

    assert [row[0] for row in said(target="ana")] == [
        "account_created",
        "account_changed",
        "account_deleted",
    ]
    change = json.loads(AuditLog.objects.get(action="account_changed").detail)
    assert change == {"is_staff": [False, True], "others": ["email"]}
    assert last().actor == "jefa"


def test_a_login_changes_no_account(ana):
    enter("clave-1")

    assert said(action="account_changed") == []


def test_djangos_own_permissions_given_and_taken(ana):
    permission = Permission.objects.get(codename="view_user")

    ana.user_permissions.add(permission)
    given = detail()["added"]
    ana.user_permissions.remove(permission)

    assert given == detail()["removed"] == [str(permission)]


@pytest.fixture
def catalog(db):
    seeding.seed(seeding.the_catalog(), say=lambda line: None)


@pytest.fixture
def group(catalog):
    return GrupoPermiso.objects.get(codigo="auditoria_llamadas")


def grant(by, **more):
    return Grant(by=by, motivo="Ingreso al área", now=timezone.now(), **more)


def test_a_group_is_assigned_and_revoked(ana, boss, group):
    membership = granting.assign_group(ana, group, grant(boss))
    granting.revoke_group(membership, grant(boss))

    assert said(target="ana", action__startswith="group") == [
        ("group_assigned", "jefa", "ana", "ok"),
        ("group_revoked", "jefa", "ana", "ok"),
    ]
    assert detail() == {"group": "auditoria_llamadas", "why": "Ingreso al área"}


def test_nobody_gives_herself_a_group_and_the_attempt_stays(ana, group):
    with pytest.raises(OperationError):
        granting.assign_group(ana, group, grant(ana))

    row = last()
    assert (row.action, row.actor, row.target, row.result) == (
        "group_assigned",
        "ana",
        "ana",
        "refused",
    )
    assert row.reason == "La cuenta ana es la suya."


def test_an_exception_is_made_and_annulled(ana, boss, catalog):
    code = Capacidad.objects.filter(requiere_aprobacion=False).first()
    exception = granting.except_person(ana, code, "revocar", grant(boss))
    granting.annul_exception(exception, by=boss, now=timezone.now())

    assert [row[0] for row in said(target="ana", action__startswith="exception")] == [
        "exception_made",
        "exception_annulled",
    ]
    assert detail() == {"capability": code.codigo, "kind": "revocar"}


def test_what_waits_for_a_second_person(ana, boss, catalog):
    code = Capacidad.objects.filter(requiere_aprobacion=True).first()
    other = User.objects.create_superuser("otra")
    solicitud = granting.except_person(ana, code, "conceder", grant(boss))
    with pytest.raises(OperationError):
        deciding.approve(solicitud, by=boss, now=timezone.now())
    deciding.approve(solicitud, by=other, now=timezone.now(), motivo="De acuerdo")

    assert [(row[0], row[1], row[3]) for row in said(actor__in=["jefa", "otra"])] == [
        ("request_made", "jefa", "ok"),
        ("request_approved", "jefa", "refused"),
        ("request_approved", "otra", "ok"),
        ("exception_made", "jefa", "ok"),
    ]
    assert SolicitudAsignacion.objects.get().estado == "aprobada"


def test_what_a_group_may_do(boss, group):
    code = Capacidad.objects.filter(requiere_aprobacion=False).first()

    granting.set_capabilities(group, [code], grant(boss))

    assert last().action == "group_changed"
    assert detail()["added"] == [code.codigo]
    assert "sistema.calidad.auditoria.ver" in detail()["removed"]


def test_an_account_is_suspended_from_the_list(browser, ana):
    sent = {"action": "suspend", "_selected_action": ana.pk, "_confirmado": "1"}
    browser.post("/admin/users/user/", sent)

    row = last()
    assert (row.action, row.actor, row.target, row.address) == (
        "account_suspended",
        "jefa",
        "ana",
        HERE,
    )


# Settings


def test_a_setting_is_changed(db):
    configuration.seed("seguridad")
    config = Configuracion.objects.get(clave="seguridad.session_timeout")
    config.valor = "60"
    config.save()

    row = last()
    assert (row.action, row.target) == ("setting_changed", "seguridad.session_timeout")
    assert (detail()["old"], detail()["new"]) == ("900", "60")


def test_a_setting_that_cannot_be_written_down_keeps_its_value(db, monkeypatch):
    configuration.seed("seguridad")
    config = Configuracion.objects.get(clave="seguridad.session_timeout")
    config.valor = "60"

    def broken(fields):
        raise RuntimeError

    monkeypatch.setattr(services, "append", broken)
    with pytest.raises(RuntimeError):
        config.save()

    assert Configuracion.objects.get(pk=config.pk).valor == "900"


# Runs


@pytest.fixture
def operation(db):
    for cls in EVERY:
        registry.register(cls)
    create_run_permissions(apps.get_app_config("opsconsole"), using="default")
    yield registry.get("count_slowly")
    for cls in EVERY:
        registry.unregister(cls.name)


def test_a_launch_and_its_ending(operation, boss):
    door = Door(origin=Origin.ADMIN, user=boss)
    run = runner.submit(operation, {"steps": 1}, door=door, enqueue=False)
    runner.execute(run.pk)

    name = f"{run.title} #{run.pk}"
    assert said(target_type="opsconsole.jobrun") == [
        ("run_launched", "jefa", name, "ok"),
        ("run_ended", "jefa", name, "ok"),
    ]
    launched = AuditLog.objects.get(action="run_launched")
    assert json.loads(launched.detail)["params"]["steps"] == 1
    assert (launched.source, launched.actor_id) == ("page", str(boss.pk))


def test_an_ending_told_twice_is_written_once(operation, boss):
    run = runner.submit(operation, {"steps": 1}, door=Door(origin=Origin.ADMIN, user=boss),
                        enqueue=False)  # fmt: skip
    runner.execute(run.pk)
    ago = timezone.now() - timedelta(minutes=1)
    JobRun.objects.filter(pk=run.pk).update(announced_at=None, finished_at=ago)
    tick()
    JobRun.objects.filter(pk=run.pk).update(announced_at=None)
    tick()

    # The first ending had another moment; of the second there is one.
    assert len(said(action="run_ended")) == 2


def test_a_refused_launch(operation, ana):
    with pytest.raises(NotAllowed):
        runner.submit(operation, {}, door=Door(origin=Origin.ADMIN, user=ana))

    row = last()
    assert (row.action, row.actor, row.target, row.result) == (
        "run_launched",
        "ana",
        "count_slowly",
        "refused",
    )
    assert "opsconsole.run_count_slowly" in row.reason


def test_a_cancel(operation, boss):
    door = Door(origin=Origin.ADMIN, user=boss)
    run = runner.submit(operation, {}, door=door)
    runner.cancel(run, door=door)

    assert [row[0] for row in said()][-3:] == ["run_launched", "run_cancelled", "run_ended"]


def test_a_pause_and_its_resumption_are_no_cancel_and_no_repetition(operation, boss, monkeypatch):
    monkeypatch.setattr(type(operation), "pausable", True)
    door = Door(origin=Origin.ADMIN, user=boss)
    first = runner.submit(operation, {"steps": 1}, door=door, enqueue=False)
    row, now = JobRun.objects.filter(pk=first.pk), timezone.now()
    row.update(status="running", started_at=now)

    runner.cancel(row.get(), door=door)
    row.update(status="cancelled", finished_at=now, announced_at=now)
    again = runner.retry(row.get(), door=door, enqueue=False)
    runner.cancel(again, door=door)  # it has not begun

    assert [row[0] for row in said(target_type="opsconsole.jobrun")] == [
        "run_launched", "run_paused", "run_launched", "run_resumed", "run_cancelled", "run_ended",
    ]  # fmt: skip


def test_what_is_expected_of_cron_is_written_down_with_its_door(operation, boss):
    words = ["console", "expect", "count_slowly", "--as", "jefa"]
    call_command(*words, "--cron", "0 * * * *", "--grace", "2h", stdout=StringIO())
    call_command(*words, "--remove", stdout=StringIO())

    about = "count_slowly · 0 * * * * (America/Mexico_City)"
    assert said(target_type="opsconsole.expectation") == [
        ("expectation_created", "jefa", about, "ok"),
        ("expectation_deleted", "jefa", about, "ok"),
    ]
    assert (last().source, detail()["grace"]) == ("command", "2h")


def test_a_tick_chains_what_a_process_left_behind(db):
    AuditPending.objects.create(**services.draft(services.Action.LOGIN))

    tick()

    assert len(entries()) == 1


# What leaves the house, and what comes in


def test_an_export_and_an_import(browser):
    for categoria in configuration.categories():
        configuration.seed(categoria)
    answer = browser.post("/admin/configuration/configuracion/export/", {"format": "csv"})
    assert (last().action, last().actor, detail()["rows"]) == ("exported", "jefa", 40)

    content = answer.content.decode().replace("session_timeout,seguridad,900", "session_timeout,seguridad,60")  # noqa: E501 # fmt: skip
    send_import(browser, content)

    assert last().action == "imported"
    assert (last().source, last().place) == ("import", "c.csv")
    told = detail()
    assert len(told.pop("sha256")) == 64
    assert told == {
        "file": "c.csv",
        "created": 0,
        "updated": 1,
        "waiting": 0,
        "names": ["seguridad.session_timeout"],
    }


def send_import(browser, content):
    Capacidad.objects.update_or_create(
        codigo="sistema.tecnico.configuracion.importar",
        defaults={"accion": "importar", "nombre": "Importar", "nivel_riesgo": "critico",
                  "requiere_aprobacion": False},
    )  # fmt: skip
    file = SimpleUploadedFile("c.csv", content.encode())
    shown = browser.post("/admin/configuration/configuracion/import/", {"file": file})
    assert AuditLog.objects.filter(action="imported").count() == 0
    token = re.search(r'name="token" value="([^"]+)"', shown.content.decode())[1]
    browser.post("/admin/configuration/configuracion/import/", {"token": token})


# Personal data that was looked at


@pytest.fixture
def calls(db):
    at = datetime(2026, 10, 5, 15, tzinfo=UTC)
    lengths = {"started_at": at, "ended_at": at, "duration_s": 0, "wait_s": 0, "talk_s": 0}
    Call.objects.create(call_id=71, queue_code="VENTAS", ani="+525512345678", **lengths)
    Call.objects.create(call_id=72, queue_code="VENTAS", **lengths)
    CallRejection.objects.create(
        call_id=91, reasons=["queue_unknown"], raw={"ani": "5512345678"}, seen_at=at
    )


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("analytics/call/71/change/", ["71"]),
        ("analytics/call/72/change/", []),
        ("analytics/call/99/change/", []),
        ("analytics/call/", []),
        ("etl/callrejection/91/change/", ["91"]),
    ],
)
def test_who_looked_at_whose_data(browser, calls, path, seen):
    browser.get(f"/admin/{path}")

    rows = AuditLog.objects.filter(action="viewed")
    assert [row.target_id for row in rows] == seen
    assert [row.actor for row in rows] == ["jefa"] * len(seen)
    assert all(row.target.startswith(("llamada ", "rechazo ")) for row in rows)
    assert not any("5512345678" in row.detail + row.target for row in rows)


def test_another_persons_page_is_told_and_ones_own_is_not(browser, boss, ana):
    for user in (ana, boss):
        browser.get(f"/admin/users/user/{user.pk}/change/")
        browser.get(f"/admin/users/user/{user.pk}/permisos/")

    assert [row[2] for row in said(action="viewed")] == ["ana", "ana"]


def test_a_page_that_was_refused_was_not_seen(ana, calls):
    client = enter("clave-1")

    assert client.get("/admin/analytics/call/71/change/").status_code == 403
    assert said(action="viewed") == []


def test_a_page_is_shown_though_its_view_cannot_be_written_down(
    browser, calls, monkeypatch, caplog
):
    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr(appending, "chain", broken)

    assert browser.get("/admin/analytics/call/71/change/").status_code == 200
    assert "an entry of the audit could not be written" in caplog.text


def test_a_policy_is_written_down_when_it_is_made_changed_and_deleted(browser):
    policy = RetentionPolicy.objects.create(name="bitacora", target="audit_logs", days=30)
    policy.days = 60
    policy.save()
    RetentionPolicy.objects.get(pk=policy.pk).save()
    policy.delete()

    told = AuditLog.objects.filter(action__startswith="policy_").order_by("pk")
    changed = told.get(action="policy_changed")
    page = browser.get(f"/admin/audit/auditlog/{changed.pk}/change/").content.decode()

    assert [row.action for row in told] == ["policy_created", "policy_changed", "policy_deleted"]
    assert json.loads(changed.detail)["days"] == [30, 60]
    assert "30 → 60" in page
