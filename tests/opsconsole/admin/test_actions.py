"""Any ModelAdmin offers an operation on its selected rows, in one line."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group

from opsconsole.admin.actions import let_site_check, operation_action
from opsconsole.admin.site import ConsoleSite
from opsconsole.models import JobRun
from tests.opsconsole.admin.conftest import operation_url, text_of
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
GROUPS = "/admin/auth/group/"


COUNT_GROUPS = operation_action(
    "count_slowly", params=lambda rows: {"steps": rows.count()}, label="Contar grupos"
)


class GroupsThatCount(admin.ModelAdmin):
    actions = (COUNT_GROUPS,)


@pytest.fixture
def groups(engine_db, monkeypatch):
    """Three groups whose admin offers the operation."""
    registered = admin.site._registry[Group]
    monkeypatch.setattr(registered, "actions", GroupsThatCount.actions)
    let_site_check(registered)
    return [Group.objects.create(name=f"grupo {number}") for number in range(3)]


@pytest.fixture
def clerk(client, operator, groups):
    """May see groups, and run the operation."""
    client.force_login(allow(operator, "view_group"))
    return client


def act(browser, *groups, **more):
    data = {"action": "operation_count_slowly", "_selected_action": [g.pk for g in groups]}
    return browser.post(GROUPS, data | more, follow=True)


def test_the_selection_fills_in_the_form_and_launches_nothing(clerk, groups, no_runs):
    response = act(clerk, *groups[:2])

    html = response.content.decode()
    assert "Para 2 filas seleccionadas." in text_of(response)
    assert '<input type="hidden" name="steps" value="2"' in html
    assert f'action="{operation_url()}"' in html
    assert "--steps 2" in html


def test_the_form_then_launches_what_was_selected(clerk, groups):
    clerk.post(operation_url(), {"steps": "2", "pause": "0", "_seleccion": "steps"})

    assert JobRun.objects.get().params == {"steps": 2, "pause": 0.0}


def test_an_error_in_what_is_hidden_is_shown(clerk, no_runs):
    response = clerk.post(operation_url(), {"steps": "0", "pause": "0", "_seleccion": "steps"})

    assert "Asegúrese de que este valor es mayor o igual a 1." in text_of(response)


def test_whoever_may_not_run_it_is_not_offered_it(as_person, stranger, groups):
    browser = as_person(allow(stranger, "view_group"))

    assert "Contar grupos" not in text_of(browser.get(GROUPS))


def test_a_forged_action_is_refused(as_person, stranger, groups, no_runs):
    response = act(as_person(allow(stranger, "view_group")), *groups)

    assert "filas seleccionadas" not in text_of(response)


def test_the_action_itself_refuses_too(rf, stranger, groups, no_runs):
    from django.core.exceptions import PermissionDenied

    request = rf.post(GROUPS)
    request.user = stranger

    with pytest.raises(PermissionDenied):
        COUNT_GROUPS(admin.site._registry[Group], request, Group.objects.all())


def test_the_selection_is_bounded(clerk, groups, settings, no_runs):
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "MAX_SELECTION": 2}

    text = text_of(act(clerk, *groups))

    assert "La selección es demasiado grande: el máximo es 2." in text


def test_selecting_across_pages_is_bounded_as_well(clerk, groups, settings, no_runs):
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "MAX_SELECTION": 2}

    text = text_of(act(clerk, groups[0], select_across="1"))

    assert "La selección es demasiado grande" in text


def test_an_operation_that_is_gone_is_not_offered(clerk, groups):
    from opsconsole import registry

    registry.unregister("count_slowly")

    assert "Contar grupos" not in text_of(clerk.get(GROUPS))


def test_registering_is_enough_for_the_site_to_check_the_right(rf, stranger, operator):
    site, request = ConsoleSite("another"), rf.get(GROUPS)
    site.register(Group, GroupsThatCount)
    offered = {}

    for user in (stranger, operator):
        request.user = user
        offered[user.username] = "operation_count_slowly" in site._registry[Group].get_actions(
            request
        )

    assert offered == {"extraña": False, "operadora.1": True}


def test_its_label_is_the_operations_title_unless_told_otherwise():
    action = operation_action("count_slowly", params=lambda rows: {})

    assert str(action.short_description) == "Contar despacio"
