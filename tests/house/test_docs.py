"""The documentation says what the code says."""

import re
import shlex
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, get_commands, load_command_class

from callcentersite.apps.analytics.models import Call
from opsconsole import Operation, runner
from opsconsole.conf import DEFAULTS
from opsconsole.doors import terminal
from opsconsole.management.commands.console import VERB
from opsconsole.manual import EXIT_CODES, examples_of
from opsconsole.models import JobLog, JobRun
from opsconsole.states import Status
from tests.house.operations_document import PATH, document, house_operations

ROOT = PATH.parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(PATH.parent.glob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
COMMAND = re.compile(r"manage\.py ([a-z_]+)")
TARGET = re.compile(r"^ *(?:\$ )?make ([a-z]+)", re.MULTILINE)


def reference():
    return (PATH.parent / "reference.md").read_text()


def test_the_operations_reference_is_current():
    assert PATH.read_text() == document(), "Ejecute: make docs"


def anchors(page):
    """Where a page's headings are found, as the usual readers of Markdown have it."""
    plain = [re.sub(r"[^\w -]", "", text).lower() for text in HEADING.findall(page.read_text())]
    return {text.replace(" ", "-") for text in plain}


def leads_somewhere(page, file, anchor):
    target = page.parent / file if file else page
    return target.exists() and (not anchor or anchor in anchors(target))


def test_every_link_leads_somewhere():
    links = [(page, *found) for page in PAGES for found in LINK.findall(page.read_text())]

    assert len(links) > 50
    assert [link for link in links if not leads_somewhere(*link)] == []


def test_how_do_i_lists_every_chapter_that_it_has():
    text = (PATH.parent / "how-do-i.md").read_text()
    listed = [title for title, _anchor in re.findall(r"\[([^]]+)\]\(#([^)]+)\)", text)]

    assert set(re.findall(r"^## (.+)$", text, re.MULTILINE)) - set(listed) == set()


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


def understood(line):
    """Whether ``manage.py`` takes the line of a help page as it is written."""
    name, *words = shlex.split(line.removeprefix("python manage.py "))
    command = load_command_class(get_commands()[name], name)
    try:
        command.create_parser("manage.py", name).parse_args(words)
    except (CommandError, SystemExit) as left:
        return not getattr(left, "code", 1)  # --help ends well
    return True


def test_every_line_of_the_help_pages_is_understood(capsys):
    lines = [one.line for each in house_operations() for one in examples_of(each)]

    assert len(lines) > 100
    assert [line for line in lines if not understood(line)] == []


def test_every_make_target_that_is_shown_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = {name for page in PAGES for name in TARGET.findall(page.read_text())}

    assert {"demo", "test"} <= shown
    assert shown - targets == set()


def named_in(chapter):
    """The names in the first column of a chapter's table."""
    table = reference().partition(f"\n## {chapter}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_the_reference_names_every_setting_of_the_engine_and_no_other():
    assert sorted(named_in("`settings.OPSCONSOLE`")) == sorted(DEFAULTS)


def test_the_reference_says_everything_once():
    rows = [line for line in reference().splitlines() if line.startswith("| `")]

    assert [row for row in rows if rows.count(row) > 1] == []
    assert len(named_in("Una operación")) == len(set(named_in("Una operación")))


def test_the_reference_names_everything_that_an_operation_may_say():
    chapter = reference().partition("\n## Una operación\n")[2].partition("\n## ")[0]
    answered = {"permission", "has_plan", "deadline"}  # by the engine, of every operation
    own = {*vars(Operation), *Operation.__annotations__} - answered

    assert {name for name in own if name[0] != "_" and f"`{name}" not in chapter} == set()


def test_the_reference_names_every_verb_of_the_console():
    parser = load_command_class("opsconsole", "console").create_parser("manage.py", "console")
    verbs = next(action.choices for action in parser._actions if action.dest == VERB)
    named = {name.split()[1] for name in named_in("Comandos") if name.startswith("console ")}

    assert named == set(verbs)


def test_the_reference_tells_the_exit_codes_of_the_help_pages():
    table = "\n".join(f"| {code} | {meaning} |" for code, meaning in EXIT_CODES)

    assert table in reference()


def test_the_reference_names_every_state():
    assert [status for status in Status.values if f"`{status}`" not in reference()] == []


def test_the_reference_names_every_variable_that_the_settings_read_and_no_other():
    read = re.compile(r"(?:env\.\w+|database|networks|secret_word)\(\s*\"([A-Z_]+)\"")
    files = (ROOT / "callcentersite" / "settings").glob("*.py")
    variables = {name for file in files for name in read.findall(file.read_text())}

    assert {"DATABASE_URL", "SECRET_KEY", "DATA_DIR"} <= variables
    assert set(named_in("Variables de entorno")) == variables | {"DJANGO_SETTINGS_MODULE"}
