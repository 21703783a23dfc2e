"""Tables with other keys, in the other database; what no target may be; and VACUUM."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from callcentersite.data_centralization import targets
from callcentersite.data_centralization.checks import check_targets
from callcentersite.data_centralization.models import RetentionRemoval
from opsconsole.models import JobLog, JobRun
from opsconsole.plans import StalePlan
from tests.callcentersite.data_centralization.conftest import applied, command, shown

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


@pytest.fixture
def sessions(transactional_db):
    """Three that expired long ago, four that people use."""
    now = timezone.now()
    for number, days in enumerate([40, 50, 60, -1, -1, -1, -1]):
        Session.objects.create(
            session_key=f"clave-{number}", session_data="x", expire_date=now - timedelta(days=days)
        )


def test_sessions_have_keys_that_are_no_numbers(sessions, policy):
    policy("sessions", days=30, floor_days=7)

    run = applied(shown())

    assert run.result["deleted"] == 3
    assert sorted(Session.objects.values_list("pk", flat=True)) == [
        f"clave-{number}" for number in (3, 4, 5, 6)
    ]


def test_a_session_that_is_used_again_makes_the_plan_stale(sessions, policy):
    policy("sessions", days=30, floor_days=7)
    kept = shown()
    Session.objects.filter(pk="clave-0").update(expire_date=timezone.now())

    with pytest.raises(StalePlan) as stale:
        applied(kept)

    assert "sessions +0 ~0 −1" in stale.value.cause


def test_the_log_of_old_runs_goes_and_its_own_log_stays(policy):
    old = JobRun.objects.create(operation="x", origin="cli", status="succeeded")
    moment = timezone.now() - timedelta(days=40)
    JobLog.objects.bulk_create(
        JobLog(run=old, seq=n, level="INFO", message=f"línea {n}", at=moment)
        for n in range(1, 1_001)
    )
    policy("job_logs", days=30, floor_days=7)

    run = applied(shown())

    assert run.status == "succeeded", run.error
    assert old.log.count() == 0
    assert run.log.count() > 0
    assert RetentionRemoval.objects.get().rows == 1_000


def test_vacuum_visits_each_table_once(transactional_db):
    out = command("vacuum_tables", "--table=calls")

    assert out == "[INFO] calls: hecho\n"
    assert JobRun.objects.get().result == {"tables": 1}


# What no target may be


def test_the_registered_targets_are_fit(transactional_db):
    assert check_targets(None) == []


@pytest.fixture
def odd(request):
    made = targets.register(targets.Target(name="rara", title="", **request.param))
    yield made
    targets.unregister("rara")


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        ({"model": "analytics.Call", "age": "ended_at"}, "data_centralization.E001"),
        (
            {"model": "analytics.Call", "age": "started_at", "actions": frozenset({"anonymise"})},
            "data_centralization.E003",
        ),
    ],
    indirect=["odd"],
)
def test_an_unfit_target_stops_the_start(odd, code):
    assert [one.id for one in check_targets(None)] == [code]


def test_a_listener_to_each_row_stops_the_start(transactional_db):
    from django.db.models.signals import post_delete

    def listener(**kwargs):
        """Would never hear of rows that go set by set."""

    post_delete.connect(listener, sender=targets.get("calls").get_model())
    try:
        found = {one.id for one in check_targets(None)}
    finally:
        post_delete.disconnect(listener, sender=targets.get("calls").get_model())

    assert found == {"data_centralization.E002"}


def test_a_second_target_of_a_name_is_a_mistake():
    with pytest.raises(ValueError, match="registered twice"):
        targets.register(
            targets.Target(name="calls", title="", model="analytics.Queue", age="code")
        )
