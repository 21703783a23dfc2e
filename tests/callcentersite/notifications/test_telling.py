"""What is told of runs: to whom, once, in which words."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connections
from django.utils import timezone

from callcentersite.apps.notifications.models import Notification, Preference, Subscription
from opsconsole import events, registry, runner
from opsconsole.approvals import expire
from opsconsole.doors import Door
from opsconsole.models import JobRun, Origin
from opsconsole.ticking import tick
from tests.callcentersite.notifications.conftest import configure, inbox, subscribe
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def test_whoever_launched_a_run_hears_that_it_failed(operator, submit):
    run = submit("raise_error", user=operator)

    runner.execute(run.pk)

    (message,) = Notification.objects.filter(recipient=operator)
    assert message.subject == f"Falló: Fallar #{run.pk}"
    assert message.body.splitlines()[:4] == [
        "No hay datos.", "Causa: Tabla vacía", "Solución: Cargue datos", "La pidió operadora.1.",
    ]  # fmt: skip
    assert (message.level, message.run_id, message.is_read) == ("error", run.pk, False)
    assert message.target == f"/admin/opsconsole/jobrun/{run.pk}/change/"


def test_of_her_success_she_hears_nothing_unless_she_asked(operator, end):
    end("succeeded", by=operator)
    assert inbox(operator) == []

    subscribe(operator, "finished", "count_slowly")
    run = end("succeeded", by=operator)

    assert inbox(operator) == [f"Terminó bien: Contar despacio #{run.pk}"]


def test_she_may_have_none_of_it(operator, end):
    Preference.objects.create(user=operator, own_failures=False)

    end("failed", by=operator)

    assert inbox(operator) == []


@pytest.mark.parametrize(
    ("event", "story", "heard"),
    [
        ("failed", ["failed", "lost", "succeeded", "cancelled"], ["Falló", "Se perdió"]),
        (
            "first_failure",
            ["succeeded", "failed", "failed", "succeeded", "lost"],
            ["Falló por primera vez", "Falló por primera vez"],
        ),
        ("recovered", ["succeeded", "failed", "succeeded"], ["Vuelve a terminar bien"]),
        (
            "finished",
            ["succeeded", "failed", "cancelled", "lost"],
            ["Terminó bien", "Falló", "Se canceló", "Se perdió"],
        ),
    ],
)
def test_a_subscriber_hears_what_she_asked_for(viewer, end, event, story, heard):
    subscribe(viewer, event, "count_slowly")

    for status in story:
        end(status)

    assert [subject.partition(":")[0] for subject in reversed(inbox(viewer))] == heard


def test_many_reasons_are_one_message_in_the_strongest_words(viewer, end):
    for event in ("failed", "first_failure", "finished"):
        subscribe(viewer, event)

    run = end("failed", by=viewer)

    assert inbox(viewer) == [f"Falló por primera vez: Contar despacio #{run.pk}"]


def test_a_subscription_to_one_operation_is_silent_about_others(viewer, end):
    subscribe(viewer, "failed", "run_etl")

    end("failed")

    assert inbox(viewer) == []


def test_slow_is_told_at_the_end(viewer, end):
    subscribe(viewer, "slow")
    for _ in range(3):
        end("succeeded", seconds=10)

    run = end("succeeded", seconds=90)

    assert inbox(viewer) == [f"Tardó más de lo habitual: Contar despacio #{run.pk}"]
    assert "suele tardar 10 s" in Notification.objects.get().body


def test_slow_is_told_while_it_runs_and_once(viewer, end):
    subscribe(viewer, "slow")
    for _ in range(3):
        end("succeeded", seconds=10)
    now = timezone.now()
    run = JobRun.objects.create(
        operation="count_slowly", status="running", origin="cli",
        started_at=now - timedelta(seconds=90), heartbeat_at=now,
    )  # fmt: skip

    tick()
    tick()

    assert inbox(viewer) == [f"Tarda más de lo habitual: Contar despacio #{run.pk}"]


def test_of_what_is_slow_she_is_told_once(viewer, end):
    subscribe(viewer, "slow")
    for _ in range(3):
        end("succeeded", seconds=10)
    now = timezone.now()
    run = JobRun.objects.create(
        operation="count_slowly", status="running", origin="cli",
        started_at=now - timedelta(seconds=90), heartbeat_at=now,
    )  # fmt: skip
    tick()

    JobRun.objects.filter(pk=run.pk).update(status="succeeded", finished_at=now)
    events.announce(run.pk)

    assert len(inbox(viewer)) == 1


def test_whoever_deleted_the_message_is_not_told_again_while_it_goes_on(viewer, end):
    subscribe(viewer, "slow")
    for _ in range(3):
        end("succeeded", seconds=10)
    now = timezone.now()
    JobRun.objects.create(
        operation="count_slowly", status="running", origin="cli",
        started_at=now - timedelta(hours=1), heartbeat_at=now,
    )  # fmt: skip

    tick()

    assert inbox(viewer) == []


def test_whoever_lost_the_right_hears_nothing(viewer, end):
    subscribe(viewer, "failed")
    viewer.user_permissions.clear()

    end("failed")

    assert inbox(viewer) == []


def test_without_the_right_to_see_every_run_people_hear_of_their_own(operator, stranger, end):
    for person in (operator, stranger):
        subscribe(person, "finished")

    mine = end("succeeded", by=operator)
    end("succeeded", by=stranger)
    end("succeeded")

    assert inbox(operator) == [f"Terminó bien: Contar despacio #{mine.pk}"]
    assert inbox(stranger) == []


def test_an_account_that_is_switched_off_hears_nothing(viewer, end):
    subscribe(viewer, "failed")
    type(viewer).objects.update(is_active=False)

    end("failed")

    assert inbox(viewer) == []


def test_announcing_again_changes_nothing(viewer, end):
    subscribe(viewer, "failed")
    run = end("failed", by=viewer)

    JobRun.objects.update(announced_at=None)
    events.announce(run.pk)

    assert len(inbox(viewer)) == 1


def test_two_workers_that_announce_at_once_tell_it_once(viewer, end):
    subscribe(viewer, "failed")
    run = end("succeeded")
    JobRun.objects.filter(pk=run.pk).update(status="failed", announced_at=None)
    together, errors = threading.Barrier(2), []

    def announce():
        try:
            together.wait()
            for _listener, answer in events.ended.send_robust(sender=JobRun, run=failed):
                if isinstance(answer, Exception):
                    errors.append(answer)
        finally:
            connections.close_all()

    failed = JobRun.objects.get(pk=run.pk)
    threads = [threading.Thread(target=announce) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert len(inbox(viewer)) == 1


def test_an_operation_that_is_gone_keeps_its_title(viewer, end):
    subscribe(viewer, "failed")

    run = end("failed", operation="of_last_year")

    assert inbox(viewer) == [f"Falló: Contar despacio #{run.pk}"]


# What waits for a second person


@pytest.fixture
def two(viewer, operator):
    """One who asks and one who may approve."""
    allow(operator, "run_needs_two")
    return allow(operator, "run_needs_two"), allow(viewer, "approve_jobrun")


def ask(user):
    door = Door(origin=Origin.ADMIN, user=user)
    return runner.submit(registry.get("needs_two"), {}, door=door)


def test_those_who_may_approve_are_told_and_the_asker_is_not(two):
    asker, approver = two
    allow(asker, "approve_jobrun", "view_jobrun")

    run = ask(type(asker).objects.get(pk=asker.pk))

    assert inbox(approver) == [f"Espera aprobación: Necesita dos #{run.pk}"]
    assert inbox(asker) == []


def test_what_was_decided_needs_nobodys_attention(two, django_user_model):
    asker, approver = two
    another = django_user_model.objects.create_user("eva", is_staff=True)
    another = allow(another, "approve_jobrun", "view_jobrun")
    run = ask(asker)

    runner.approve(run, door=Door(origin=Origin.ADMIN, user=approver))

    (message,) = Notification.objects.filter(recipient=another)
    assert message.is_read
    assert message.outcome == "Ya decidida: la aprobó ana."


def test_the_asker_hears_that_it_was_rejected(two):
    asker, approver = two
    run = ask(asker)

    runner.reject(run, door=Door(origin=Origin.ADMIN, user=approver), reason="Hoy no")

    (message,) = Notification.objects.filter(recipient=asker)
    assert message.subject == f"Rechazada: Necesita dos #{run.pk}"
    assert message.body == "La rechazó ana.\nHoy no"
    assert not Notification.objects.filter(recipient=approver, is_read=False).exists()


def test_the_asker_hears_that_it_expired(two):
    asker, approver = two
    run = ask(asker)
    JobRun.objects.update(queued_at=timezone.now() - timedelta(days=30))

    expire()

    assert inbox(asker) == [f"Venció sin respuesta: Necesita dos #{run.pk}"]
    assert Notification.objects.get(recipient=approver).outcome.startswith("Ya decidida. Venció")


def test_an_approver_may_choose_not_to_be_told(two):
    asker, approver = two
    Preference.objects.create(user=approver, approvals=False)

    ask(asker)

    assert inbox(approver) == []


# Ten thousand


def test_ten_thousand_subscribers_hear_it_in_few_statements(
    engine_db, django_user_model, end, django_assert_max_num_queries
):
    people = django_user_model.objects.bulk_create(
        django_user_model(username=f"p{number}", password="!") for number in range(10_000)
    )
    right = Permission.objects.get(codename="view_jobrun")
    through = django_user_model.user_permissions.through
    through.objects.bulk_create(through(user=one, permission=right) for one in people)
    Subscription.objects.bulk_create(
        Subscription(user=one, operation="", event="failed") for one in people[:9_000]
    )
    configure("notificaciones.max_notifications_per_user", 2)

    with django_assert_max_num_queries(600):
        end("failed")

    assert Notification.objects.count() == 9_000
