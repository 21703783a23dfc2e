"""What cron should launch and does not is told, once for each time."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from opsconsole.models import Expectation, JobRun
from opsconsole.programmes import expectations
from opsconsole.states import ACTIVE

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
MIDNIGHT = datetime(2026, 11, 22, 6, tzinfo=UTC)  # in Mexico City
MINUTES, HOUR = timedelta(minutes=1), timedelta(hours=1)


def expect(*words):
    out = StringIO()
    call_command("console", "expect", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def hourly(engine_db):
    """Counting, every hour from midnight on."""
    expect("count_slowly", "--cron", "0 * * * *", "--grace", "10m")
    Expectation.objects.update(checked_until=MIDNIGHT)
    return Expectation.objects.get()


def came(at, *, ended=None, status="succeeded", began=True):
    return JobRun.objects.create(
        operation="count_slowly", origin="cli", status=status, queued_at=at,
        started_at=at if began else None,
        finished_at=None if status in ACTIVE else ended or at + MINUTES,
    )  # fmt: skip


def test_a_run_that_came_is_no_absence_and_one_that_did_not_is_told_once(hourly):
    came(MIDNIGHT + HOUR + 9 * MINUTES)
    now = MIDNIGHT + 2 * HOUR + 11 * MINUTES

    told = [expectations.look_after(now=now), expectations.look_after(now=now + MINUTES)]

    run = JobRun.objects.get(status="missed")
    assert told == [1, 0]
    assert (run.operation, run.origin, run.queued_at) == (
        "count_slowly", "cli", MIDNIGHT + 2 * HOUR
    )  # fmt: skip
    assert run.error == "No se ejecutó: debía empezar el 22 nov 2026, 02:00."
    assert run.error_cause == "Cron no la lanzó (0 * * * *), o no llegó a empezar."
    assert run.announced_at is not None


def test_before_the_grace_is_over_nothing_is_missed(hourly):
    assert expectations.look_after(now=MIDNIGHT + HOUR + 9 * MINUTES) == 0


def test_one_that_is_still_under_way_answers_for_the_times_it_covers(hourly):
    came(MIDNIGHT - HOUR, status="running")

    assert expectations.look_after(now=MIDNIGHT + 5 * HOUR) == 0


@pytest.mark.parametrize(
    "status", ["awaiting_approval", "queued", "rejected", "expired", "cancelled"]
)
def test_one_that_was_asked_for_and_never_began_answers_for_no_time(hourly, status):
    came(MIDNIGHT + HOUR, ended=MIDNIGHT + 5 * HOUR, status=status, began=False)

    expectations.look_after(now=MIDNIGHT + 2 * HOUR + 11 * MINUTES)

    assert JobRun.objects.get(status="missed").result == {"missed": 2}


def test_a_month_without_anybody_looking_is_one_missed_run(hourly):
    told = expectations.look_after(now=MIDNIGHT + 30 * 24 * HOUR)

    run = JobRun.objects.get()
    assert (told, run.result) == (1, {"missed": 719})
    assert expectations.look_after(now=MIDNIGHT + 30 * 24 * HOUR) == 0


def test_two_who_look_at_once_write_it_once(hourly):
    stale = Expectation.objects.get()
    now = MIDNIGHT + 2 * HOUR

    told = [expectations.look_at(hourly, now=now), expectations.look_at(stale, now=now)]

    assert (told, JobRun.objects.count()) == ([True, False], 1)


def test_it_is_listed_declared_again_and_removed(engine_db, operator):
    said = expect("count_slowly", "--cron", "0 *  * * *")
    expect("count_slowly", "--cron", "0 * * * *", "--grace", "2h", "--as", "operadora.1")

    listed = expect("--list")
    row = Expectation.objects.get()
    gone = expect("count_slowly", "--remove")

    assert said.startswith("Se espera count_slowly (0 * * * *, America/Mexico_City): la próxima, ")
    assert (row.grace_seconds, row.declared_by_id) == (7200, str(operator.pk))
    assert "operadora.1" in listed
    assert gone == "Ya no se espera count_slowly.\n"
    assert expect("--list") == "No se espera ninguna corrida de cron.\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["count_slowly"], 2, "Se esperan cinco campos"),
        (["count_slowly", "--cron", "0 0 31 2 *"], 2, "no tiene ninguna fecha próxima"),
        (["count_slowly", "--cron", "0 * * * *", "--grace", "diez"], 2, "--grace: Se espera un"),
        (["count_slowly", "--cron", "0 * * * *", "--grace", "0m"], 2, "--grace: Se espera un"),
        (["count_slowly", "--cron", "0 * * * *", "--zone", "Marte"], 2, "«Marte»"),
        (["nada_de_esto", "--cron", "0 * * * *"], 2, "nada_de_esto"),
        (["count_slowly", "--remove"], 1, "No se esperaba count_slowly."),
        (["remove_kept", "--cron", "0 * * * *", "--as", "operadora.1"], 4, "no puede hacer esto"),
        ([], 2, "Falta el nombre de la operación."),
    ],
)
def test_what_cannot_be_expected_is_refused(operator, words, code, said):
    with pytest.raises(CommandError, match=said) as refused:
        expect(*words)

    assert refused.value.returncode == code
    assert Expectation.objects.count() == 0
