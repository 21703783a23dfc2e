"""What leaves the console: sent by ticks, tried again, given up; the mailbox keeps its message."""

import logging
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.notifications import outbox, services
from callcentersite.apps.notifications.channels import sms
from callcentersite.apps.notifications.checks import check_sms_provider
from callcentersite.apps.notifications.models import Delivery, Preference
from opsconsole.ticking import tick
from tests.callcentersite.notifications.conftest import configure, inbox

pytestmark = pytest.mark.django_db(databases=["default", "ops"])
BROKEN = "tests.callcentersite.notifications.backends.Broken"
REFUSING = "tests.callcentersite.notifications.backends.RefusesBad"
PIGEON = "tests.callcentersite.notifications.backends.Pigeon"


@pytest.fixture
def people(django_user_model):
    """Make accounts with an address each: ``people("ana", "eva")``."""

    def people(*names):
        return [
            django_user_model.objects.create_user(name, email=f"{name}@example.com")
            for name in names
        ]

    return people


@pytest.fixture
def mail_on(db):
    configure("notificaciones.email_enabled", "true")


def due_again():
    Delivery.objects.filter(state="pending").update(due_at=timezone.now() - timedelta(seconds=1))


def states():
    rows = Delivery.objects.order_by("pk").values_list("recipient__username", "state", "attempts")
    return [*rows]


def test_off_nothing_leaves(people):
    services.notify(people("ana"), subject="Hola")
    tick()

    assert mail.outbox == []
    assert Delivery.objects.count() == 0


def test_a_tick_sends_what_waits_once(mail_on, people, settings):
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "SITE_URL": "https://consola.example.com/"}
    services.notify(people("ana"), subject="Falló", body="No hay datos.", run_id=7, kind="x")
    assert mail.outbox == []  # never within the transaction that tells

    tick()
    tick()

    (message,) = mail.outbox
    assert (message.subject, message.to) == ("Falló", ["ana@example.com"])
    assert message.body == (
        "No hay datos.\n\nhttps://consola.example.com/admin/opsconsole/jobrun/7/change/"
    )
    assert states() == [("ana", "sent", 1)]


def test_telling_again_sends_no_second_mail(mail_on, people):
    ana = people("ana")
    for _ in range(2):
        services.notify(ana, subject="Falló", run_id=7, kind="ended")
        tick()

    assert len(mail.outbox) == 1


def test_a_server_that_is_away_is_asked_a_bounded_number_of_times(
    mail_on, people, settings, caplog
):
    settings.EMAIL_BACKEND = BROKEN
    ana, eva = people("ana", "eva")
    services.notify([ana, eva], subject="Hola")

    with caplog.at_level(logging.WARNING):
        for _ in range(8):
            outbox.send_due()
            due_again()

    assert states() == [("ana", "failed", 5), ("eva", "failed", 5)]
    assert Delivery.objects.first().error == "ConnectionRefusedError"
    assert "ConnectionRefusedError" in caplog.text
    assert "@example.com" not in caplog.text
    assert (inbox(ana), inbox(eva)) == (["Hola"], ["Hola"])


def test_it_waits_before_it_tries_again(mail_on, people, settings):
    settings.EMAIL_BACKEND = BROKEN
    services.notify(people("ana"), subject="Hola")

    outbox.send_due()
    outbox.send_due()

    assert states() == [("ana", "pending", 1)]
    assert Delivery.objects.get().due_at > timezone.now() + timedelta(seconds=50)


def test_one_bad_address_costs_the_others_nothing(mail_on, people, settings):
    settings.EMAIL_BACKEND = REFUSING
    services.notify(people("ana", "bad", "eva"), subject="Hola")

    assert outbox.send_due() == 2

    assert states() == [("ana", "sent", 1), ("bad", "pending", 1), ("eva", "sent", 1)]
    assert "bad@example.com" not in Delivery.objects.get(state="pending").error


def test_without_an_address_it_is_skipped_and_said_so(mail_on, django_user_model):
    services.notify([django_user_model.objects.create_user("ana")], subject="Hola")

    outbox.send_due()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error) == (
        "skipped", "La cuenta no tiene dirección de correo.",
    )  # fmt: skip


def test_switched_off_meanwhile_it_is_skipped(mail_on, people):
    services.notify(people("ana"), subject="Hola")
    configure("notificaciones.email_enabled", "false")

    outbox.send_due()

    assert mail.outbox == []
    assert states() == [("ana", "skipped", 1)]


def test_whoever_wants_no_mail_gets_none(mail_on, people):
    ana, eva = people("ana", "eva")
    Preference.objects.create(user=ana, by_email=False)

    services.notify([ana, eva], subject="Hola")
    outbox.send_due()

    assert [message.to for message in mail.outbox] == [["eva@example.com"]]
    assert inbox(ana) == ["Hola"]


def test_a_handful_belongs_to_whoever_claimed_it(mail_on, people):
    services.notify(people("ana", "eva"), subject="Hola")

    first, second = outbox.claim("email"), outbox.claim("email")

    assert [one.recipient.username for one in first] == ["ana", "eva"]
    assert second == []


def test_whoever_died_over_it_leaves_it_to_another(mail_on, people):
    services.notify(people("ana"), subject="Hola")
    outbox.claim("email")

    due_again()
    outbox.send_due()

    assert states() == [("ana", "sent", 2)]


def test_what_no_time_was_left_for_is_no_attempt(mail_on, people, monkeypatch):
    monkeypatch.setattr(outbox, "BUDGET_SECONDS", -1.0)
    services.notify(people("ana"), subject="Hola")

    outbox.send_due()

    assert states() == [("ana", "pending", 0)]


def test_what_left_long_ago_is_forgotten(mail_on, people):
    services.notify(people("ana", "eva"), subject="Hola")
    outbox.send_due()
    Delivery.objects.filter(recipient__username="ana").update(
        done_at=timezone.now() - timedelta(days=31)
    )

    assert outbox.forget_old() == 1
    assert states() == [("eva", "sent", 1)]


# SMS


def test_sms_cannot_be_switched_on_without_a_provider(db):
    with pytest.raises(Exception, match="no hay un proveedor de SMS configurado"):
        configure("notificaciones.sms_enabled", "true")

    assert Configuracion.objects.get().valor == "false"


def test_with_a_provider_it_can_and_the_provider_is_asked(people, settings):
    settings.SMS_PROVIDER = PIGEON
    configure("notificaciones.sms_enabled", "true")
    from tests.callcentersite.notifications.backends import Pigeon

    Pigeon.sent.clear()
    services.notify(people("ana"), subject="Falló " + "x" * 190, run_id=7, kind="x")
    outbox.send_due()

    ((user, text),) = Pigeon.sent
    assert (user, len(text)) == ("ana", 160)
    assert states() == [("ana", "sent", 1)]


def test_a_provider_that_is_gone_sends_nothing(people, settings):
    settings.SMS_PROVIDER = PIGEON
    configure("notificaciones.sms_enabled", "true")
    settings.SMS_PROVIDER = ""

    services.notify(people("ana"), subject="Hola")

    assert not sms.is_open()
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "errors"),
    [("", 0), (PIGEON, 0), ("nobody.knows.This", 1), ("datetime.date", 1)],
)
def test_a_provider_that_is_none_is_refused_at_the_start(settings, name, errors):
    settings.SMS_PROVIDER = name

    assert len(check_sms_provider(None)) == errors
