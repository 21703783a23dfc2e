"""The command: what it looks at, what it prints, how it ends."""

import json
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.core.management import call_command, load_command_class
from django.db import OperationalError
from django.utils import timezone
from django_q.models import Schedule
from jsonschema import Draft202012Validator

from callcentersite.apps.monitoring.operations import monitor_validation
from callcentersite.apps.notifications.models import Notification, Subscription
from callcentersite.apps.notifications.services import notify
from opsconsole import registry, runner
from opsconsole.doors import terminal
from opsconsole.management.base import TerminalRun
from opsconsole.models import Canary, JobRun
from tests.callcentersite.monitoring.conftest import etl_run

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "health.schema.json"


def command(*words, capsys):
    """As typed: exit code, standard output, standard error."""
    code = 0
    try:
        shell = load_command_class("callcentersite.apps.monitoring", "monitor_validation")
        shell.stdout._out, shell.stderr._out = sys.stdout, sys.stderr
        shell.run_from_argv(["manage.py", "monitor_validation", *words])
    except SystemExit as end:
        code = end.code
    out, err = capsys.readouterr()
    return code, out, err


def looked(**options):
    """The document, whatever the exit code."""
    out = StringIO()
    try:
        call_command("monitor_validation", json=True, stdout=out, **options)
    except Exception as error:
        assert error.returncode == 2
    except SystemExit as end:
        assert end.code == 1
    return json.loads(out.getvalue())


def validate(told):
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(told)


def test_a_healthy_console_is_told_in_the_guides_form(healthy, capsys):
    code, out, err = command(capsys=capsys)

    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == "=== Monitor de validación ==="
    assert lines[1].startswith("Momento: 20")
    assert lines[2] == "Periodo: 24 h"
    (rejections,) = [line for line in lines if line.startswith("Rechazos del ETL: OK · ")]
    assert rejections.endswith("; lo habitual es 5,0 %.")
    assert lines[-2:] == ["Puntaje: 100/100", "Salud: OK"]
    run = JobRun.objects.latest("pk")
    assert (run.status, run.result["score"]) == ("succeeded", 100)


def test_a_warning_ends_with_1_and_its_run_did_its_work(healthy, capsys):
    JobRun.objects.create(operation="generate_report", status="failed", origin="admin")

    code, out, err = command(capsys=capsys)

    assert (code, err) == (1, "")
    assert "Corridas: WARNING · " in out
    assert "\n  Fallaron y no se han recuperado: generate_report.\n" in out
    assert out.endswith("Puntaje: 95/100\nSalud: WARNING\n")
    assert JobRun.objects.latest("pk").status == "succeeded"


def test_a_critical_part_ends_with_2_says_what_to_do_and_tells_who_subscribed(
    healthy, capsys, django_user_model
):
    boss = django_user_model.objects.create_superuser("jefa", password="clave-1")
    Subscription.objects.create(user=boss, operation="monitor_validation", event="failed")
    Canary.objects.update(sung_at=timezone.now() - timedelta(minutes=5))

    code, out, err = command(capsys=capsys)

    assert code == 2
    assert out.endswith("Puntaje: 80/100\nSalud: CRITICAL\n")
    assert err.splitlines() == [
        "ERROR: Salud crítica: puntaje 80 de 100.",
        "CAUSA: Desde hace 5 min ningún worker toma nada de la cola.",
        "SOLUCION: Detenga el servicio de workers y arránquelo de nuevo.",
    ]
    run = JobRun.objects.latest("pk")
    assert (run.status, run.result["health"], run.result["criticals"]) == ("failed", "CRITICAL", 1)
    assert Notification.objects.filter(recipient=boss, run_id=run.pk).exists()


def test_its_own_bad_endings_do_not_keep_it_ill(healthy):
    JobRun.objects.create(operation="monitor_validation", status="failed", origin="cli")

    assert looked()["parts"]["runs"]["state"] == "OK"


def test_who_asks_for_too_much_breaks_nothing_and_a_programme_that_does_is_broken(healthy):
    over = {"status": "failed", "error_class": "OverLimit"}
    JobRun.objects.create(operation="export_calls", origin="admin", **over)
    by_hand = looked()["parts"]["runs"]
    JobRun.objects.create(operation="generate_report", origin="schedule", **over)

    assert (by_hand["state"], by_hand["figures"]["failed"]) == ("OK", 1)
    assert looked()["parts"]["runs"]["figures"]["broken"] == ["generate_report"]


def test_what_was_lost_or_never_came_is_over_once_its_operation_ends_well_again(healthy):
    def parts():
        return [looked()["parts"][key] for key in ("runs", "schedules")]

    for status in ("lost", "missed"):
        for _number in range(3):
            JobRun.objects.create(operation=f"of_{status}", status=status, origin="schedule")
    ill = parts()
    for status in ("lost", "missed"):
        JobRun.objects.create(operation=f"of_{status}", status="succeeded", origin="admin")
    well = parts()

    assert [part["state"] for part in ill + well] == ["CRITICAL", "CRITICAL", "OK", "OK"]
    assert (well[0]["figures"]["lost"], well[1]["figures"]["missed"]) == (3, 3)


def test_json_is_all_that_is_printed_and_keeps_its_contract(healthy, capsys):
    code, out, err = command("--json", capsys=capsys)
    told = json.loads(out)

    validate(told)
    assert (code, err) == (0, "")
    assert (told["version"], told["health"], told["score"]) == (1, "OK", 100)
    assert told["parts"]["etl_freshness"]["figures"]["usual_seconds"] == pytest.approx(3_600, abs=5)


def test_an_empty_and_broken_console_keeps_the_contract_too(transactional_db, monkeypatch):
    told = looked()

    validate(told)
    assert told["health"] == "CRITICAL"
    assert told["parts"]["canary"]["state"] == "UNKNOWN"
    assert told["parts"]["workers"]["reasons"][0]["code"] == "no_workers"


def test_the_period_bounds_what_is_counted(healthy, django_user_model):
    ana = django_user_model.objects.create_user("ana", password="clave-1")
    before = timezone.now() - timedelta(hours=5)
    JobRun.objects.create(operation="otra", status="lost", origin="cli", queued_at=before)
    notify([ana], subject="Falló", level="error", kind="ended", run_id=7)
    Notification.objects.update(created_at=before)
    AccessAttempt.objects.create(username="ana", ip_address="10.0.0.1", failures_since_start=40)
    AccessAttempt.objects.update(attempt_time=before)

    day, hours = looked(period=24), looked(period=4)

    assert (day["period_hours"], hours["period_hours"]) == (24, 4)
    assert [told["parts"]["runs"]["figures"]["lost"] for told in (day, hours)] == [1, 0]
    assert [told["parts"]["messages"]["figures"]["unread"] for told in (day, hours)] == [1, 0]
    assert [told["parts"]["logins"]["figures"]["failed"] for told in (day, hours)] == [40, 0]


def test_an_error_that_somebody_has_read_is_known(healthy, django_user_model):
    people = [django_user_model.objects.create_user(name) for name in ("ana", "eva")]
    notify(people, subject="Falló", level="error", kind="ended", run_id=7)
    notify(people, subject="Tarda", level="warning", kind="slow", run_id=7)
    Notification.objects.update(created_at=timezone.now() - timedelta(hours=1))

    assert looked()["parts"]["messages"]["figures"]["unread"] == 1

    Notification.objects.filter(recipient=people[0]).update(is_read=True, read_at=timezone.now())
    assert looked()["parts"]["messages"]["figures"]["unread"] == 0


def test_who_is_locked_out_is_counted_and_not_named(healthy, capsys):
    for number in range(3):
        AccessAttempt.objects.create(
            username=f"ana{number}", ip_address="10.0.0.1", failures_since_start=99
        )

    code, out, _err = command("--json", capsys=capsys)

    assert code == 1
    assert json.loads(out)["parts"]["logins"]["figures"] == {
        "failed": 297, "accounts": 3, "locked": 3,
    }  # fmt: skip
    assert "ana0" not in out
    assert "10.0.0.1" not in out


def test_rejections_are_measured_by_the_ten_loads_before_and_simulations_are_none(healthy):
    bad = {"read": 1_000, "rejected": 300}
    JobRun.objects.bulk_create([etl_run(1, result=bad, params={"dry_run": True})])
    assert looked()["parts"]["etl_rejections"]["state"] == "OK"

    JobRun.objects.bulk_create([etl_run(0.75, result=bad)])
    told = looked()["parts"]["etl_rejections"]
    assert (told["state"], told["figures"]["share"]) == ("CRITICAL", 0.3)
    assert told["figures"]["usual_share"] == 0.05


def test_programmes_behind_their_time_and_paused_ones(healthy):
    late = timezone.now() - timedelta(minutes=10)
    common = {"func": "opsconsole.tasks.run_scheduled", "schedule_type": "O", "next_run": late}
    Schedule.objects.create(**common, repeats=-1)
    Schedule.objects.create(**common, repeats=0)

    told = looked()["parts"]["schedules"]

    assert (told["state"], told["figures"]["active"], told["figures"]["overdue"]) == (
        "WARNING",
        1,
        1,
    )


@pytest.mark.parametrize(("least", "code"), [("95", 1), ("96", 2)])
def test_below_the_score_that_was_asked_for_it_is_critical(healthy, capsys, least, code):
    JobRun.objects.create(operation="generate_report", status="failed", origin="admin")

    found, out, err = command("--fail-under", least, capsys=capsys)

    assert found == code
    assert ("  Menos que lo pedido: 96\n" in out) is (code == 2)
    assert ("puntaje 95 de 100, y se pidió 96" in err) is (code == 2)


@pytest.mark.parametrize("words", [("--period", "0"), ("--fail-under", "101"), ("--what",)])
def test_a_wrong_option_is_no_all_clear_and_no_alarm(transactional_db, capsys, words):
    code, out, err = command(*words, capsys=capsys)

    assert (code, out) == (3, "")
    assert err.startswith("ERROR: ")
    assert JobRun.objects.count() == 0


def test_a_console_that_cannot_answer_is_critical(healthy, capsys, monkeypatch):
    def away(**options):
        raise OperationalError("connection refused")

    monkeypatch.setattr(monitor_validation, "gather", away)

    code, _out, err = command(capsys=capsys)

    assert code == 2
    assert err.startswith("ERROR: ")


def test_one_that_hangs_and_had_to_be_cut_off_is_critical(monkeypatch, capsys):
    codes = []
    monkeypatch.setattr("os._exit", codes.append)
    shell = load_command_class("callcentersite.apps.monitoring", "monitor_validation")

    TerminalRun(shell, registry.get("monitor_validation"), {})._die()

    assert codes == [2]


def test_in_a_worker_the_json_is_a_file_and_nothing_is_changed_by_looking(healthy):
    run = runner.submit(
        registry.get("monitor_validation"), {"json": True}, door=terminal(), enqueue=False
    )

    runner.execute(run.pk)

    (file,) = JobRun.objects.get(pk=run.pk).artifacts.all()
    assert file.name == "salud.json"
    validate(json.loads(file.file.read()))
