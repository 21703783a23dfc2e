"""What every test may ask for."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import hypothesis
import polars as pl
import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import TransactionTestCase

from callcentersite.apps.audit import asking
from callcentersite.apps.common.profiling import writing
from callcentersite.apps.configuration import settings_cache
from callcentersite.apps.etl import test_data
from callcentersite.apps.etl.domain.test_data import COLUMNS
from callcentersite.apps.etl.legacy_schema import create_tables, drop_tables
from tests import emptying

# Examples are judged by what they show, not by how long a busy machine takes to show it.
hypothesis.settings.register_profile("untimed", hypothesis.settings.default, deadline=None)
hypothesis.settings.load_profile("untimed")

# A call that every rule accepts; a test says only what is different about its own.
GOOD_CALL: dict[str, Any] = {
    "call_id": 1,
    "ani": "5512345678",
    "dnis": "8005550100",
    "queue_code": "NA_VENTAS",
    "agent_code": "A001",
    "started_at": "2026-10-05 09:00:00",
    "answered_at": "2026-10-05 09:00:10",
    "ended_at": "2026-10-05 09:03:10",
    "duration_s": 190,
    "wait_s": 10,
    "disposition": "ANSWERED",
    "menu_path": "1>2",
    "language": "es",
    "customer_id": 100_001,
    "recording_file": "2026/10/05/1.wav",
    "notes": None,
    "updated_at": "2026-10-05 09:03:11",
}
NUMBERS = {"call_id", "duration_s", "wait_s", "customer_id"}
SCHEMA = {name: pl.Int64 if name in NUMBERS else pl.String for name in COLUMNS}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for the legacy database works with every alias, and really commits.

    Those with real clusters and a real Chromium have a lane of their own.
    """
    for item in items:
        if item.path.parent.name in ("browser", "faults"):
            item.add_marker(pytest.mark.processes)
        uses_legacy = "legacy" in getattr(item, "fixturenames", ())
        if uses_legacy and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db(databases="__all__", transaction=True))


def pytest_unconfigure() -> None:
    """The databases of the tests were files in a folder of their own."""
    if settings.FOLDER.name.startswith("console-tests-"):
        shutil.rmtree(settings.FOLDER, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def emptied_between_tests() -> Iterator[None]:
    """By our own broom, which is quicker."""
    plain_setup = TransactionTestCase.__dict__["_fixture_setup"]

    def setup(case: type[TransactionTestCase]) -> None:
        emptying.remember(case)
        plain_setup.__get__(None, case)()
        if case.reset_sequences:
            emptying.number_on(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(setup))
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying.empty)
        yield


@pytest.fixture(autouse=True, scope="session")
def tests_are_no_transactions() -> Iterator[None]:
    """The transaction around a test is nothing that the product could see."""

    def in_transaction() -> bool:
        return any(not block._from_testcase for block in connection.atomic_blocks)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "in_transaction", in_transaction)
        yield


@pytest.fixture(autouse=True)
def settings_forgotten() -> None:
    """No test sees the settings that an earlier one had in memory."""
    settings_cache.forget()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """What a test had recorded is written before its tables are emptied."""
    writing.writer.flush()


@pytest.fixture
def legacy(db: None) -> Any:
    """The connection to the legacy database, its three tables fresh and empty."""
    connection = connections["legacy"]
    drop_tables(connection)
    create_tables(connection)
    return connection


@pytest.fixture
def legacy_calls(legacy: Any) -> Callable[..., list[dict[str, Any]]]:
    """Write rows to ``ivr_calls``: each is GOOD_CALL with the changes given.

    ``legacy_calls({}, {"ended_at": None})`` writes calls 1 and 2, a minute apart. The demo's queues
    and agents are there. Writing a call_id again replaces the row.
    """
    test_data.prepare(legacy)

    def write(*changes: dict[str, Any]) -> list[dict[str, Any]]:
        rows = [good_call(number) | change for number, change in enumerate(changes, 1)]
        test_data.write_block(legacy, pl.DataFrame(rows, schema=SCHEMA))
        return rows

    return write


def good_call(number: int) -> dict[str, Any]:
    """GOOD_CALL with this call_id, as many minutes later."""
    later = timedelta(minutes=number - 1)
    times = {
        name: str(datetime.fromisoformat(GOOD_CALL[name]) + later)
        for name in ("started_at", "answered_at", "ended_at", "updated_at")
    }
    return GOOD_CALL | times | {"call_id": number}
