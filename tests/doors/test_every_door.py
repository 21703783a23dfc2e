"""Every operation × every door × every kind of person: one answer; a refusal does nothing."""

from dataclasses import replace

import pytest
from django_q.models import OrmQ, Schedule

from opsconsole import registry
from opsconsole.models import JobRun
from tests.doors.content import changed, content
from tests.doors.examples import EXAMPLES
from tests.doors.knocking import DOORS, OPEN, SHUT, Visit, browser_of, past_run
from tests.doors.people import KINDS, person
from tests.house.operations_document import house_operations

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
OPERATIONS = [operation.name for operation in house_operations()]
# A refusal may be written down.
WRITTEN_DOWN = ("audit_logs",)


def test_every_operation_has_an_example():
    assert sorted(EXAMPLES) == sorted(OPERATIONS)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "entitled"])
@pytest.mark.parametrize("name", OPERATIONS)
def test_whoever_has_no_right_finds_every_door_shut(name, kind, world, django_user_model):
    visit = visit_of(name, kind, world, django_user_model)
    before = content(apart=WRITTEN_DOWN)

    answers = {door: knock(visit) for door, knock in DOORS.items()}

    assert {door: answer for door, answer in answers.items() if answer == OPEN} == {}
    assert changed(before, content(apart=WRITTEN_DOWN)) == []


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_whoever_has_the_right_finds_every_door_open(name, door, world, django_user_model):
    visit = visit_of(name, "entitled", world, django_user_model)

    assert DOORS[door](visit) in (OPEN, None)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_right_taken_away_shuts_the_doors_again(name, world, django_user_model):
    visit = visit_of(name, "entitled", world, django_user_model)
    visit.user.user_permissions.clear()
    user = django_user_model.objects.get(pk=visit.user.pk)
    before = content(apart=WRITTEN_DOWN)

    answers = {knock(visit_as(user, visit)) for knock in DOORS.values()}

    assert answers <= {SHUT, None}
    assert changed(before, content(apart=WRITTEN_DOWN)) == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_account_that_is_switched_off_finds_every_door_shut(name, world, django_user_model):
    visit = visit_of(name, "entitled", world, django_user_model)
    django_user_model.objects.filter(pk=visit.user.pk).update(is_active=False)
    user = django_user_model.objects.get(pk=visit.user.pk)
    before = content(apart=WRITTEN_DOWN)

    answers = {knock(visit_as(user, visit)) for knock in DOORS.values()}

    assert answers <= {SHUT, None}
    assert changed(before, content(apart=WRITTEN_DOWN)) == []


def visit_of(name, kind, world, django_user_model):
    operation = registry.get(name)
    user = person(kind, operation, django_user_model)
    values = EXAMPLES[name](world) if callable(EXAMPLES[name]) else EXAMPLES[name]
    visit = Visit(
        user=user,
        browser=browser_of(user),
        operation=operation,
        values=values,
        past=past_run(name, values),
    )
    OrmQ.objects.all().delete()
    assert JobRun.objects.count() == 1
    assert Schedule.objects.count() == 0
    return visit


def visit_as(user, visit):
    return replace(visit, user=user)
