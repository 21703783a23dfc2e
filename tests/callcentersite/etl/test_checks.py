"""The warning about a user of the IVR's database that may write."""

import pytest
from django.core.checks import run_checks
from django.db import OperationalError, connections

from callcentersite.apps.etl import checks
from callcentersite.apps.etl.domain.grants import writing_rights

READER = ["GRANT USAGE ON *.* TO `lector`@`%` IDENTIFIED BY PASSWORD '*0'",
          r"GRANT SELECT, SHOW VIEW ON `ivr\_legacy`.* TO `lector`@`%`"]  # fmt: skip


@pytest.mark.parametrize(
    ("grants", "rights"),
    [
        (READER, set()),
        (["GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost`"], {"ALL PRIVILEGES"}),
        (["GRANT SELECT, INSERT, UPDATE ON `ivr_legacy`.* TO `x`@`%`"], {"INSERT", "UPDATE"}),
        (["GRANT SELECT, DELETE ON `ivr_legacy`.`ivr_calls` TO `x`@`%`"], {"DELETE"}),
        (["GRANT INSERT ON `other`.* TO `x`@`%`"], set()),
        (["GRANT UPDATE ON `ivr%`.* TO `x`@`%`"], {"UPDATE"}),
        (["GRANT SELECT (ani, notes), UPDATE (notes) ON `ivr_legacy`.`ivr_calls` TO `x`@`%`"],
         {"UPDATE"}),
        (["GRANT `writers` TO `x`@`%`"], set()),
    ],
)  # fmt: skip
def test_rights_beyond_reading(grants, rights):
    assert writing_rights(grants, database="ivr_legacy") == rights


class FakeMariaDB:
    vendor = "mysql"
    settings_dict = {"NAME": "ivr_legacy"}


@pytest.fixture
def production(settings, monkeypatch):
    """Production, with a MariaDB whose grants the test decides."""
    settings.ALLOW_TEST_DATA = False
    monkeypatch.setattr(checks, "connections", {"legacy": FakeMariaDB()})

    def granted(answer):
        monkeypatch.setattr(checks, "grants", answer)

    return granted


def ids(databases):
    return [m.id for m in run_checks(databases=databases) if m.id.startswith("etl.")]


def test_a_user_that_may_write_is_warned_about(production):
    production(lambda connection: ["GRANT ALL PRIVILEGES ON *.* TO `root`@`%`"])

    (warning,) = checks.legacy_user_only_reads(None, databases=["legacy"])

    assert warning.id == "etl.W001"
    assert warning.msg.endswith("puede escribir en el IVR: ALL PRIVILEGES.")


def test_a_reader_is_not(production):
    production(lambda connection: READER)

    assert checks.legacy_user_only_reads(None, databases=["legacy"]) == []


def test_a_database_that_does_not_answer_is_said_not_raised(production):
    def refuse(connection):
        raise OperationalError("Access denied")

    production(refuse)

    (warning,) = checks.legacy_user_only_reads(None, databases=["legacy"])

    assert warning.id == "etl.W002"


@pytest.mark.parametrize("databases", [None, [], ["default"]])
def test_without_the_legacy_database_named_nobody_connects(production, databases):
    def connect(connection):
        raise AssertionError("connected")

    production(connect)

    assert checks.legacy_user_only_reads(None, databases=databases) == []


def test_where_test_data_is_written_there_is_no_warning(production, settings):
    settings.ALLOW_TEST_DATA = True
    production(lambda connection: ["GRANT ALL PRIVILEGES ON *.* TO `root`@`%`"])

    assert checks.legacy_user_only_reads(None, databases=["legacy"]) == []


def test_the_check_runs_where_databases_are_named_only(legacy, settings):
    """On MariaDB the tests' own user may do everything; a SQLite file has no users."""
    settings.ALLOW_TEST_DATA = False
    expected = ["etl.W001"] if connections["legacy"].vendor == "mysql" else []

    assert ids(["legacy"]) == expected
    assert ids(None) == []
