"""The documentation says what the code says."""

import re
from datetime import UTC, datetime

import pytest
from django.core.management import get_commands

from callcentersite.apps.analytics.models import Call
from opsconsole import runner
from opsconsole.conf import DEFAULTS
from opsconsole.doors import terminal
from opsconsole.manual import EXIT_CODES
from opsconsole.models import JobLog, JobRun
from opsconsole.states import Status
from tests.house.operations_document import PATH, document

ROOT = PATH.parent.parent
PAGES = [ROOT / "README.md", *sorted(PATH.parent.glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
TARGET = re.compile(r"^ *(?:\$ )?make ([a-z]+)", re.MULTILINE)


def reference():
    return (PATH.parent / "reference.md").read_text()


def test_the_operations_reference_is_current():
    assert PATH.read_text() == document(), "Ejecute: make docs"


def test_every_link_leads_somewhere():
    links = [(page, target) for page in PAGES for target in LINK.findall(page.read_text())]

    assert len(links) > 5
    assert [(p.name, t) for p, t in links if not (p.parent / t).exists()] == []


def test_every_command_that_is_shown_exists():
    shown = {name for page in PAGES for name in COMMAND.findall(page.read_text())}

    assert {"migrate", "qcluster", "console", "run_etl"} <= shown
    assert shown - set(get_commands()) == set()


@pytest.mark.django_db(databases=["default", "ops"], transaction=True)
def test_the_example_operation_does_what_the_page_says(example):
    run = runner.submit(example, {}, door=terminal(), enqueue=False)

    runner.execute(run.pk)

    run = JobRun.objects.get(pk=run.pk)
    assert (run.status, run.error) == ("failed", "No hay llamadas.")
    assert (run.error_cause, run.error_remedy) == ("El ETL no se ha ejecutado", "Ejecute run_etl")


@pytest.mark.django_db(databases=["default", "ops"], transaction=True)
def test_the_example_operation_counts_calls(example):
    at = datetime(2026, 10, 5, 15, tzinfo=UTC)
    lengths = {"started_at": at, "ended_at": at, "duration_s": 0, "wait_s": 0, "talk_s": 0}
    for number, queue in enumerate(["SOPORTE", "VENTAS", "VENTAS"]):
        Call.objects.create(call_id=number, queue_code=queue, **lengths)

    run = runner.submit(example, {"minimum": 2}, door=terminal(), enqueue=False)

    runner.execute(run.pk)

    run = JobRun.objects.get(pk=run.pk)
    messages = JobLog.objects.filter(run=run).order_by("seq").values_list("message", flat=True)
    assert (run.status, run.result) == ("succeeded", {"calls": 3, "queues": 2})
    assert list(messages) == ["VENTAS: 2", "3 llamadas"]


def test_every_make_target_that_is_shown_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = {name for page in PAGES for name in TARGET.findall(page.read_text())}

    assert {"demo", "test"} <= shown
    assert shown - targets == set()


def test_the_reference_names_every_setting_of_the_engine():
    assert [name for name in DEFAULTS if f"`{name}`" not in reference()] == []


def test_the_reference_tells_the_exit_codes_of_the_help_pages():
    table = "\n".join(f"| {code} | {meaning} |" for code, meaning in EXIT_CODES)

    assert table in reference()


def test_the_reference_names_every_state():
    assert [status for status in Status.values if f"`{status}`" not in reference()] == []


def test_the_reference_names_every_variable_that_the_settings_read():
    read = re.compile(r"(?:env\.\w+|database)\(\s*\"([A-Z_]+)\"")
    files = (ROOT / "callcentersite" / "settings").glob("*.py")
    variables = {name for file in files for name in read.findall(file.read_text())}

    assert {"DATABASE_URL", "SECRET_KEY", "DATA_DIR"} <= variables
    assert [name for name in sorted(variables) if f"`{name}`" not in reference()] == []
