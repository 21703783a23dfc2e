"""``seguridad.password_expiry_days``: an old password opens one page, the one for another."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from callcentersite.apps.configuration import services
from callcentersite.apps.configuration.models import Configuracion
from callcentersite.apps.users.models import User
from callcentersite.apps.users.passwords import AnotherPasswordValidator
from opsconsole.models import JobRun

from .conftest import fresh

pytestmark = pytest.mark.django_db(databases="__all__")

HOME, CHANGE = "/admin/", "/admin/password_change/"
OLD, NEW = "Vieja-Clave-1", "Nueva-Clave-2"
LONG_AGO = timedelta(days=91)
WORDS = {"old_password": OLD, "new_password1": NEW, "new_password2": NEW}


@pytest.fixture
def eva(db):
    """Staff whose password is 91 days old."""
    user = User.objects.create_user("eva", password=OLD, is_staff=True)
    return aged(user)


def aged(user, days=91, **fields):
    User.objects.filter(pk=user.pk).update(
        password_set_at=timezone.now() - timedelta(days=days), **fields
    )
    return fresh(user)


@pytest.fixture
def page(client, eva):
    client.force_login(eva)
    return client


def text_of(answer):
    return answer.content.decode()


# The gate


def test_the_login_leads_to_the_page_for_another_password_which_says_why(client, eva):
    form = {"username": "eva", "password": OLD, "next": HOME}
    answer = client.post(reverse("admin:login"), form, follow=True)

    assert answer.redirect_chain == [(HOME, 302), (CHANGE, 302)]
    assert "Su contraseña venció: tiene 91 días y el máximo son 90." in text_of(answer)


def test_nothing_else_is_reachable_and_nothing_is_changed_by_trying(page, eva):
    run = JobRun.objects.create(operation="gone", status="queued", origin="cli")

    for path in (HOME, run.get_absolute_url(), "/admin/users/user/", "/"):
        assert page.get(path).headers.get("Location") == CHANGE
    page.post(reverse("admin:opsconsole_jobrun_cancel", args=[run.pk]))

    assert JobRun.objects.get().status == "queued"


def test_the_health_stays_open(page):
    assert page.get(reverse("health_live")).status_code == 200


def test_the_way_out_and_the_language_stay_open(page):
    assert page.post(reverse("set_language"), {"language": "en", "next": "/"}).url == "/"
    assert page.get(reverse("admin:jsi18n")).status_code == 200
    assert page.post(reverse("admin:logout")).status_code == 200
    assert page.get(HOME).url.startswith("/admin/login/")


def test_a_page_that_asks_by_itself_is_told_no(page):
    run = JobRun.objects.create(operation="gone", status="queued", origin="cli")
    live = reverse("admin:opsconsole_jobrun_live", args=[run.pk])

    for answer in (page.get(live), page.get(HOME, headers={"X-Requested-With": "refresh"})):
        assert answer.status_code == 403
        assert "Su contraseña venció" in answer.json()["error"][0]


def test_with_another_password_everything_opens(page, eva):
    answer = page.post(CHANGE, WORDS, follow=True)

    assert answer.redirect_chain == [(CHANGE + "done/", 302)]
    assert page.get(HOME).status_code == 200
    assert timezone.now() - fresh(eva).password_set_at < timedelta(minutes=1)


def test_the_same_password_is_no_other(page, eva):
    answer = page.post(CHANGE, WORDS | {"new_password1": OLD, "new_password2": OLD})

    assert "debe ser distinta de la anterior" in text_of(answer)
    assert page.get(HOME).url == CHANGE


def test_as_many_days_as_configured(page, eva):
    services.seed("seguridad")
    config = Configuracion.objects.get(clave="seguridad.password_expiry_days")
    config.valor = "120"
    config.save()

    assert page.get(HOME).status_code == 200


@pytest.mark.parametrize("superuser", [True, False])
def test_on_the_last_day_it_still_opens_everything(client, superuser):
    user = User.objects.create_user("eva", password=OLD, is_staff=True, is_superuser=superuser)
    client.force_login(aged(user, days=89))

    assert client.get(HOME).status_code == 200


def test_superusers_are_no_exception(client):
    client.force_login(aged(User.objects.create_superuser("root", password=OLD)))

    assert client.get(HOME).url == CHANGE


def test_who_has_no_password_has_none_to_change(client):
    user = User.objects.create_user("sso", is_staff=True)
    client.force_login(aged(user, must_change_password=True))

    assert client.get(HOME).status_code == 200


def test_who_is_no_staff_ends_at_the_login_and_not_in_a_circle(client, eva):
    User.objects.update(is_staff=False)
    client.force_login(fresh(eva))

    answer = client.get(HOME, follow=True)

    assert answer.redirect_chain[-1][0].startswith("/admin/login/")
    assert answer.status_code == 200


def test_strangers_are_not_bothered(client):
    assert client.get(reverse("admin:login")).status_code == 200


def test_the_gate_costs_no_query_and_writes_nothing(page, eva):
    page.get(HOME)
    with CaptureQueriesContext(connection) as queries:
        page.get(HOME)

    assert len([q for q in queries if "users_user" in q["sql"]]) == 1
    assert not any(q["sql"].startswith(("UPDATE", "INSERT")) for q in queries)


# Since when


def through_set_password(user):
    user.set_password(NEW)
    user.save()


def through_set_password_and_one_column(user):
    user.set_password(NEW)
    user.save(update_fields=["password"])


def through_a_ready_hash(user):
    user.password = make_password(NEW)
    user.save()


def through_the_command(user, monkeypatch=None):
    from unittest import mock

    with mock.patch("getpass.getpass", return_value=NEW):
        call_command("changepassword", user.username, verbosity=0)


DOORS = [
    through_set_password,
    through_set_password_and_one_column,
    through_a_ready_hash,
    through_the_command,
]


@pytest.mark.parametrize("door", DOORS)
def test_the_time_begins_anew_through_every_door(eva, door):
    User.objects.update(must_change_password=True)

    door(fresh(eva))

    assert fresh(eva).check_password(NEW)
    assert timezone.now() - fresh(eva).password_set_at < timedelta(minutes=1)
    assert fresh(eva).must_change_password is False


def keep_the_name(user):
    user.first_name = "Eva"
    user.save()


def log_in(user):
    user.last_login = timezone.now()
    user.save(update_fields=["last_login"])


def renew_the_hash(user):
    User.objects.filter(pk=user.pk).update(password=make_password(OLD, hasher="pbkdf2_sha256"))
    before = fresh(user).password
    account = fresh(user)
    assert account.check_password(OLD)  # which renews the hash
    assert fresh(user).password != before
    account.first_name = "Eva"
    account.save()


def without_its_password(user):
    account = User.objects.defer("password").get(pk=user.pk)
    account.first_name = "Eva"
    account.save()


@pytest.mark.parametrize("deed", [keep_the_name, log_in, renew_the_hash, without_its_password])
def test_whatever_sets_no_password_leaves_the_time_alone(eva, deed, settings):
    settings.PASSWORD_HASHERS = [
        *settings.PASSWORD_HASHERS,
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]

    deed(fresh(eva))

    assert fresh(eva).password_set_at == eva.password_set_at


def test_a_superuser_made_at_the_terminal_has_her_own_time(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", NEW)
    call_command("createsuperuser", username="root", email="", interactive=False, verbosity=0)

    root = User.objects.get()
    assert timezone.now() - root.password_set_at < timedelta(minutes=1)
    assert root.must_change_password is False


def test_the_validator_takes_an_account_that_has_none_yet():
    AnotherPasswordValidator().validate(NEW, None)
    AnotherPasswordValidator().validate(NEW, User(username="x"))
    with pytest.raises(ValidationError):
        AnotherPasswordValidator().validate(NEW, User(username="x", password=make_password(NEW)))


# Asked for by an administrator


@pytest.fixture
def boss(django_user_model):
    user = django_user_model.objects.create_user("jefa", password=OLD, is_staff=True)
    names = ["view_user", "add_user", "change_user"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return fresh(user)


@pytest.fixture
def office(client, boss):
    client.force_login(boss)
    return client


def test_the_first_password_is_for_the_first_login(office):
    add = reverse("admin:users_user_add")
    form = office.get(add).context["adminform"].form
    assert form["must_change_password"].value() is True
    words = {"username": "nueva", "usable_password": "true", "password1": NEW, "password2": NEW}

    office.post(add, words | {"must_change_password": "on"})
    office.post(add, words | {"username": "otra"})

    flags = dict(User.objects.values_list("username", "must_change_password"))
    assert (flags["nueva"], flags["otra"]) == (True, False)


def test_who_was_asked_is_led_to_the_page(client):
    user = User.objects.create_user("ana", password=OLD, is_staff=True, must_change_password=True)
    client.force_login(user)

    assert "Se pidió que elija una contraseña nueva" in text_of(client.get(HOME, follow=True))
    client.post(CHANGE, WORDS)
    assert client.get(HOME).status_code == 200


def ask_for(browser, *users, confirmed=True):
    data = {"action": "another_password", "_selected_action": [user.pk for user in users]}
    data |= {"_confirmado": "1"} if confirmed else {}
    return browser.post(reverse("admin:users_user_changelist"), data, follow=True)


def test_an_action_asks_several_for_another(office):
    ana = User.objects.create_user("ana", password=OLD)
    sso = User.objects.create_user("sso")
    root = User.objects.create_superuser("root", password=OLD)

    asked = ask_for(office, ana, confirmed=False)
    before = fresh(ana).must_change_password
    done = text_of(ask_for(office, ana, sso, root))

    assert "Pedir otra contraseña" in text_of(asked)
    assert before is False
    assert [fresh(one).must_change_password for one in (ana, sso, root)] == [True, False, False]
    assert "Tendrá que elegir otra contraseña (1)" in done
    assert "No entra con contraseña" in done
    assert "Solo un superusuario cambia la cuenta de otro" in done


def test_who_may_only_look_asks_nobody(client, boss):
    ana = User.objects.create_user("ana", password=OLD)
    boss.user_permissions.set(Permission.objects.filter(codename="view_user"))
    client.force_login(fresh(boss))

    ask_for(client, ana)

    assert fresh(ana).must_change_password is False


def test_a_password_that_somebody_else_set_is_for_one_login(office, eva):
    url = reverse("admin:auth_user_password_change", args=[eva.pk])
    assert "tendrá que elegir otra al entrar" in text_of(office.get(url))

    office.post(url, {"usable_password": "true", "password1": NEW, "password2": NEW})

    assert fresh(eva).check_password(NEW)
    assert fresh(eva).must_change_password is True


def test_her_own_is_changed_where_the_old_one_is_asked_for(office, boss):
    url = reverse("admin:auth_user_password_change", args=[boss.pk])

    assert office.get(url).url == CHANGE
    assert office.post(url, {"password1": NEW, "password2": NEW}).url == CHANGE
    assert fresh(boss).check_password(OLD)


def test_the_page_of_an_account_says_since_when(office, eva):
    text = text_of(office.get(reverse("admin:users_user_change", args=[eva.pk])))

    assert "contraseña puesta el" in text.lower()
    assert 'name="must_change_password"' in text
