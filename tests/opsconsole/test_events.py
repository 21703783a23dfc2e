"""Whoever listens hears what was asked of the engine, and how each run ended."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from opsconsole import events, registry, runner
from opsconsole.doors import Door, terminal
from opsconsole.events import Verb
from opsconsole.exceptions import AlreadyRunning, IllegalTransition, NotAllowed
from opsconsole.models import JobRun, Origin
from opsconsole.ticking import tick
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


@pytest.fixture
def asked():
    heard = []

    def listen(verb, operation, run, door, refused, **kwargs):
        heard.append((verb, operation, run and run.pk, door.person, type(refused).__name__))

    events.asked.connect(listen)
    yield heard
    events.asked.disconnect(listen)


@pytest.fixture
def ended():
    heard = []

    def listen(run, **kwargs):
        heard.append((run.pk, run.status))

    events.ended.connect(listen)
    yield heard
    events.ended.disconnect(listen)


def admin_door(user):
    return Door(origin=Origin.ADMIN, user=user)


def test_a_launch_is_heard_with_its_run(asked, operator, submit):
    run = submit("count_slowly", user=operator)

    assert asked == [(Verb.SUBMIT, "count_slowly", run.pk, "operadora.1", "NoneType")]


def test_a_refused_launch_is_heard_without_a_run(asked, django_user_model, engine_db):
    stranger = django_user_model.objects.create_user("nadie", is_staff=True)

    with pytest.raises(NotAllowed):
        runner.submit(registry.get("count_slowly"), {}, door=admin_door(stranger))

    assert asked == [(Verb.SUBMIT, "count_slowly", None, "nadie", "NotAllowed")]


def test_the_second_of_two_launches_is_heard_as_refused(asked, operator, submit):
    submit("count_slowly", user=operator)

    with pytest.raises(AlreadyRunning):
        submit("count_slowly", user=operator)

    assert asked[-1] == (Verb.SUBMIT, "count_slowly", None, "operadora.1", "AlreadyRunning")


def test_a_cancel_a_retry_and_their_refusals_are_heard(asked, operator, submit):
    allow(operator, "retry_jobrun", "run_count_slowly")
    run = submit("count_slowly", user=operator)
    del asked[:]

    runner.cancel(run, door=admin_door(operator))
    with pytest.raises(IllegalTransition):
        runner.cancel(run, door=admin_door(operator))
    again = runner.retry(JobRun.objects.get(pk=run.pk), door=admin_door(operator))

    assert [(verb, about, refused) for verb, _operation, about, _person, refused in asked] == [
        (Verb.CANCEL, run.pk, "NoneType"),
        (Verb.CANCEL, run.pk, "IllegalTransition"),
        (Verb.SUBMIT, again.pk, "NoneType"),
        (Verb.RETRY, run.pk, "NoneType"),
    ]


def test_a_plan_that_was_shown_is_heard_and_its_confirmation_apart(asked, engine_db):
    operation = registry.get("remove_people")
    params = {"prefix": "baja."}

    plan = runner.plan(operation, params, door=terminal())
    run = runner.submit(
        operation, params, door=terminal(), enqueue=False, plan_digest=plan.digest()
    )

    assert [(verb, about) for verb, _operation, about, _person, _refused in asked] == [
        (Verb.PLAN, None),
        (Verb.CONFIRM, run.pk),
    ]


@pytest.mark.parametrize("kind", ["operation", "bug"])
def test_an_ending_is_heard_once(ended, submit, kind):
    run = submit("raise_error", kind=kind)

    runner.execute(run.pk)
    tick()

    assert ended == [(run.pk, "failed")]
    assert JobRun.objects.get(pk=run.pk).announced_at is not None


def test_a_run_that_never_began_is_heard_as_cancelled(ended, operator, submit):
    run = submit("count_slowly", user=operator)

    runner.cancel(run, door=admin_door(operator))

    assert ended == [(run.pk, "cancelled")]


def test_a_lost_run_is_heard(ended, submit):
    run = submit("count_slowly")
    long_ago = Now() - timedelta(hours=2)
    JobRun.objects.filter(pk=run.pk).update(
        status="running", heartbeat_at=long_ago, started_at=long_ago
    )

    tick()

    assert ended == [(run.pk, "lost")]


def test_an_ending_whose_writer_died_is_told_by_the_next_tick(ended, submit):
    run = submit("count_slowly")
    JobRun.objects.filter(pk=run.pk).update(
        status="failed", finished_at=Now() - timedelta(minutes=1)
    )

    tick()
    tick()

    assert ended == [(run.pk, "failed")]


def test_what_ended_long_ago_is_no_news(ended, submit):
    run = submit("count_slowly")
    JobRun.objects.filter(pk=run.pk).update(status="failed", finished_at=Now() - timedelta(hours=2))

    tick()

    assert ended == []


def test_a_listener_that_fails_harms_no_run_and_is_asked_again(submit):
    heard = []

    def stumble(run, **kwargs):
        heard.append(run.pk)
        if len(heard) == 1:
            raise RuntimeError("the mail server is away")

    events.ended.connect(stumble)
    try:
        run = submit("count_slowly", steps=1)
        runner.execute(run.pk)
        assert JobRun.objects.get(pk=run.pk).status == "succeeded"
        JobRun.objects.filter(pk=run.pk).update(finished_at=Now() - timedelta(minutes=1))
        tick()
    finally:
        events.ended.disconnect(stumble)

    assert heard == [run.pk, run.pk]


def test_each_tick_is_heard_and_a_listener_that_fails_stops_none(engine_db):
    heard = []

    def stumble(**kwargs):
        heard.append("tick")
        raise RuntimeError("the mail server is away")

    events.ticked.connect(stumble)
    try:
        tick()
        tick()
    finally:
        events.ticked.disconnect(stumble)

    assert heard == ["tick", "tick"]
