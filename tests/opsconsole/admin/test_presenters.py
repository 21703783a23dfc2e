"""What the pages say of durations, progress, phases and parameters."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms

from opsconsole import registry
from opsconsole.admin.presenters import words
from opsconsole.admin.presenters.chips import LOOKS
from opsconsole.admin.presenters.figures import figures_of, param_value
from opsconsole.admin.presenters.run import phases_of, progress_of
from opsconsole.admin.presenters.spark import spark_of
from opsconsole.models import JobRun
from opsconsole.states import Status

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"),
        (0, "0,0 s"),
        (0.03, "< 0,1 s"),
        (6.94, "6,9 s"),
        (9.96, "10 s"),
        (42, "42 s"),
        (60, "1 min"),
        (80, "1 min 20 s"),
        (7_500, "2 h 5 min"),
        (273_600, "3 d 4 h"),
    ],
)
def test_durations(seconds, said):
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-3, "hace 0 s"),
        (42, "hace 42 s"),
        (300, "hace 5 min"),
        (7_300, "hace 2 h"),
        (90_000, "hace 1 día"),
        (180_000, "hace 2 días"),
    ],
)
def test_moments(seconds, said):
    assert words.ago(NOON - timedelta(seconds=seconds), now=NOON) == said


def test_every_state_has_its_look():
    assert set(LOOKS) == set(Status)


def running(**columns):
    columns = {"started_at": NOON - timedelta(seconds=10), "attempt": 1} | columns
    return JobRun(operation="count_slowly", status="running", **columns)


def test_progress_has_a_rate_and_the_time_left():
    view = progress_of(running(progress_current=40_000, progress_total=100_000), now=NOON)

    assert (view.percent, view.rate, view.left) == (40, "4\xa0000", "15 s")


def test_without_a_total_there_is_no_bar():
    view = progress_of(running(progress_current=40), now=NOON)

    assert (view.total, view.maximum, view.left) == ("", 0, "")


def test_after_a_resume_nobody_guesses_the_rate():
    view = progress_of(running(progress_current=40, progress_total=100, attempt=2), now=NOON)

    assert (view.rate, view.left) == ("", "")


def test_nothing_said_is_nothing_shown():
    assert progress_of(running(), now=NOON) is None


def test_a_run_that_ended_without_having_begun_has_no_phases():
    missed = JobRun(operation="count_slowly", status="missed")

    assert phases_of(missed, registry.get("count_slowly")) == []


def test_phases_come_in_their_order_and_unknown_ones_last():
    run = running(phase="extra", phases={"extra": {"seconds": 3.0, "done": 0.5}})

    views = phases_of(run, registry.get("count_slowly"))

    assert [(view.title, view.time, view.percent, view.current) for view in views] == [
        ("Contar", "–", 0, False),
        ("extra", "3,0 s", 50, True),
    ]


def test_the_figures_of_a_gone_operation_go_by_their_keys():
    run = running(result={"loaded": 12_880, "reasons": {"x": 1}})

    assert [(view.title, view.value) for view in figures_of(run, None)] == [("loaded", "12\xa0880")]


def test_parameters_are_said_in_the_words_of_the_form():
    field = forms.ChoiceField(choices=[("Grupo", [("inc", "incremental")]), ("full", "completo")])

    assert param_value(field, "inc") == "incremental"
    assert param_value(field, "retirado") == "retirado"
    assert param_value(None, True) == "sí"
    assert param_value(None, None) == "–"
    assert param_value(None, ["a", "b"]) == "a, b"


def ended(pk, seconds, status="succeeded"):
    return JobRun(
        pk=pk, operation="count_slowly", status=status, started_at=NOON,
        finished_at=NOON + timedelta(seconds=seconds),
    )  # fmt: skip


def test_the_sparkline_counts_successes_only_and_marks_the_slowest():
    runs = [ended(5, 80), ended(4, 9_999, "failed"), ended(3, 70), ended(2, 151)]

    spark = spark_of(runs, current=runs[0])

    assert [bar.title for bar in spark.bars] == ["#2 · 2 min 31 s", "#3 · 1 min 10 s",
                                                 "#5 · 1 min 20 s"]  # fmt: skip
    assert [bar.current for bar in spark.bars] == [False, False, True]
    assert (spark.median, spark.slowest_label) == ("1 min 20 s", "#2")


def test_one_run_is_no_history():
    assert spark_of([ended(5, 80)]) is None
