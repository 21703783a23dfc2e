"""The queue page and its verdicts; and django-q2's tables behind their guard."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib import admin
from django.utils import timezone
from django_q.models import Failure, OrmQ, Success, Task

from opsconsole.bell import ring
from opsconsole.models import Canary, JobRun
from opsconsole.selectors import queue
from opsconsole.selectors.queue import Cluster, QueueState, Verdict, queue_state
from tests.opsconsole.admin.conftest import text_of
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])
URL = "/admin/cola/"


def cluster(*, workers=2, stopping=False):
    names = tuple(f"ops-1:{number}" for number in range(workers))
    return Cluster(
        host="ops-1", pid=1, stopping=stopping, workers=names, since=timezone.now(),
        reincarnations=0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("clusters", "busy", "waiting", "wait", "verdict"),
    [
        ([], 0, 0, None, Verdict.NOBODY),
        ([], 0, 3, 5, Verdict.NOBODY),
        ([cluster(stopping=True)], 0, 1, 5, Verdict.STOPPING),
        ([cluster(), cluster(stopping=True)], 0, 0, None, Verdict.IDLE),
        ([cluster()], 0, 0, None, Verdict.IDLE),
        ([cluster()], 1, 0, None, Verdict.WORKING),
        ([cluster()], 0, 1, 2, Verdict.WORKING),
        ([cluster()], 2, 9, 600, Verdict.BUSY),
        ([cluster()], 1, 1, 31, Verdict.DEAF),
    ],
)
def test_the_verdict(clusters, busy, waiting, wait, verdict):
    oldest = None if wait is None else timedelta(seconds=wait)

    state = QueueState(clusters=tuple(clusters), busy=busy, waiting=waiting, oldest_wait=oldest)

    assert state.verdict is verdict


@pytest.mark.parametrize(("ended", "verdict"), [(2, Verdict.BUSY), (31, Verdict.DEAF)])
def test_a_worker_between_two_runs_of_a_backlog_is_not_deaf(submit, monkeypatch, ended, verdict):
    monkeypatch.setattr(queue, "living_clusters", lambda: (cluster(),))
    now = timezone.now()
    done, waits = submit("raise_error"), submit("count_slowly")
    moment = now - timedelta(seconds=ended)
    JobRun.objects.filter(pk=done.pk).update(
        status="succeeded", started_at=now - timedelta(seconds=90), finished_at=moment
    )
    JobRun.objects.filter(pk=waits.pk).update(queued_at=now - timedelta(seconds=40))

    assert queue_state().verdict is verdict


def test_a_bell_and_its_run_are_one_thing_that_waits(submit, cluster_alive):
    submit("count_slowly", enqueue=True)

    assert queue_state().waiting == 1


def test_a_run_whose_bell_was_lost_still_waits(submit, cluster_alive):
    submit("count_slowly")

    assert queue_state().waiting == 1


def test_it_shows_who_works_and_what_waits(as_person, viewer, submit, cluster_alive):
    waiting = submit("count_slowly", enqueue=True)
    working = submit("raise_error")
    JobRun.objects.filter(pk=working.pk).update(
        status="running", worker="ops-1:4312", started_at=timezone.now(),
        heartbeat_at=timezone.now() - timedelta(seconds=7),
    )  # fmt: skip

    text = text_of(as_person(viewer).get(URL))

    assert f"Contar despacio #{waiting.pk}" in text
    assert f"Fallar #{working.pk} ops-1:4312" in text
    assert "hace 7 s" in text
    assert "1 de 2 workers ocupados, 1 en espera" in text


def test_it_says_what_to_do_when_nobody_works(as_person, viewer):
    text = text_of(as_person(viewer).get(URL))

    assert "no hay ningún cluster de workers en marcha" in text
    assert "python manage.py qcluster" in text


def test_other_tasks_are_listed_by_name(as_person, viewer, engine_db):
    from django_q.tasks import async_task

    async_task("opsconsole.tasks.tick", task_name="latido")

    text = text_of(as_person(viewer).get(URL))

    assert "latido opsconsole.tasks.tick" in text


def test_it_tells_when_a_canary_came_through_and_what_its_silence_means(
    as_person, viewer, cluster_alive, monkeypatch
):
    heard = timezone.now() - timedelta(seconds=150)
    old = replace(cluster(), since=timezone.now() - timedelta(hours=1))
    assert "Todavía no ha salido ningún canario" in text_of(as_person(viewer).get(URL))

    Canary.objects.create(born_at=heard, released_at=heard, sung_at=heard)
    monkeypatch.setattr(queue, "living_clusters", lambda: (old,))
    text = text_of(as_person(viewer).get(URL))

    assert "El último canario salió de la cola hace 2 min." in text
    assert "los workers parecen vivos, y desde hace 2 min " in text


def test_it_needs_the_right_to_see_every_run(page):
    response = page.get(URL)

    assert response.status_code == 403
    assert "Falta el permiso opsconsole.view_jobrun." in text_of(response)


def test_it_changes_nothing_by_post(as_person, viewer):
    assert as_person(viewer).post(URL).status_code == 405


# django-q2's own tables


@pytest.fixture
def failure(engine_db):
    return Task.objects.create(
        id="f" * 32, name="tarea", func="os.system", started=timezone.now(),
        stopped=timezone.now(), success=False, result="no",
    )  # fmt: skip


def test_viewing_tasks_is_not_submitting_them_again(as_person, viewer, failure):
    browser = as_person(allow(viewer, "view_failure"))

    browser.post(
        "/admin/django_q/failure/",
        {"action": "resubmit_task", "_selected_action": [failure.pk], "index": 0},
    )

    assert OrmQ.objects.count() == 0
    assert Failure.objects.count() == 1
    assert browser.get("/admin/django_q/failure/").status_code == 200


@pytest.mark.parametrize("name", ["failure", "success", "ormq"])
def test_the_tables_need_their_view_permission(page, name):
    assert page.get(f"/admin/django_q/{name}/").status_code == 403


@pytest.mark.parametrize("model", [Failure, Success, OrmQ])
def test_not_even_a_superuser_changes_them(rf, admin_user, model):
    request, guarded = rf.get("/"), admin.site._registry[model]
    request.user = admin_user

    assert not guarded.has_add_permission(request)
    assert not guarded.has_change_permission(request)
    assert not guarded.has_delete_permission(request)
    assert guarded.get_actions(request) == {}


def test_a_bell_is_read_without_its_pickle(as_person, admin_user, submit):
    run = submit("count_slowly")
    ring(run.pk)

    text = text_of(as_person(admin_user).get("/admin/django_q/ormq/"))

    assert f"run-{run.pk}" in text
