"""``user.has_perm()`` is what groups and exceptions say, and no more."""

from datetime import timedelta
from itertools import product

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Permission
from django.db import DatabaseError
from django.utils import timezone

from callcentersite.apps.users import selectors
from callcentersite.apps.users.approval_rule import waits_for_second_person
from callcentersite.apps.users.domain.effective import decide
from callcentersite.apps.users.domain.mapping import (
    CAPABILITY_OF,
    OPEN,
    PLAIN,
    capability_of,
    is_considered,
)
from callcentersite.apps.users.models import GrupoPermiso
from callcentersite.apps.users.seeding import the_catalog
from callcentersite.apps.users.selectors import standing_of
from tests.house.operations_document import house_operations

from .conftest import except_, fresh, join

pytestmark = pytest.mark.django_db
CODE = "sistema.administracion.usuarios.ver"
PERMISSION = "users.view_user"
HOUR = timedelta(hours=1)
# Django's own groups, and what was recorded of requests.
SUPERUSERS_ONLY = {"auth", "silk"}


@pytest.fixture
def ana(catalog, person):
    return person("ana", "administracion_usuarios")


def test_a_group_gives_its_capabilities_and_their_permissions(ana):
    assert ana.has_perm("users.change_user")
    assert ana.has_perm("sistema.administracion.usuarios.editar")
    assert ana.has_module_perms("users")
    assert "users.delete_user" in ana.get_all_permissions()


def test_and_nothing_else(ana):
    allowed = {code for code in CAPABILITY_OF.values() if code.startswith(CODE.rpartition(".")[0])}

    assert {name for name in CAPABILITY_OF if ana.has_perm(name)} == {
        name for name, code in CAPABILITY_OF.items() if code in allowed
    }
    assert not ana.has_module_perms("analytics")
    assert not ana.has_perm("users.delete_grupopermiso")
    assert not ana.has_perm("sistema.que.no.existe")
    assert not ana.has_perm("")


@pytest.mark.parametrize(
    "end",
    [
        {"vence_el": timezone.now() - HOUR, "asignado_el": timezone.now() - 2 * HOUR},
        {"revocado_el": timezone.now() + HOUR},
    ],
)
def test_a_membership_that_ended_gives_nothing(catalog, person, end):
    user = person()
    join(user, "administracion_usuarios", **end)

    assert not fresh(user).has_perm(PERMISSION)


def test_a_membership_gives_until_it_expires(catalog, person):
    user = person()
    join(user, "administracion_usuarios", vence_el=timezone.now() + HOUR)

    assert fresh(user).has_perm(PERMISSION)


def test_an_inactive_group_gives_nothing(ana):
    GrupoPermiso.objects.update(activo=False)

    assert not fresh(ana).has_perm(PERMISSION)


def test_an_inactive_account_may_nothing(ana):
    except_(ana, "conceder", CODE)
    ana.is_active = False
    ana.save()

    assert not fresh(ana).has_perm(PERMISSION)
    assert fresh(ana).get_all_permissions() == set()


def test_an_exception_concedes_to_whoever_has_no_group(catalog, person):
    user = person()
    except_(user, "conceder", CODE, desde=timezone.now() - HOUR)

    assert fresh(user).has_perm(PERMISSION)


def test_an_exception_revokes_what_a_group_gives(ana):
    except_(ana, "revocar", CODE)

    assert not fresh(ana).has_perm(PERMISSION)
    assert fresh(ana).has_perm("users.change_user")


def test_revoking_wins_over_conceding(ana):
    except_(ana, "conceder", CODE)
    except_(ana, "revocar", CODE)

    assert not fresh(ana).has_perm(PERMISSION)


def test_revoking_wins_over_a_plain_permission_of_django(catalog, person):
    user = person()
    user.user_permissions.add(Permission.objects.get(codename="view_user"))
    assert fresh(user).has_perm(PERMISSION)

    except_(user, "revocar", CODE)

    assert not fresh(user).has_perm(PERMISSION)
    assert PERMISSION not in fresh(user).get_all_permissions()


@pytest.mark.parametrize(
    "when",
    [
        {"desde": timezone.now() + HOUR},
        {"desde": timezone.now() - 2 * HOUR, "hasta": timezone.now() - HOUR},
        {"desde": timezone.now() - HOUR, "anulado_el": timezone.now()},
    ],
)
@pytest.mark.parametrize(("tipo", "expected"), [("conceder", False), ("revocar", True)])
def test_an_exception_out_of_its_time_changes_nothing(catalog, person, when, tipo, expected):
    user = person("ana", *(["administracion_usuarios"] if tipo == "revocar" else []))
    except_(user, tipo, CODE, **when)

    assert fresh(user).has_perm(PERMISSION) is expected


def test_plain_permissions_of_django_keep_working(person):
    user = person()
    user.user_permissions.add(Permission.objects.get(codename="view_group"))

    assert fresh(user).has_perm("auth.view_group")
    assert not fresh(user).has_perm("auth.change_group")


def test_a_superuser_may_everything_whatever_exceptions_say(catalog, person):
    root = person("root", is_superuser=True)
    except_(root, "revocar", CODE)

    assert fresh(root).has_perm(PERMISSION)
    assert fresh(root).has_perm("auth.change_group")


def test_nobody_may_nothing(catalog):
    assert not AnonymousUser().has_perm(PERMISSION)


def test_a_question_about_one_object_is_not_answered_with_the_general_right(ana):
    assert not ana.has_perm(PERMISSION, ana)


def test_a_database_error_is_a_no_even_where_django_would_say_yes(person, monkeypatch, caplog):
    user = person()
    user.user_permissions.add(Permission.objects.get(codename="view_group"))

    def broken(*args, **kwargs):
        raise DatabaseError("no existe la relación")

    monkeypatch.setattr(selectors, "rows_about", broken)

    assert not fresh(user).has_perm("auth.view_group")
    assert not fresh(user).has_module_perms("auth")
    assert "se niega todo" in caplog.text


def test_all_the_checks_of_a_request_are_one_query(ana, django_assert_num_queries):
    names = [*CAPABILITY_OF, "auth.view_group", "etl.change_callrejection", CODE, "nada"]
    user = fresh(ana)

    with django_assert_num_queries(1):
        answers = [user.has_perm(name) for name in names]
        user.has_module_perms("auth")
        user.get_all_permissions()

    assert any(answers) and not all(answers)


def test_the_fast_answer_is_the_explained_one_for_every_capability(catalog, person):
    user = person("ana", "atencion_cliente", "gestion_equipos", "configuracion_sistema")
    except_(user, "conceder", "sistema.calidad.auditoria.exportar")
    except_(user, "revocar", "sistema.operaciones.tickets.ver")
    standing = standing_of(fresh(user), now=timezone.now())

    for one in the_catalog().capacidades:
        assert fresh(user).has_perm(one.codigo) is decide(one.codigo, standing).allowed


# Closed world


def test_every_capability_of_the_table_is_in_the_catalogue():
    known = {one.codigo for one in the_catalog().capacidades}

    assert set(CAPABILITY_OF.values()) - known == set()


def test_no_permission_is_in_both_tables():
    assert [name for name in PLAIN if name in CAPABILITY_OF] == []


def test_every_operation_is_in_the_table_or_deliberately_not():
    names = [operation.permission() for operation in house_operations()]

    assert [name for name in names if not is_considered(name)] == []


def test_every_permission_of_every_admin_page_is_in_the_table_or_deliberately_not():
    names = [
        f"{model._meta.app_label}.{codename}"
        for model in admin.site._registry
        for codename in (
            *(f"{verb}_{model._meta.model_name}" for verb in model._meta.default_permissions),
            *(codename for codename, _title in model._meta.permissions),
        )
    ]

    assert len(names) > 30
    assert [name for name in names if not is_considered(name)] == []


def view_permission(model):
    return f"{model._meta.app_label}.view_{model._meta.model_name}"


def test_every_page_that_people_may_see_has_a_capability(ana):
    hidden = [
        model
        for model in admin.site._registry
        if capability_of(view_permission(model)) is None
        and view_permission(model) not in OPEN
        and model._meta.app_label not in SUPERUSERS_ONLY
    ]

    assert hidden == []


def test_each_group_opens_exactly_its_own_part_of_the_table(catalog, person):
    groups = {}
    for code, capability in the_catalog().grupo_capacidades:
        groups.setdefault(code, set()).add(capability)
    people = {code: person(code, code) for code in groups}

    for (code, user), (name, capability) in product(people.items(), CAPABILITY_OF.items()):
        assert user.has_perm(name) is (capability in groups[code]), (code, name)


def test_an_operation_that_declares_a_capability_is_mapped_to_it():
    declared = [one for one in house_operations() if one.capability]

    assert [one.name for one in declared if capability_of(one.permission()) != one.capability] == []


@pytest.mark.parametrize(
    ("capability", "waits"),
    [
        ("sistema.tecnico.configuracion.importar", True),
        ("sistema.tecnico.configuracion.ver", False),
        ("sistema.que.no.existe", True),
    ],
)
def test_the_catalogue_says_which_runs_wait(catalog, capability, waits):
    assert waits_for_second_person(capability) is waits
