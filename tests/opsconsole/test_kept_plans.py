"""Plans that are kept: by whom, for how long, once; and the doors through which they come."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_q.models import OrmQ

from opsconsole import kept_plans, limits, registry, runner
from opsconsole.doors import Door, terminal
from opsconsole.exceptions import OverLimit, UnknownPlan, UnusablePlan
from opsconsole.models import JobRun, Origin, SealedPlan
from opsconsole.programmes.orders import Order, launch
from opsconsole.ticking import tick
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


@pytest.fixture
def old_accounts(engine_db, django_user_model):
    for number in range(3):
        django_user_model.objects.create_user(f"viejo.{number}")


@pytest.fixture
def remover(operator, old_accounts):
    return allow(operator, "run_remove_kept")


def keep(user=None, prefix="viejo"):
    door = Door(origin=Origin.ADMIN, user=user) if user else terminal()
    return runner.keep_plan(registry.get("remove_kept"), {"prefix": prefix}, door=door)


def left(model):
    return model.objects.filter(username__startswith="viejo").count()


def console(*words):
    out = StringIO()
    call_command("console", *words, stdout=out, stderr=StringIO(), no_color=True)
    return out.getvalue()


def test_the_terminal_applies_what_the_page_showed(remover, django_user_model):
    kept = keep(remover)

    out = console("apply", str(kept.pk), "--expect-rows=3")

    assert "Se eliminarán 3 cuentas." in out
    assert left(django_user_model) == 0
    kept.refresh_from_db()
    assert kept.run.origin == "cli"


@pytest.mark.parametrize(
    ("words", "code"), [(("--expect-rows=4",), 3), ((), 2), (("--as=segunda", "--force"), 3)]
)
def test_it_refuses_other_numbers_no_terminal_and_other_people(
    remover, django_user_model, words, code
):
    allow(django_user_model.objects.create_user("segunda"), "run_remove_kept")
    kept = keep(remover)

    with pytest.raises(CommandError) as refusal:
        console("apply", str(kept.pk), *words)

    assert refusal.value.returncode == code
    assert left(django_user_model) == 3
    assert JobRun.objects.count() == 0


def test_an_unknown_plan_is_refused(engine_db):
    with pytest.raises(UnknownPlan):
        kept_plans.find(4711)


def test_run_does_what_the_plan_fixed(remover, django_user_model):
    kept = keep(remover)

    run = runner.apply(kept, door=Door(origin=Origin.ADMIN, user=remover))
    runner.execute(run.pk)

    run = JobRun.objects.get(pk=run.pk)
    assert run.result == {"deleted": 3, "fixed": "viejo"}
    assert run.plan_digest == kept.digest


def test_a_right_taken_away_between_plan_and_confirmation_counts(remover, django_user_model):
    from opsconsole.exceptions import NotAllowed

    kept = keep(remover)
    remover.user_permissions.clear()
    user = django_user_model.objects.get(pk=remover.pk)

    with pytest.raises(NotAllowed):
        runner.apply(kept, door=Door(origin=Origin.ADMIN, user=user))

    assert OrmQ.objects.count() == 0


def test_a_refused_confirmation_leaves_the_plan_usable(remover, django_user_model):
    kept = keep(remover)
    holder = runner.apply(keep(remover), door=terminal())

    from opsconsole.exceptions import AlreadyRunning

    with pytest.raises(AlreadyRunning):
        runner.apply(kept, door=terminal())

    kept.refresh_from_db()
    assert (kept.used_at, JobRun.objects.get().pk) == (None, holder.pk)


# Programmes


def test_a_programme_applies_a_plan_within_its_limits(remover, django_user_model):
    order = Order(operation="remove_kept", params={"prefix": "viejo"}, owner_id=str(remover.pk))

    said = launch(order)

    run = JobRun.objects.get()
    assert said == f"run {run.pk}"
    runner.execute(run.pk)
    assert left(django_user_model) == 0


def test_a_programme_that_finds_nothing_leaves_nothing(remover):
    order = Order(operation="remove_kept", params={"prefix": "nadie"}, owner_id=str(remover.pk))

    assert launch(order) == "nothing to do"
    assert (JobRun.objects.count(), SealedPlan.objects.count()) == (0, 0)


def test_a_programme_does_nothing_beyond_its_limits(remover, monkeypatch, django_user_model):
    monkeypatch.setattr(limits, "TYPE_ABOVE", 2)
    order = Order(operation="remove_kept", params={"prefix": "viejo"}, owner_id=str(remover.pk))

    with pytest.raises(OverLimit):
        launch(order)

    assert left(django_user_model) == 3


# Afterwards


def test_unused_plans_are_forgotten_a_day_after_they_expired(remover):
    old, fresh = keep(remover), keep(remover)
    long_ago = timezone.now() - timedelta(days=2)
    SealedPlan.objects.filter(pk=old.pk).update(
        made_at=long_ago, expires_at=long_ago + timedelta(hours=1)
    )

    tick()

    assert list(SealedPlan.objects.values_list("pk", flat=True)) == [fresh.pk]


def test_without_a_kept_plan_nothing_is_submitted(remover):
    with pytest.raises(UnusablePlan):
        runner.submit(registry.get("remove_kept"), {"prefix": "viejo"}, door=terminal())
