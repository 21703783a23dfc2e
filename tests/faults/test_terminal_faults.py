"""A run from the terminal, and signals."""

import signal
import time

import pytest

from opsconsole.models import JobRun
from opsconsole.ticking import tick
from tests.faults.conftest import has_counted
from tests.faults.processes import eventually

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops", "legacy"])


def only_run():
    return eventually(lambda: JobRun.objects.first(), what="the run")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_command_and_its_run_as_cancelled(start, number, status):
    command = start("console", "run", "count_slowly", "--steps", "500", "--pause", "0.05")
    has_counted(only_run(), 3)

    command.signal(number)

    assert command.wait() == status
    run = only_run()
    assert run.status == "cancelled"
    assert run.finished_at is not None
    assert f"Corrida {run.pk} cancelada." in command.output


def test_a_second_command_is_refused_politely_while_the_first_works(start):
    start("console", "run", "count_slowly", "--steps", "500", "--pause", "0.05")
    has_counted(only_run(), 1)

    second = start("console", "run", "count_slowly")

    assert second.wait() == 6
    run = only_run()
    assert second.output.splitlines()[0] == (
        f"ERROR: «Contar despacio» ya está en ejecución: corrida {run.pk}."
    )
    assert JobRun.objects.count() == 1


def test_a_killed_command_leaves_a_lost_run(start, settings):
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "LOST_AFTER_SECONDS": 1}
    command = start("console", "run", "count_slowly", "--steps", "500", "--pause", "0.05")
    has_counted(only_run(), 1)

    command.signal(signal.SIGKILL)
    command.wait()
    time.sleep(1.2)
    tick()

    assert only_run().status == "lost"


def test_the_hard_deadline_ends_the_command_with_its_error(start):
    command = start("console", "run", "stubborn", "--seconds", "60")

    assert command.wait() == 1
    assert "Tiempo agotado" in command.output
    assert "tiempo agotado" in only_run().error
