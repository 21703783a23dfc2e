"""``validate_data_integrity [--fix] [--model M] [--json] [--fail-on warning|error]``."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from django.core.management import CommandError, call_command

from callcentersite.apps.analytics.models import Call
from callcentersite.apps.etl.models import CallRejection
from callcentersite.apps.integrity import registry
from callcentersite.apps.integrity.domain.findings import SAMPLE, Offender
from opsconsole import registry as operations
from opsconsole import runner
from opsconsole.doors import terminal
from opsconsole.exceptions import NotAllowed, OperationError
from opsconsole.models import JobArtifact, JobRun
from tests.callcentersite.integrity.conftest import (
    BEGAN,
    a_call_has_no_agent,
    a_call_was_answered_before_it_began,
    a_rejection_was_loaded,
    command,
    door,
    everything_found,
    good_call,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "validate_data_integrity-1.json"


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self):
        return True


@pytest.fixture
def instead(monkeypatch):
    """``instead("rejections_mended", find=…)``: that check, with something else in it."""

    def instead(name, **changes):
        check = replace(registry.find(name), **changes)
        monkeypatch.setitem(registry._checks, name, check)

    return instead


def refused(*words):
    """Exit code, standard output and what would stand on standard error."""
    out = io.StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command(*words, stdout=out, no_color=True)
    return refusal.value.returncode, out.getvalue(), str(refusal.value)


def test_a_clean_database_gives_the_guides_line(clean):
    assert command("validate_data_integrity") == "No se encontraron problemas\n"
    assert command("validate_data_integrity") == "No se encontraron problemas\n"
    assert {run.status for run in JobRun.objects.all()} == {"succeeded"}


def test_what_is_found_is_listed_and_the_exit_says_so(clean):
    a_call_was_answered_before_it_began(None)
    a_call_has_no_agent(None)

    code, out, error = refused("validate_data_integrity")

    assert code == 1
    assert out.splitlines() == [
        "Se encontraron 2 problemas",
        "  - Llamada 3: se contestó antes de empezar o después de terminar.",
        "  - Llamada 6: el agente «A999» no existe.",
    ]
    assert "ERROR: Se encontraron 2 problemas" in error
    assert "CAUSA: 1 error, 1 advertencia:" in error
    row = JobArtifact.objects.get(name="problemas.csv")
    with row.file.open("r") as file:
        lines = list(csv.reader(io.StringIO(file.read())))
    assert [line[3] for line in lines[1:]] == ["3", "6"]
    run = JobRun.objects.get()
    assert (run.status, run.result["issues"], run.result["errors"]) == ("failed", 2, 1)


def test_warnings_alone_may_pass(clean):
    a_call_has_no_agent(None)

    out = command("validate_data_integrity", "--fail-on", "error")

    assert out.startswith("Se encontró 1 problema\n  - Llamada 6")
    assert refused("validate_data_integrity", "--fail-on=warning")[0] == 1
    a_call_was_answered_before_it_began(None)
    assert refused("validate_data_integrity", "--fail-on=error")[0] == 1


@pytest.mark.parametrize("name", ["analytics.Call", "call", "CALL"])
def test_a_model_limits_it_to_its_checks(clean, name):
    a_rejection_was_loaded(None)

    assert command("validate_data_integrity", "--model", name) == "No se encontraron problemas\n"
    assert JobRun.objects.get().result["checked"] == 4


def test_a_wrong_model_gets_the_list_of_the_right_ones(clean):
    code, out, error = refused("validate_data_integrity", "--model=Calls")

    assert (code, out) == (2, "")
    assert "No hay verificaciones del modelo «Calls»." in error
    assert "analytics.Call, analytics.DailyMetrics, archive.CallArchive, audit.AuditLog" in error
    assert refused("validate_data_integrity", "--fail-on=nunca")[0] == 2


def test_many_are_counted_and_some_are_shown(clean):
    many = range(100, 100 + SAMPLE + 5)
    Call.objects.bulk_create(good_call(number, agent_code="A999") for number in many)

    _code, out, _error = refused("validate_data_integrity", "--model=analytics.Call")

    assert out.startswith("Se encontraron 25 problemas\n")
    assert len(out.splitlines()) == 1 + SAMPLE + 1
    assert out.endswith("  - … y 5 más: Llamadas de un agente que no existe\n")
    with JobArtifact.objects.get().file.open("rb") as file:
        assert file.read().count(b"\n") == 26


def test_json_follows_its_schema(clean):
    schema = json.loads(SCHEMA.read_text())
    whole = json.loads(command("validate_data_integrity", "--json"))
    a_call_was_answered_before_it_began(None)

    code, out, _error = refused("validate_data_integrity", "--json", "--model=call")

    broken = json.loads(out)
    for document in (whole, broken):
        jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
    assert (code, broken["passed"], broken["issues"], broken["model"]) == (
        1,
        False,
        1,
        "analytics.Call",
    )
    assert (whole["passed"], whole["model"], len(whole["checks"])) == (
        True,
        None,
        len(registry.everything()),
    )
    assert broken["checks"][0]["sample"][0]["key"] == 3
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**broken, "version": 2}, schema)


def test_on_a_worker_the_json_is_a_file(clean):
    operation = operations.get("validate_data_integrity")
    run = runner.submit(operation, {"json": True}, door=terminal(), enqueue=False)

    runner.execute(run.pk)

    row = JobArtifact.objects.get(run=run)
    assert (row.name, row.content_type) == ("validacion.json", "application/json")
    assert json.loads(row.file.read())["issues"] == 0


# --fix


def test_fix_shows_the_plan_asks_and_mends(clean, monkeypatch):
    a_rejection_was_loaded(None)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda question: "yes")

    out = command("validate_data_integrity", "--fix")

    assert out.splitlines() == [
        "[INFO] Rechazos de llamadas que ya están cargadas: 1. "
        "Se elimina el rechazo; la llamada se queda.",
        "Se reparará 1 fila. De ellas se elimina 1.",
        "[SUCCESS] Rechazos de llamadas que ya están cargadas: 1",
        "[SUCCESS] 1 fila reparada",
        "No se encontraron problemas",
    ]
    assert list(CallRejection.objects.values_list("pk", flat=True)) == [99]


def test_fix_never_deletes_what_nobody_confirmed(clean, monkeypatch):
    a_rejection_was_loaded(None)

    assert refused("validate_data_integrity", "--fix", "--dry-run")[0] == 1
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert refused("validate_data_integrity", "--fix")[0] == 2
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda question: "no")
    code, out, _error = refused("validate_data_integrity", "--fix")

    assert (code, "Cancelado: no se cambió nada." in out) == (1, True)
    assert CallRejection.objects.count() == 2
    assert refused("validate_data_integrity", "--fix", "--force", "--expect-rows=7")[0] == 3
    assert CallRejection.objects.count() == 2


def test_fix_leaves_a_failing_exit_for_what_it_cannot_mend(clean):
    a_rejection_was_loaded(None)
    a_call_was_answered_before_it_began(None)

    code, out, _error = refused("validate_data_integrity", "--fix", "--force", "--json")

    assert (code, json.loads(out)["issues"]) == (1, 1)
    assert set(everything_found()) == {"calls_answered_out_of_call"}
    assert "No hay nada que hacer." in command(
        "validate_data_integrity", "--fix", "--fail-on=error", "--model=users.Funcion"
    )


def test_fix_of_a_model_leaves_the_others_alone(clean):
    a_rejection_was_loaded(None)

    command("validate_data_integrity", "--fix", "--force", "--model=call")

    assert CallRejection.objects.count() == 2


@pytest.mark.parametrize("words", [["--force"], ["--dry-run"], ["--expect-rows=1"]])
def test_an_option_of_fix_is_nothing_without_it(clean, words):
    code, _out, error = refused("validate_data_integrity", *words)

    assert (code, "Solo tiene efecto con --fix." in error) == (2, True)


def test_fix_is_not_left_to_a_worker_half_way(clean):
    code, _out, error = refused("validate_data_integrity", "--fix", "--enqueue", "--force")

    assert (code, "No va con --fix." in error) == (2, True)


# Drift, cancelling, rights


def planned(user=None, model=""):
    operation = operations.get("mend_data_integrity")
    return runner.keep_plan(operation, {"model": model}, door=door(user))


def test_what_changed_since_the_plan_is_not_touched(clean):
    a_rejection_was_loaded(None)
    kept = planned()
    CallRejection.objects.filter(pk=7).update(seen_at=BEGAN.replace(year=2027))
    CallRejection.objects.create(call_id=8, reasons=["x"], raw={}, seen_at=BEGAN)

    with pytest.raises(OperationError) as error:
        runner.apply(kept, door=terminal(), enqueue=False)

    assert error.value.exit_code == 3
    assert "rejections_mended +1 ~1 −0" in str(error.value.cause)
    assert CallRejection.objects.count() == 3


def test_what_changes_after_the_confirmation_is_not_touched_either(clean):
    a_rejection_was_loaded(None)
    run = runner.apply(planned(), door=terminal(), enqueue=False)
    CallRejection.objects.create(call_id=8, reasons=["x"], raw={}, seen_at=BEGAN)

    outcome = runner.execute(run.pk)

    assert (outcome.run.status, outcome.ending.exit_code) == ("failed", 3)
    assert CallRejection.objects.count() == 3


def test_cancelled_it_stops_before_the_next_check(clean, instead):
    contexts, looked = [], []
    instead("calls_lengths_differ", find=lambda: iter(contexts[0].request_stop() or ()))
    instead("calls_queue_unknown", find=lambda: iter(looked.append(1) or ()))
    operation = operations.get("validate_data_integrity")
    run = runner.submit(operation, {}, door=terminal(), enqueue=False)

    ended = runner.execute(run.pk, listen=contexts.append).run

    assert (ended.status, looked, JobArtifact.objects.count()) == ("cancelled", [], 0)


def test_a_mending_that_is_cancelled_undoes_its_check(clean, instead, monkeypatch):
    CallRejection.objects.bulk_create(
        CallRejection(call_id=number, reasons=["x"], raw={}, seen_at=BEGAN)
        for number in range(1, 11)
    )
    monkeypatch.setattr("callcentersite.apps.integrity.sealing.BATCH", 4)
    mend, contexts = registry.find("rejections_mended").mend, []

    def first_batch(keys):
        contexts[0].request_stop()
        return mend.apply(keys)

    instead("rejections_mended", mend=replace(mend, apply=first_batch))
    run = runner.apply(planned(), door=terminal(), enqueue=False)

    ended = runner.execute(run.pk, listen=contexts.append).run

    assert (ended.status, CallRejection.objects.count()) == ("cancelled", 10)


def test_neither_is_for_whoever_has_no_right(clean, account):
    a_rejection_was_loaded(None)
    looks = account("mira", "run_validate_data_integrity")

    with pytest.raises(NotAllowed):
        planned(looks)
    with pytest.raises(CommandError) as refusal:
        command("validate_data_integrity", "--fix", "--force", "--as=mira")

    assert refusal.value.returncode == 4
    assert CallRejection.objects.count() == 2


def test_an_offender_with_a_formula_is_only_text_in_the_file(clean, instead):
    rows = [Offender(key="=1+1", text="+cmd", mendable=False)]
    instead("calls_agent_unknown", find=lambda: iter(rows))

    refused("validate_data_integrity", "--model=call")

    with JobArtifact.objects.get().file.open("rb") as file:
        assert b"'=1+1,'+cmd" in file.read()
