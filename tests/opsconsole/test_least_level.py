"""OPSCONSOLE["LEAST_LEVEL"]: what is below it is shown and not stored."""

import time

import pytest

from opsconsole import Operation, registry, runner
from opsconsole.conf import least_level
from opsconsole.models import JobLog, JobRun, Level

pytestmark = pytest.mark.django_db(databases=["default", "ops"], transaction=True)

LEVELS = ["DEBUG", "INFO", "SUCCESS", "WARNING", "ERROR"]


class SayEverything(Operation):
    """One line of each level; then perhaps another level holds, and once more."""

    name = "say_everything"
    title = "Decirlo todo"
    meanwhile = staticmethod(lambda ctx: None)

    def run(self, params, ctx):
        for round_ in (1, 2):
            for level in LEVELS:
                getattr(ctx, level.lower())(f"{round_} {level}")
            self.meanwhile(ctx)


@pytest.fixture
def say():
    yield registry.register(SayEverything)
    registry.unregister(SayEverything.name)


@pytest.fixture
def level(settings):
    """Let the site say which level is the least."""

    def level(value):
        settings.OPSCONSOLE = {**settings.OPSCONSOLE, "LEAST_LEVEL": value}

    return level


def stored(run):
    return list(JobLog.objects.filter(run=run).order_by("seq").values_list("message", flat=True))


@pytest.mark.parametrize("least", LEVELS)
def test_lines_below_the_least_level_are_not_stored(say, level, submit, least):
    level(least)
    run, shown = submit("say_everything"), []

    runner.execute(run.pk, echo=lambda line: shown.append(line.message))

    kept = LEVELS[LEVELS.index(least) :]
    assert stored(run) == [f"{round_} {name}" for round_ in (1, 2) for name in kept]
    assert shown == [f"{round_} {name}" for round_ in (1, 2) for name in LEVELS]
    assert JobRun.objects.get().log_lines == 2 * len(kept)


def test_the_lines_that_are_stored_are_numbered_without_gaps(say, level, perform):
    level("WARNING")

    run = perform("say_everything")

    numbers = JobLog.objects.filter(run=run).order_by("seq").values_list("seq", flat=True)
    assert list(numbers) == [1, 2, 3, 4]


def test_a_run_under_way_hears_of_another_level(say, level, submit, monkeypatch):
    now = {"level": "ERROR"}
    level(lambda: now["level"])

    def wait_until_heard(ctx):
        now["level"] = "WARNING"
        deadline = time.monotonic() + 10
        while ctx.least_level is not Level.WARNING and time.monotonic() < deadline:
            time.sleep(0.05)

    monkeypatch.setattr(SayEverything, "meanwhile", staticmethod(wait_until_heard))
    run = submit("say_everything")
    runner.execute(run.pk)

    assert stored(run) == ["1 ERROR", "2 WARNING", "2 ERROR"]


def test_the_level_may_be_named_by_a_dotted_path(level):
    level("tests.opsconsole.test_least_level.only_errors")

    assert least_level() is Level.ERROR


def only_errors():
    return "ERROR"


@pytest.mark.parametrize("value", ["LOUD", "no.such.path", lambda: 1 / 0])
def test_a_level_that_cannot_be_learned_fails_no_run(say, level, perform, value, caplog):
    level(value)

    run = perform("say_everything")

    assert run.status == "succeeded"
    assert len(stored(run)) == 10
    assert "LEAST_LEVEL" in caplog.text
