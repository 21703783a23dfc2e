"""Who hears that a programme was suspended, and that a run did not come."""

import pytest
from django_q.models import Schedule

from callcentersite.apps.notifications import telling
from callcentersite.apps.notifications.models import Notification
from opsconsole.programmes import launching
from opsconsole.programmes.orders import FUNCTION, Order
from tests.callcentersite.notifications.conftest import inbox
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


@pytest.fixture
def planner(stranger):
    """Sees to the programmes."""
    return allow(stranger, "change_schedule", "view_schedule")


def test_a_suspension_is_told_once_to_the_owner_and_to_who_may_set_it_right(
    operator, planner, viewer
):
    operator.user_permissions.clear()
    order = Order(operation="count_slowly", owner_id=str(operator.pk))
    schedule = Schedule.objects.create(
        name="De noche", func=FUNCTION, kwargs=order.as_text(), schedule_type="H"
    )

    launching.look_after(launch=True)
    launching.look_after(launch=True)

    (message,) = Notification.objects.filter(recipient=planner)
    assert inbox(operator) == inbox(planner) == ["Tarea programada suspendida: De noche"]
    assert inbox(viewer) == []
    assert message.body.splitlines()[0].startswith("operadora.1 ya no puede ejecutar")
    assert message.target == f"/admin/django_q/schedule/{schedule.pk}/change/"


def test_a_run_that_cron_did_not_launch_is_told_to_who_may_see_to_it(end, planner, operator):
    run = end("missed", error="No se ejecutó: debía empezar el 22 nov 2026, 02:00.")

    assert inbox(planner) == [f"No se ejecutó: Contar despacio #{run.pk}"]
    assert inbox(operator) == []


def test_one_that_has_an_owner_is_told_to_her(end, planner, operator):
    run = end("missed", by=operator)

    assert inbox(operator) == [f"No se ejecutó: Contar despacio #{run.pk}"]
    assert inbox(planner) == []


def test_one_whose_owner_is_gone_is_told_to_who_may_see_to_it(end, planner, operator):
    run = end("missed", by=operator)
    Notification.objects.all().delete()
    type(operator).objects.filter(pk=operator.pk).update(is_active=False)

    telling.of_ending(run)

    assert inbox(planner) == [f"No se ejecutó: Contar despacio #{run.pk}"]
