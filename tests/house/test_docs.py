"""The documentation says what the code says."""

import re

from django.core.management import get_commands

from opsconsole.conf import DEFAULTS
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
    assert shown - set(get_commands()) - {"mi_operacion"} == set()


def test_every_make_target_that_is_shown_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = {name for page in PAGES for name in TARGET.findall(page.read_text())}

    assert {"demo", "test"} <= shown
    assert shown - targets == set()


def test_the_reference_names_every_setting_of_the_engine():
    assert [name for name in DEFAULTS if f"`{name}`" not in reference()] == []


def test_the_reference_names_every_state():
    assert [status for status in Status.values if f"`{status}`" not in reference()] == []


def test_the_reference_names_every_variable_that_the_settings_read():
    read = re.compile(r"(?:env\.\w+|database)\(\s*\"([A-Z_]+)\"")
    files = (ROOT / "callcentersite" / "settings").glob("*.py")
    variables = {name for file in files for name in read.findall(file.read_text())}

    assert {"DATABASE_URL", "SECRET_KEY", "DATA_DIR"} <= variables
    assert [name for name in sorted(variables) if f"`{name}`" not in reference()] == []
