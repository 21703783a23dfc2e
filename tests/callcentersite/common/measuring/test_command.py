"""The guide's command: its options, its output, its exit codes."""

import json
import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from opsconsole import runner
from opsconsole.doors import terminal
from opsconsole.models import JobArtifact, JobRun
from tests.faults.processes import eventually

from . import planted
from .conftest import as_if_it_took, said

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
NAPS = f"{planted.__name__}.naps"
FILES = ["perfil.html", "perfil.json", "perfil.pstats", "perfil.speedscope.json", "perfil.txt"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def command(**options):
    out = StringIO()
    call_command("profile_code", **{"iterations": 1} | options, stdout=out)
    return out.getvalue()


def last_run():
    return JobRun.objects.latest("pk")


def test_the_guides_example_of_an_endpoint(switched_on, ana):
    out = command(endpoint="/admin/", method="GET", iterations=2)

    assert out.startswith("Profiling endpoint: /admin/ (GET)\nIterations: 2\n" + "=" * 42 + "\n")
    assert "Total time: " in out
    assert "Recommendations" in out


def test_the_guides_example_of_a_function_needs_no_params(switched_on):
    name = "callcentersite.apps.analytics.services.calculate_metrics"

    out = command(function=name)

    assert out.startswith(f"Profiling function: {name}\n")


def test_json_has_the_same_figures(switched_on):
    data = json.loads(command(function=NAPS, format="json", params='{"seconds": 0.01}'))

    assert data["subject"]["target"] == NAPS
    assert data["summary"]["iterations"] == 1
    assert data["summary"]["median_ms"] >= 20
    assert round(data["summary"]["median_ms"], 1) == last_run().result["median_ms"]


def test_speedscope_gets_its_file(switched_on):
    data = json.loads(command(function=NAPS, format="speedscope"))

    assert data["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    assert any(frame["name"] == "nap" for frame in data["shared"]["frames"])


def test_html_is_one_file_that_asks_nobody_for_anything(switched_on, tmp_path):
    out = command(function=NAPS, format="html", output="perfil.html")

    page = (tmp_path / "perfil.html").read_text()
    assert out == "Informe guardado en perfil.html.\n"
    assert page.startswith("<!DOCTYPE html>")
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert 'class="box project"' in page


def test_every_form_of_the_report_stays_with_the_run(switched_on):
    command(function=NAPS)

    names = JobArtifact.objects.filter(run=last_run()).order_by("name")
    assert [artifact.name for artifact in names] == FILES
    assert said(last_run())[0] == f"Profiling function: {NAPS}"


def test_as_quick_as_before_is_well(switched_on):
    command(function=NAPS)
    before = last_run()
    as_if_it_took(before, ms=1_000_000)

    command(function=NAPS, against=before.pk)

    assert last_run().status == "succeeded"
    assert -100 <= last_run().result["slower_percent"] < 0


def test_slower_than_the_limit_ends_with_code_5(switched_on):
    command(function=NAPS)
    before = last_run()
    as_if_it_took(before, ms=1)

    with pytest.raises(CommandError) as refusal:
        command(function=NAPS, against=before.pk)

    assert refusal.value.returncode == 5
    assert f"más lento que la corrida {before.pk}" in str(refusal.value)
    assert "el límite es 20%" in str(refusal.value)
    assert JobArtifact.objects.filter(run=last_run(), name="perfil.json").exists()
    assert last_run().result["slower_percent"] > 20


@pytest.mark.parametrize("fail_over", ["mucho", "-5%", "20%%"])
def test_the_limit_is_a_percentage(fail_over, switched_on):
    with pytest.raises(CommandError) as refusal:
        command(function=NAPS, fail_over=fail_over)

    assert refusal.value.returncode == 2


def test_only_the_same_is_compared(switched_on, ana):
    command(function=NAPS)
    before = last_run()

    with pytest.raises(CommandError) as refusal:
        command(endpoint="/limpia/", against=before.pk)

    assert refusal.value.returncode == 2
    assert "midió otra cosa" in str(refusal.value)


def test_a_run_that_is_no_profile_is_not_compared(switched_on):
    with pytest.raises(CommandError) as refusal:
        command(function=NAPS, against=999_999)

    assert refusal.value.returncode == 2


def test_a_run_that_is_cancelled_stops_where_it_is(switched_on, ana):
    def cancel():
        eventually(lambda: planted.CALLED, what=lambda: "a page that sleeps")
        runner.cancel(last_run(), door=terminal())
        connections.close_all()

    another = threading.Thread(target=cancel)
    another.start()

    with pytest.raises(CommandError):
        command(endpoint="/duerme/")

    another.join()
    assert last_run().status == "cancelled"
    assert planted.CALLED == ["sleeps"]
