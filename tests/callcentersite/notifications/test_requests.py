"""Rights that wait for a second person call for one."""

import pytest
from django.utils import timezone

from callcentersite.apps.notifications.models import Notification
from callcentersite.apps.users import deciding, granting
from callcentersite.apps.users.granting import Grant
from callcentersite.apps.users.models import GrupoPermiso, SolicitudAsignacion
from tests.callcentersite.notifications.conftest import inbox
from tests.callcentersite.users.conftest import catalog, fresh, person  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
ADMINS = "administracion_usuarios"


@pytest.fixture
def request_for_luz(catalog, person):  # noqa: F811
    """Ana asks that Luz may administer users; Eva is the other administrator."""
    ana, eva, luz = person("ana", ADMINS), person("eva", ADMINS), person("luz")
    grant = Grant(by=ana, motivo="Ingresa al área", now=timezone.now())
    solicitud = granting.assign_group(luz, GrupoPermiso.objects.get(codigo=ADMINS), grant)
    assert isinstance(solicitud, SolicitudAsignacion)
    return solicitud, fresh(ana), fresh(eva), fresh(luz)


def test_the_other_administrators_are_told(request_for_luz):
    solicitud, _ana, eva, _luz = request_for_luz

    (message,) = Notification.objects.all()
    assert message.recipient == eva
    assert message.subject == f"Espera aprobación: {solicitud}"
    assert message.body == "ana lo pide. Motivo: Ingresa al área"
    assert message.target == f"/admin/users/solicitudasignacion/{solicitud.pk}/change/"


def test_the_decision_settles_it_and_answers_the_asker(request_for_luz):
    solicitud, ana, eva, _luz = request_for_luz

    deciding.approve(solicitud, by=eva, now=timezone.now(), motivo="De acuerdo")

    asked = Notification.objects.get(recipient=eva)
    assert (asked.is_read, asked.outcome) == (True, "Ya decidida: la aprobó eva.")
    assert inbox(ana) == [f"Aprobada: {solicitud}"]
    assert Notification.objects.get(recipient=ana).body.splitlines()[-1] == "De acuerdo"


def test_a_withdrawal_settles_it_without_an_answer(request_for_luz):
    solicitud, ana, _eva, _luz = request_for_luz

    deciding.withdraw(solicitud, by=ana, now=timezone.now())

    assert Notification.objects.get().outcome == "Ya no hace falta: la retiró quien la pidió."


def test_asking_twice_is_told_once(request_for_luz):
    _solicitud, ana, eva, luz = request_for_luz
    grant = Grant(by=ana, motivo="Ingresa al área", now=timezone.now())

    granting.assign_group(luz, GrupoPermiso.objects.get(codigo=ADMINS), grant)

    assert len(inbox(eva)) == 1


def test_a_listener_that_fails_stops_no_request(catalog, person, monkeypatch):  # noqa: F811
    from callcentersite.apps.notifications import telling

    def stumble(*args, **kwargs):
        raise RuntimeError("the mailbox is full")

    monkeypatch.setattr(telling, "of_request", stumble)
    ana, luz = person("ana", ADMINS), person("luz")
    grant = Grant(by=ana, motivo="Ingresa", now=timezone.now())

    granting.assign_group(luz, GrupoPermiso.objects.get(codigo=ADMINS), grant)

    assert SolicitudAsignacion.objects.filter(estado="pendiente").count() == 1
