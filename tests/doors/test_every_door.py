"""Every operation × every door × every kind of person: one answer; a refusal does nothing."""

from dataclasses import replace

import pytest
from django_q.models import OrmQ, Schedule

from opsconsole import registry
from opsconsole.models import JobRun, SealedPlan
from tests.doors.content import changed, content
from tests.doors.examples import EXAMPLES
from tests.doors.knocking import DOORS, OPEN, SHUT, Visit, browser_of, past_run, token_of
from tests.doors.people import KINDS, person, rights
from tests.house.operations_document import house_operations

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
OPERATIONS = [operation.name for operation in house_operations()]
UNENTITLED = [kind for kind in KINDS if kind != "entitled"]
# That somebody asked is written down, and counted.
WRITTEN_DOWN = ("audit_logs", "audit_head", "api_clients", "api_buckets")


def test_every_operation_has_an_example():
    assert sorted(EXAMPLES) == sorted(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_whoever_has_no_right_finds_every_door_shut(name, world, django_user_model):
    values = values_of(name, world)
    for kind in UNENTITLED:
        visit = visit_of(name, kind, values, django_user_model)
        before = content(apart=WRITTEN_DOWN)

        answers = {door: knock(visit) for door, knock in DOORS.items()}

        assert {door: answer for door, answer in answers.items() if answer == OPEN} == {}, kind
        assert changed(before, content(apart=WRITTEN_DOWN)) == [], kind
        visit.past.delete()


@pytest.mark.parametrize("name", OPERATIONS)
def test_whoever_has_the_right_finds_every_door_open(name, world, django_user_model):
    visit = visit_of(name, "entitled", values_of(name, world), django_user_model)

    answers = {door: knock_and_forget(knock, visit) for door, knock in DOORS.items()}

    assert {door: answer for door, answer in answers.items() if answer == SHUT} == {}


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_right_or_an_account_taken_away_shuts_the_doors_again(name, world, django_user_model):
    visit = visit_of(name, "entitled", values_of(name, world), django_user_model)
    for take_away in (without_rights, switched_off):
        user = take_away(visit.user, django_user_model)
        before = content(apart=WRITTEN_DOWN)

        answers = {knock(replace(visit, user=user)) for knock in DOORS.values()}

        assert answers <= {SHUT, None}, take_away
        assert changed(before, content(apart=WRITTEN_DOWN)) == [], take_away


def without_rights(user, django_user_model):
    user.user_permissions.clear()
    return django_user_model.objects.get(pk=user.pk)


def switched_off(user, django_user_model):
    """With every right that she had."""
    user.user_permissions.set(rights("entitled", ""))
    django_user_model.objects.filter(pk=user.pk).update(is_active=False)
    return django_user_model.objects.get(pk=user.pk)


def knock_and_forget(knock, visit):
    """Each door finds the site as the first one did."""
    answer = knock(visit)
    OrmQ.objects.all().delete()
    Schedule.objects.all().delete()
    SealedPlan.objects.all().delete()
    JobRun.objects.exclude(pk=visit.past.pk).delete()
    return answer


def values_of(name, world):
    example = EXAMPLES[name]
    return example(world) if callable(example) else example


def visit_of(name, kind, values, django_user_model):
    operation = registry.get(name)
    user = person(kind, operation, django_user_model)
    visit = Visit(
        user=user,
        browser=browser_of(user),
        token=token_of(user),
        operation=operation,
        values=values,
        past=past_run(name, values),
    )
    OrmQ.objects.all().delete()
    assert JobRun.objects.count() == 1
    assert Schedule.objects.count() == 0
    return visit
