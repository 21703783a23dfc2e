"""Telling people something: mailbox, pruning, channels."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from callcentersite.apps.notifications import selectors, services
from callcentersite.apps.notifications.models import Delivery, Notification
from tests.callcentersite.notifications.conftest import configure, inbox

pytestmark = pytest.mark.django_db(databases=["default", "ops"])
MOST = "notificaciones.max_notifications_per_user"


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana", is_staff=True, email="ana@example.com")


@pytest.fixture
def eva(django_user_model):
    return django_user_model.objects.create_user("eva", is_staff=True)


def fill(user, *, read=0, unread=0):
    now = timezone.now()
    Notification.objects.bulk_create(
        [Notification(recipient=user, subject=f"leído {n}", is_read=True, read_at=now)
         for n in range(read)]
        + [Notification(recipient=user, subject=f"nuevo {n}") for n in range(unread)]
    )  # fmt: skip


def test_a_message_reaches_each_mailbox_once(ana, eva):
    services.notify([ana, eva, ana], subject="Hola", run_id=7, kind="saludo")
    services.notify([ana], subject="Hola otra vez", run_id=7, kind="saludo")

    assert inbox(ana) == ["Hola"]
    assert inbox(eva) == ["Hola"]


def test_messages_about_no_run_are_all_kept(ana):
    services.notify([ana], subject="uno", kind="nota")
    services.notify([ana], subject="dos", kind="nota")

    assert inbox(ana) == ["dos", "uno"]


def test_a_subject_is_one_line_of_bounded_length(ana):
    services.notify([ana], subject="Asunto\r\nBcc: otra@example.com " + "x" * 300)

    (subject,) = inbox(ana)
    assert subject.startswith("Asunto Bcc: otra@example.com")
    assert len(subject) == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "  "},
        {"subject": "x", "level": "fatal"},
        {"subject": "x", "link": "https://example.com/"},
        {"subject": "x", "link": "//example.com/"},
        {"subject": "x", "link": "javascript:alert(1)"},
    ],
)
def test_what_makes_no_sense_is_refused(ana, wrong):
    with pytest.raises(ValueError):
        services.notify([ana], **wrong)

    assert inbox(ana) == []


def test_broadcast_reaches_the_holders_of_a_permission(ana, eva, django_user_model):
    root = django_user_model.objects.create_superuser("root")

    services.broadcast("opsconsole.view_jobrun", subject="Hoy hay corte")

    assert (inbox(root), inbox(ana), inbox(eva)) == (["Hoy hay corte"], [], [])


def test_nothing_is_put_into_a_mailbox_that_is_off(ana):
    configure("notificaciones.push_enabled", "false")

    services.notify([ana], subject="Hola")

    assert inbox(ana) == []


def test_mail_leaves_also_while_the_mailbox_is_off(ana):
    configure("notificaciones.push_enabled", "false")
    configure("notificaciones.email_enabled", "true")

    services.notify([ana], subject="Hola")

    assert inbox(ana) == []
    assert Delivery.objects.get().subject == "Hola"


def test_the_oldest_read_ones_make_room(ana, eva):
    configure(MOST, 5)
    fill(ana, read=4, unread=1)
    fill(eva, read=3)

    services.notify([ana, eva], subject="Hola")

    assert inbox(ana) == ["Hola", "nuevo 0", "leído 3", "leído 2", "leído 1"]
    assert inbox(eva) == ["Hola", "leído 2", "leído 1", "leído 0"]


def test_unread_ones_are_never_pruned(ana):
    configure(MOST, 3)
    fill(ana, read=2, unread=5)

    services.notify([ana], subject="Hola")

    assert inbox(ana) == ["Hola", *(f"nuevo {n}" for n in (4, 3, 2, 1, 0))]


def test_pruning_touches_nobody_elses_mailbox(ana, eva):
    configure(MOST, 2)
    fill(eva, read=5)

    services.notify([ana], subject="Hola")

    assert len(inbox(eva)) == 5


def test_read_and_its_moment_go_together(ana):
    fill(ana, read=1, unread=1)
    rows = Notification.objects.filter(recipient=ana)

    assert services.mark(rows, read=True) == 1
    assert not rows.filter(read_at=None).exists()
    assert services.mark(rows, read=False) == 2
    assert not rows.exclude(read_at=None).exists()
    for wrong in ({"is_read": True}, {"read_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_what_was_read_long_ago_is_what_retention_may_take(ana):
    fill(ana, read=2, unread=2)
    old = timezone.now() - timedelta(days=31)
    Notification.objects.filter(subject__endswith="0").update(created_at=old)

    expired = selectors.expired(timezone.now() - timedelta(days=30))

    assert [one.subject for one in expired] == ["leído 0"]


def test_counting_stops_at_a_hundred(ana, django_assert_num_queries):
    fill(ana, unread=150)

    with django_assert_num_queries(1) as queries:
        assert selectors.unread_count(ana) == 100
    assert "LIMIT 100" in queries[0]["sql"]
