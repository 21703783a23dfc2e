"""What an operation prints or logs by other means reaches its run, and never fails it."""

import logging

import pytest

from opsconsole.capture import captured_output
from opsconsole.context import RunContext
from opsconsole.models import JobLog, JobRun
from opsconsole.tasks import execute_run


def captured(work):
    """The lines of a run in which this was done."""
    ctx = RunContext()
    with captured_output(ctx):
        work()
    return [(line.level, line.message) for line in ctx.lines]


def test_prints_and_log_records_become_lines(monkeypatch):
    # A handler that another test left with a closed stream is not this one's business.
    monkeypatch.setattr(logging, "raiseExceptions", False)

    def work():
        print("uno")
        logging.getLogger("tests.capture").warning("dos %s", 2)
        print("tres", end="")

    assert captured(work) == [("INFO", "uno"), ("WARNING", "dos 2"), ("INFO", "tres")]


def test_a_progress_bar_on_one_line_is_not_kept_back_until_the_end():
    def work():
        print("10 %", end="\r")
        print("20 %", end="\r")

    assert captured(work) == [("INFO", "10 %"), ("INFO", "20 %")]


def test_a_wrong_format_string_of_a_log_record_fails_no_operation(monkeypatch):
    monkeypatch.setattr(logging, "raiseExceptions", False)

    assert captured(lambda: logging.getLogger("tests.capture").error("%d", "x")) == []


@pytest.mark.django_db(transaction=True, databases=["default", "ops"])
def test_in_a_worker_the_last_print_is_kept_even_without_its_line_end(submit, monkeypatch):
    from tests.operations import CountSlowly

    monkeypatch.setattr(CountSlowly, "run", lambda self, params, ctx: print("hecho", end=""))
    run = submit("count_slowly")

    assert execute_run(run.pk) == "succeeded"

    assert JobLog.objects.get(run=run).message == "hecho"
    assert JobRun.objects.get(pk=run.pk).log_lines == 1
