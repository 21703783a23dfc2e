"""The list of runs: found quickly, changed by nobody."""

from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opsconsole.admin.filters import days_of
from opsconsole.models import JobRun
from tests.opsconsole.admin.conftest import LIST, run_url, text_of
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


@pytest.fixture
def history(engine_db):
    """Four runs of two people: 1 ana counts, 2 ana fails, 3 eva counts, 4 a gone operation."""
    now = timezone.now()

    def run(operation, status, person, *, days=0, origin="admin"):
        return JobRun.objects.create(
            operation=operation, title=operation, status=status, requested_by=person,
            requested_by_id=person, origin=origin, queued_at=now - timedelta(days=days),
        )  # fmt: skip

    return [
        run("count_slowly", "succeeded", "ana"),
        run("raise_error", "failed", "ana", days=3),
        run("count_slowly", "cancelled", "eva", origin="cli"),
        run("gone_operation", "succeeded", "eva", days=400),
    ]


@pytest.fixture
def shown(as_person, viewer, history):
    """The positions in ``history`` of the runs that the list shows for a query."""
    browser = as_person(viewer)

    def shown(**query):
        response = browser.get(LIST, query)
        assert response.status_code == 200
        found = {run.pk for run in response.context["cl"].result_list}
        return [number for number, run in enumerate(history, 1) if run.pk in found]

    return shown


def test_it_shows_every_run_to_whoever_may_see_them(shown):
    assert shown() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"operation": "count_slowly"}, [1, 3]),
        ({"operation": "gone_operation"}, [4]),
        ({"status__exact": "failed"}, [2]),
        ({"origin__exact": "cli"}, [3]),
        ({"person": "eva"}, [3, 4]),
        ({"person": "me"}, []),
        ({"day": "today"}, [1, 3]),
        ({"day": "week"}, [1, 2, 3]),
        ({"day": "2026-02-31"}, []),
        ({"q": "contar"}, [1, 3]),
        ({"q": "gone_operation"}, [4]),
        ({"q": "ana"}, [1, 2]),
        ({"q": "nada de eso"}, []),
        ({"operation": "count_slowly", "person": "eva", "day": "today"}, [3]),
    ],
)
def test_it_is_narrowed(shown, query, found):
    assert shown(**query) == found


def test_a_number_finds_its_run(shown, history):
    assert shown(q=f"#{history[1].pk}") == [2]


def test_days_are_local_and_inclusive():
    today = timezone.datetime(2026, 11, 21).date()

    assert days_of("yesterday", today=today) == (today - timedelta(1), today - timedelta(1))
    assert days_of("week", today=today) == (today - timedelta(6), today)
    assert days_of("ayer", today=today) is None


def test_without_the_right_people_see_their_own_runs_only(page, operator, submit, supervisor):
    submit("raise_error", user=operator)
    submit("count_slowly", user=supervisor)

    runs = page.get(LIST).context["cl"].result_list

    assert [(run.operation, run.requested_by) for run in runs] == [("raise_error", "operadora.1")]


def test_staff_without_any_right_has_no_list(as_person, stranger):
    assert as_person(stranger).get(LIST).status_code == 403


def test_the_first_page_asks_the_database_little(as_person, viewer, engine_db):
    JobRun.objects.bulk_create(
        JobRun(operation="count_slowly", status="succeeded", origin="cli") for _ in range(200)
    )
    browser = as_person(viewer)
    browser.get(LIST)

    with CaptureQueriesContext(connections["ops"]) as queries:
        browser.get(LIST)

    texts = [query["sql"] for query in queries]
    assert len(texts) == 2
    assert all("LIMIT" in text for text in texts)
    assert not any("traceback" in text for text in texts)
    assert not any("DISTINCT" in text for text in texts)


@pytest.mark.parametrize("path", ["add/", "1/delete/"])
def test_there_is_no_way_to_add_or_delete(as_person, admin_user, history, path):
    browser = as_person(admin_user)

    assert browser.post(f"{LIST}{path}", {"post": "yes"}).status_code == 403
    assert JobRun.objects.count() == 4


# Actions


def act(browser, action, *runs):
    data = {"action": action, "_selected_action": [run.pk for run in runs]}
    return browser.post(LIST, data, follow=True)


def test_selected_runs_are_cancelled_and_refusals_told(as_person, supervisor, submit, perform):
    waiting, ended = submit("raise_error"), perform("count_slowly")

    response = act(as_person(supervisor), "cancel_selected", waiting, ended)

    waiting.refresh_from_db()
    text = text_of(response)
    assert waiting.status == "cancelled"
    assert "Se pidió cancelar 1 corrida." in text
    assert f"No se puede cancelar la corrida {ended.pk}." in text


def test_a_viewer_cancels_nothing(as_person, viewer, submit):
    waiting, browser = submit("raise_error"), as_person(viewer)

    act(browser, "cancel_selected", waiting)

    waiting.refresh_from_db()
    assert waiting.status == "queued"
    assert "Cancelar las corridas" not in text_of(browser.get(LIST))


def test_whoever_runs_one_operation_does_not_cancel_the_runs_of_another(as_person, viewer, submit):
    user = allow(viewer, "run_count_slowly")
    waiting = submit("raise_error")

    response = act(as_person(user), "cancel_selected", waiting)

    waiting.refresh_from_db()
    assert waiting.status == "queued"
    assert "Falta el permiso opsconsole.cancel_jobrun." in text_of(response)


def test_a_deletion_is_not_repeated_without_its_plan(as_person, supervisor, submit):
    user = allow(supervisor, "run_remove_people")
    run = submit("remove_people")
    JobRun.objects.filter(pk=run.pk).update(status="failed")

    text = text_of(act(as_person(user), "retry_selected", run))

    assert JobRun.objects.count() == 1
    assert "Lo que elimina no se repite sin ver su plan." in text


def test_selected_runs_are_repeated(as_person, supervisor, perform):
    user = allow(supervisor, "run_raise_error")
    one, other = perform("count_slowly"), perform("raise_error")

    text = text_of(act(as_person(user), "retry_selected", one, other))

    assert "Se pusieron en cola 2 corridas." in text
    assert JobRun.objects.filter(status="queued").count() == 2


def test_too_large_a_selection_is_refused_whole(as_person, supervisor, submit, settings):
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "MAX_SELECTION": 1}
    one, other = submit("raise_error"), submit("raise_error")

    text = text_of(act(as_person(supervisor), "cancel_selected", one, other))

    assert "La selección es demasiado grande: el máximo es 1." in text
    assert JobRun.objects.filter(status="queued").count() == 2


def test_a_row_leads_to_its_page(as_person, viewer, history):
    html = as_person(viewer).get(LIST).content.decode()

    assert run_url(history[0]) in html
