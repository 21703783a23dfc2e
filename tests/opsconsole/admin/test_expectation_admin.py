"""The page of what cron should launch: who may, what is told, what came of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from opsconsole import events
from opsconsole.models import Expectation, JobRun
from opsconsole.programmes import expectations
from tests.opsconsole.admin.conftest import text_of
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
URL = "/admin/opsconsole/expectation/"
RIGHTS = ("view_expectation", "add_expectation", "change_expectation", "delete_expectation")


@pytest.fixture
def planner(client, operator):
    """May say what is expected, and run counting."""
    client.force_login(allow(operator, *RIGHTS))
    return client


@pytest.fixture
def told():
    """What is told of it, in the order in which it was."""
    heard = []

    def listen(change, expected, user, **kwargs):
        heard.append((str(change), expected.operation, expected.when, expected.grace, str(user)))

    events.changed_expectation.connect(listen)
    yield heard
    events.changed_expectation.disconnect(listen)


def form(**changes):
    return {
        "operation": "count_slowly", "cron": "0  * * * *", "zone": "America/Mexico_City",
        "grace": "10m",
    } | changes  # fmt: skip


def expected(**changes):
    return Expectation.objects.create(
        **{
            "operation": "count_slowly", "cron": "0 * * * *", "zone": "America/Mexico_City",
            "grace_seconds": 600,
        } | changes
    )  # fmt: skip


def test_it_is_added_changed_and_withdrawn_in_the_name_of_whoever_does(planner, operator, told):
    planner.post(f"{URL}add/", form())
    one = Expectation.objects.get()
    planner.post(f"{URL}{one.pk}/change/", form(grace="2h", operation="remove_people"))
    changed = Expectation.objects.get()
    planner.post(f"{URL}{one.pk}/delete/", {"post": "yes"})

    assert (one.cron, one.grace_seconds, one.declared_by_id) == ("0 * * * *", 600, str(operator.pk))
    assert (changed.operation, changed.grace_seconds) == ("count_slowly", 7200)
    when = "0 * * * * (America/Mexico_City)"
    assert told == [
        ("created", "count_slowly", when, "10m", "operadora.1"),
        ("changed", "count_slowly", when, "2h", "operadora.1"),
        ("deleted", "count_slowly", when, "2h", "operadora.1"),
    ]
    assert Expectation.objects.count() == 0


def test_other_times_are_expected_from_now_on_and_a_longer_grace_forgets_nothing(planner):
    long_ago = timezone.now() - timedelta(days=3)
    one = expected(checked_until=long_ago)

    planner.post(f"{URL}{one.pk}/change/", form(grace="20m"))
    as_before = Expectation.objects.get().checked_until
    planner.post(f"{URL}{one.pk}/change/", form(cron="*/5 * * * *"))

    assert as_before == long_ago
    assert expectations.look_after() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cron": "0 0 31 2 *"}, "no tiene ninguna fecha próxima"),
        ({"cron": "cada hora"}, "Se esperan cinco campos"),
        ({"grace": "diez"}, "Se espera un margen"),
        ({"grace": "8d"}, "Se espera un margen"),
        ({"zone": "America/Atlantida"}, "Escoja una opción válida."),
        ({"operation": "remove_kept"}, "Escoja una opción válida."),
        ({"cron": "30 4 * * *"}, "ya existe"),
    ],
)
def test_what_cannot_be_expected_is_refused_at_its_field(planner, changes, said):
    expected(cron="30 4 * * *")

    response = planner.post(f"{URL}add/", form(**changes))

    assert said in text_of(response)
    assert Expectation.objects.count() == 1


def test_the_list_says_what_came_what_comes_and_what_did_not(planner):
    one = expected(checked_until=timezone.now() - timedelta(hours=4))
    JobRun.objects.create(
        operation="count_slowly", origin="cli", status="succeeded",
        queued_at=one.checked_until, started_at=one.checked_until,
        finished_at=one.checked_until,
    )  # fmt: skip
    expectations.look_after()
    expected(operation="gone", cron="61 * * * *", zone="Mars/Base")

    said = text_of(planner.get(URL))

    missed = JobRun.objects.get(status="missed")
    assert "✓ Terminó bien · Corrida " in said
    assert f"{missed.result['missed']} veces : {missed.error}" in said
    assert "▲ gone" in said
    assert "▲ no se puede leer cuándo" in said


def test_a_hundred_take_as_many_statements_as_one(planner, django_assert_max_num_queries):
    for minute in range(59):
        expected(cron=f"{minute} * * * *")
    with django_assert_max_num_queries(14):
        planner.get(URL)


def test_without_the_right_to_run_it_nobody_says_when_it_is_expected(as_person, stranger):
    one = expected()
    browser = as_person(allow(stranger, *RIGHTS))

    answers = [
        browser.post(f"{URL}{one.pk}/change/", form(grace="1h")).status_code,
        browser.post(f"{URL}{one.pk}/delete/", {"post": "yes"}).status_code,
    ]
    page = browser.get(f"{URL}{one.pk}/change/")

    assert answers == [403, 403]
    assert "Margen: 10m" in text_of(page)
    assert Expectation.objects.get().grace_seconds == 600


def test_staff_without_rights_see_none(as_person, stranger):
    assert as_person(stranger).get(URL).status_code == 403
