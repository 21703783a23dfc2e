"""Measuring leaves no trace: not in a database, not in a mailbox, not in the queue, on no disk."""

import time

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import OperationalError, connections

from callcentersite.apps.common.measuring.isolation import databases
from opsconsole import OperationError
from tests.doors.content import changed, content

from . import planted

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
NOT_UNDONE = "no se puede deshacer"


def test_a_post_that_writes_everywhere_leaves_no_trace(look_at, legacy):
    before = content()

    report = look_at("/escribe/", method="POST", iterations=2, name="intrusa")

    assert report.answer == "201"
    assert planted.CALLED == [("intrusa", "ana")] * 8
    assert changed(before, content()) == []
    assert mail.outbox == []


def test_sessions_leave_no_trace_either(look_at):
    look_at("/limpia/")

    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM django_session")
        assert cursor.fetchone() == (0,)


def test_a_durable_transaction_is_rolled_back_as_well(call, memberships):
    before = content()

    call("opens_a_durable_transaction")

    assert changed(before, content()) == []


@pytest.mark.parametrize(
    "function",
    [
        "writes_a_file", "stores_a_file", "moves_a_file", "starts_a_process",
        "hides_that_it_starts_a_process", "starts_a_thread", "opens_another_database",
    ],
)  # fmt: skip
def test_what_cannot_be_rolled_back_is_refused(function, call, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)

    with pytest.raises(OperationError, match=NOT_UNDONE):
        call(function)

    assert list(tmp_path.iterdir()) == []
    assert planted.CALLED == []


def test_what_is_cached_meanwhile_nobody_finds(call):
    call("remembers_in_the_cache")

    first, *later = planted.CALLED
    assert (first, set(later)) == (None, {"aquí estuve"})
    assert cache.get("huella") is None


def test_a_commit_is_refused(call):
    with pytest.raises(OperationError, match=NOT_UNDONE):
        call("commits")


def test_temporary_files_are_nobodys_data(call):
    assert call("uses_a_temporary_file").iterations == 1


def test_afterwards_everything_is_allowed_again(call, tmp_path):
    call("naps", seconds=0.0)

    (tmp_path / "x").write_text("x")
    assert (tmp_path / "x").read_text() == "x"
    assert all(not connections[alias].in_atomic_block for alias in connections)
    assert all(connections[alias].execute_wrappers == [] for alias in connections)


def test_an_error_in_the_middle_is_rolled_back(look_at):
    before = content()

    with pytest.raises(OperationError) as refusal:
        look_at("/falla/")

    assert "ValueError: se rompió a propósito" in refusal.value.cause
    assert "measuring/planted.py:" in refusal.value.cause
    assert changed(before, content()) == []


def test_a_streamed_answer_is_read_to_its_end(look_at):
    assert look_at("/fluye/").answer == "200"


def test_a_database_that_is_away_is_shut_and_the_rest_is_measured(call, monkeypatch):
    def away():
        raise OperationalError("no route to host")

    monkeypatch.setattr(connections["legacy"], "ensure_connection", away)
    monkeypatch.setattr(databases, "_silent_until", {})

    assert call("naps", seconds=0.0).iterations == 1
    assert set(databases._silent_until) == {"legacy"}


def test_nothing_is_asked_of_a_database_that_was_away_at_the_beginning(call, monkeypatch):
    monkeypatch.setattr(databases, "_silent_until", {"default": time.monotonic() + 60})

    with pytest.raises(OperationError, match="Lo medido falló") as refusal:
        call("uses_what_it_fetches")

    assert "«default» no respondió" in refusal.value.cause
