"""What is installed is written down, with versions, and fits together."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

FOLDER = Path(__file__).resolve().parent.parent.parent / "requirements"
PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[0-9][\w.]*)( ; .+)?$")
SETS = ("base", "mariadb", "test", "development", "production")


def lines(file_name):
    text = (FOLDER / file_name).read_text()
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def pins(name):
    return {line.partition("==")[0]: line for line in lines(f"{name}.txt")}


def wanted(name):
    """The packages that a .in file asks for itself."""
    asked = [line for line in lines(f"{name}.in") if not line.startswith("-")]
    return {re.split(r"[^A-Za-z0-9-]", line)[0].lower() for line in asked}


@pytest.mark.parametrize("name", SETS)
def test_every_requirement_is_pinned(name):
    assert [line for line in lines(f"{name}.txt") if not PIN.match(line)] == []


@pytest.mark.parametrize("name", SETS)
def test_what_is_asked_for_has_been_compiled(name):
    assert wanted(name) - set(pins(name)) == set()


@pytest.mark.parametrize("name", ["test", "development", "production"])
def test_tests_run_with_the_versions_that_are_installed_elsewhere(name):
    versions = {package: PIN.match(line)["version"] for package, line in pins(name).items()}

    for package, line in pins("base").items():
        assert versions[package] == PIN.match(line)["version"]


def test_the_base_needs_no_compiler():
    assert "mysqlclient" not in pins("base")
    assert "mysqlclient" in pins("mariadb")
    assert "mysqlclient" in pins("production")


def test_no_file_says_where_packages_come_from():
    for file in FOLDER.iterdir():
        assert not re.search(r"index-url|find-links|https?://", file.read_text()), file.name
