"""Who has a permission, asked of everybody at once, is what has_perm says of each."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from callcentersite.apps.users.models import GrupoPermiso
from callcentersite.apps.users.selectors import holders
from opsconsole import permissions
from opsconsole.models import JobRun
from tests.callcentersite.users.conftest import catalog, except_, fresh, join, person  # noqa: F401

pytestmark = pytest.mark.django_db(databases=["default", "ops"])
VIEW = "sistema.tecnico.configuracion.ver"
ASKED = (
    "opsconsole.view_jobrun",
    "opsconsole.approve_jobrun",
    "opsconsole.run_run_etl",
    "users.approve_solicitudasignacion",
    "auth.view_group",
    "nobody.knows_this",
    VIEW,
)


@pytest.fixture
def everybody(catalog, person):  # noqa: F811
    """One of each kind of person."""
    past = timezone.now() - timedelta(days=1)
    holder = GrupoPermiso.objects.filter(capacidades__codigo=VIEW).first().codigo
    plain = Permission.objects.get(codename="view_jobrun")
    department = Group.objects.create(name="mesa")
    department.permissions.add(plain)
    people = {
        "root": person("root", is_superuser=True),
        "member": person("member", holder),
        "inactive": person("inactive", holder, is_active=False),
        "nobody": person("nobody"),
        "conceded": person("conceded"),
        "revoked": person("revoked", holder),
        "revoked_plain": person("revoked_plain"),
        "revoked_root": person("revoked_root", is_superuser=True),
        "both": person("both"),
        "expired": person("expired"),
        "late_exception": person("late_exception", holder),
        "plain": person("plain"),
        "of_a_group": person("of_a_group"),
    }
    join(people["expired"], holder, asignado_el=past - timedelta(days=1), vence_el=past)
    for name, kind in (
        ("conceded", "conceder"), ("revoked", "revocar"), ("revoked_plain", "revocar"),
        ("revoked_root", "revocar"), ("both", "conceder"), ("both", "revocar"),
    ):  # fmt: skip
        except_(people[name], kind, VIEW)
    except_(people["late_exception"], "revocar", VIEW, desde=past - timedelta(1), hasta=past)
    for name in ("plain", "revoked_plain"):
        people[name].user_permissions.add(plain)
    people["of_a_group"].groups.add(department)
    return people


@pytest.mark.parametrize("permission", ASKED)
def test_it_is_what_has_perm_says_of_each(everybody, permission):
    one_by_one = {name for name, user in everybody.items() if fresh(user).has_perm(permission)}

    found = set(holders(permission).values_list("username", flat=True))

    assert found == one_by_one
    assert "root" in found and "inactive" not in found


def test_the_world_tells_them_apart(everybody):
    found = set(holders("opsconsole.view_jobrun").values_list("username", flat=True))

    assert {"member", "conceded", "plain", "of_a_group", "late_exception"} <= found
    assert not {"nobody", "revoked", "revoked_plain", "both", "expired"} & found


@pytest.mark.parametrize("requested_by", ["nobody", "member", "plain", "gone", None])
def test_who_may_see_a_run_is_what_the_gate_says_of_each(everybody, requested_by):
    from callcentersite.apps.notifications.selectors import who_may_see

    asker = everybody.get(requested_by)
    number = str(asker.pk) if asker else "999999" if requested_by == "gone" else None
    run = JobRun(operation="run_etl", requested_by_id=number)

    found = set(who_may_see(run).values_list("username", flat=True))

    assert found == {
        name for name, user in everybody.items() if permissions.may_see(run, fresh(user))
    }


def test_it_is_one_statement_however_many_they_are(everybody, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(holders("opsconsole.view_jobrun"))
