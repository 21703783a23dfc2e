"""The run page: what it says, to whom, and what can be done from it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import Failure

from opsconsole import registry
from opsconsole.models import JobArtifact, JobLog, JobRun
from tests.opsconsole.admin.conftest import run_url, text_of
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


@pytest.fixture
def running(submit, operator):
    """A run of the operator's in a worker's hands, with three lines."""
    run = submit("count_slowly", user=operator, steps=100)
    now = timezone.now()
    JobRun.objects.filter(pk=run.pk).update(
        status="running", attempt=1, worker="ops-1:4312", started_at=now - timedelta(seconds=10),
        heartbeat_at=now, progress_current=40, progress_total=100, phase="count",
        phases={"count": {"seconds": 6.9, "done": None}}, result={"counted": 40}, log_lines=3,
    )  # fmt: skip
    write(run, ("INFO", "Empiezo a contar"), ("WARNING", "falta el 13"), ("INFO", "numero 40"))
    return JobRun.objects.get(pk=run.pk)


def write(run, *lines, first=1):
    JobLog.objects.bulk_create(
        JobLog(run=run, seq=seq, level=level, message=message, at=timezone.now())
        for seq, (level, message) in enumerate(lines, first)
    )


# What it says


def test_it_works_as_a_plain_page(page, running):
    text = text_of(page.get(run_url(running)))

    assert "En ejecución" in text
    assert f"Corrida {running.pk} · la pidió operadora.1 desde la página" in text
    assert "worker ops-1:4312 , intento 1" in text
    assert "40 de 100 números" in text
    assert "faltan unos" in text
    assert "Contados 40" in text
    assert "[WARNING] falta el 13" in text
    assert "python manage.py console run count_slowly --steps 100" in text


def test_an_error_is_shown_as_message_cause_and_remedy(as_person, viewer, perform):
    text = text_of(as_person(viewer).get(run_url(perform("raise_error"))))

    assert "No hay datos. Causa Tabla vacía Solución Cargue datos" in text


@pytest.fixture
def traces(settings):
    """Let the site say whether tracebacks are shown."""

    def traces(value):
        settings.OPSCONSOLE = {**settings.OPSCONSOLE, "SHOW_TRACEBACKS": value}

    return traces


TRACE = "raise ValueError"


def test_a_bug_folds_its_traceback_and_keeps_the_secret(as_person, viewer, perform, traces):
    traces(True)
    technician = allow(viewer, "view_traceback")
    response = as_person(technician).get(run_url(perform("raise_error", kind="bug")))

    html = response.content.decode()
    assert '<details class="traceback">' in html
    assert TRACE in html
    assert "secreta" not in html


@pytest.mark.parametrize("right", [True, False])
@pytest.mark.parametrize("shown", [True, False, lambda: False])
@pytest.mark.parametrize("view", ["change", "live"])
def test_a_traceback_is_not_for_everybody(as_person, viewer, perform, traces, right, shown, view):
    traces(shown)
    person = allow(viewer, "view_traceback") if right else viewer
    run = perform("raise_error", kind="bug")

    text = as_person(person).get(run_url(run, view)).content.decode()

    assert "ValueError" in text
    assert (TRACE in text) == (right and shown is True)
    assert ("error está guardada" in text or "error est\\u00e1 guardada" in text) == (
        not (right and shown is True)
    )


def test_a_foreseen_error_has_no_traceback_to_speak_of(as_person, viewer, perform):
    text = text_of(as_person(viewer).get(run_url(perform("raise_error"))))

    assert "La traza" not in text


def test_the_workers_own_page_says_what_failed_and_not_where(as_person, superuser_of_queue):
    text = text_of(as_person(superuser_of_queue).get("/admin/django_q/failure/"))

    assert "no hay sitio" in text
    assert "Traceback" not in text


@pytest.fixture
def superuser_of_queue(engine_db, django_user_model):
    """Somebody who looks at a task of django-q2 that failed."""
    now = timezone.now()
    Failure.objects.create(
        id="0" * 32, name="x", func="f", started=now, stopped=now, success=False,
        result='no hay sitio : Traceback (most recent call last):\n  File "x.py"',
    )  # fmt: skip
    return django_user_model.objects.create_superuser("jefa", password="clave-1")


def test_history_outlives_code(as_person, viewer, perform):
    run = perform("count_slowly")
    registry.unregister("count_slowly")

    text = text_of(as_person(viewer).get(run_url(run)))

    assert "Contar despacio" in text
    assert "ya no está instalado" in text
    assert "counted 3" in text
    assert "Repetir" not in text


def test_a_queued_run_that_nobody_will_take_says_so(page, submit, operator):
    run = submit("count_slowly", user=operator)

    text = text_of(page.get(run_url(run)))

    assert "Nadie atiende la cola" in text
    assert "python manage.py qcluster" in text


def test_a_queued_run_is_calm_while_a_cluster_is_alive(page, submit, operator, cluster_alive):
    run = submit("count_slowly", user=operator)

    assert "Nadie atiende" not in text_of(page.get(run_url(run)))


def test_a_deaf_cluster_is_told_from_a_busy_one(page, submit, operator, cluster_alive):
    run = submit("count_slowly", user=operator)
    JobRun.objects.filter(pk=run.pk).update(queued_at=timezone.now() - timedelta(seconds=45))

    assert "La cola no avanza: hay workers libres" in text_of(page.get(run_url(run)))


def test_what_was_delivered_or_died_too_often_is_shown(page, running):
    JobRun.objects.filter(pk=running.pk).update(refused_claims=4, deaths=1, log_dropped=7)

    text = text_of(page.get(run_url(running)))

    assert "La cola la entregó 4 veces de más" in text
    assert "Su worker murió 1 vez." in text
    assert "7 líneas se contaron, pero no se guardaron." in text


def test_a_number_that_is_no_run_gets_a_clear_page(as_person, viewer):
    response = as_person(viewer).get("/admin/opsconsole/jobrun/999/change/")

    assert response.status_code == 404
    assert "No existe la corrida 999." in text_of(response)


# Who may see it


def test_whoever_asked_for_a_run_may_see_it(page, running):
    assert page.get(run_url(running)).status_code == 200


def test_the_runs_of_others_need_the_right_to_see_them(page, submit, supervisor):
    run = submit("count_slowly", user=supervisor)

    response = page.get(run_url(run))

    assert response.status_code == 403
    assert "Falta el permiso opsconsole.view_jobrun." in text_of(response)


def test_losing_the_right_to_run_is_losing_sight_of_ones_own_runs(page, operator, running):
    operator.user_permissions.clear()

    assert page.get(run_url(running)).status_code == 403


@pytest.mark.parametrize("view", ["change", "live", "log", "cancel", "retry"])
def test_nobody_sees_anything(client, running, view):
    response = client.get(run_url(running, view))

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("view", ["change", "live", "log", "cancel"])
def test_staff_without_a_right_sees_nothing(as_person, stranger, running, view):
    response = as_person(stranger).get(run_url(running, view))

    assert response.status_code == 403
    assert "falta el 13" not in text_of(response)


# The live feed


def test_the_feed_brings_only_new_lines(page, running):
    first = page.get(run_url(running, "live"), {"after": 0, "status": "running"}).json()
    write(running, ("SUCCESS", "punto de control"), first=4)

    second = page.get(run_url(running, "live"), {"after": first["last"]}).json()

    assert [line[3] for line in first["lines"]] == ["Empiezo a contar", "falta el 13", "numero 40"]
    assert [(line[0], line[2], line[3]) for line in second["lines"]] == [
        (4, "SUCCESS", "punto de control")
    ]


def test_buttons_come_with_the_feed_only_when_the_state_has_changed(page, running):
    same = page.get(run_url(running, "live"), {"status": "running"}).json()["parts"]
    other = page.get(run_url(running, "live"), {"status": "queued"}).json()["parts"]

    assert sorted(same) == ["figures", "meta", "notices", "progress", "shares"]
    assert "actions" in other


def test_the_feed_says_that_it_is_over(as_person, viewer, perform):
    feed = as_person(viewer).get(run_url(perform("count_slowly"), "live"), {"after": 0}).json()

    assert (feed["status"], feed["active"], feed["later"]) == ("succeeded", False, False)


def test_the_log_is_filtered_by_weight_and_searched(page, running):
    warnings = page.get(run_url(running, "live"), {"level": "WARNING"}).json()["lines"]
    found = page.get(run_url(running, "live"), {"text": "NUMERO"}).json()["lines"]

    assert [line[3] for line in warnings] == ["falta el 13"]
    assert [line[3] for line in found] == ["numero 40"]


def test_a_long_log_is_walked_by_key_without_javascript(page, running):
    write(running, *[("INFO", f"linea {n}") for n in range(4, 1204)], first=4)

    last = page.get(run_url(running))
    before = page.get(run_url(running), {"before": "704"})

    assert "linea 1203" in text_of(last)
    assert "linea 703 " not in text_of(last)
    assert "?before=704#log" in last.content.decode()
    assert "linea 703" in text_of(before)
    assert "?after=703#log" in before.content.decode()


def test_the_log_is_downloaded_as_text(page, running):
    response = page.get(run_url(running, "log"))

    body = b"".join(response.streaming_content).decode()
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="corrida-{running.pk}.txt"'
    )
    assert [line.split(" [")[1] for line in body.splitlines()] == [
        "INFO] Empiezo a contar",
        "WARNING] falta el 13",
        "INFO] numero 40",
    ]


def test_markup_in_a_line_stays_text(page, running):
    write(running, ("INFO", "<script>alert(1)</script>"), first=4)

    assert "<script>alert" not in page.get(run_url(running)).content.decode()


# Files


@pytest.fixture
def report(running, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    from opsconsole.artifacts import store_one
    from opsconsole.context import Artifact

    store_one(running.pk, Artifact("informe.html", b"<h1>hola</h1>", "text/html"))
    return JobArtifact.objects.get()


def artifact_url(run, artifact):
    return f"/admin/opsconsole/jobrun/{run.pk}/archivos/{artifact.pk}/"


def test_a_file_is_a_download_and_never_a_page(page, running, report):
    response = page.get(artifact_url(running, report))

    assert b"".join(response.streaming_content) == b"<h1>hola</h1>"
    assert response.headers["Content-Disposition"] == 'attachment; filename="informe.html"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_needs_the_right_to_see_its_run(as_person, stranger, running, report):
    assert as_person(stranger).get(artifact_url(running, report)).status_code == 403


def test_a_file_of_another_run_is_not_found(page, running, report, submit, operator):
    other = submit("raise_error", user=operator)

    assert page.get(artifact_url(other, report)).status_code == 404


# What can be done


def test_cancelling_asks_first_and_a_get_changes_nothing(page, running):
    response = page.get(run_url(running, "cancel"))

    running.refresh_from_db()
    assert "Cancelar la corrida" in text_of(response)
    assert running.status == "running"


def test_the_owner_cancels_a_running_run(page, running):
    page.post(run_url(running, "cancel"))

    running.refresh_from_db()
    assert (running.status, running.cancel_requested_by) == ("cancelling", "operadora.1")


def test_a_viewer_cannot_cancel(as_person, viewer, running):
    browser = as_person(viewer)

    response = browser.post(run_url(running, "cancel"))

    running.refresh_from_db()
    assert response.status_code == 403
    assert running.status == "running"
    assert "Cancelar…" not in text_of(browser.get(run_url(running)))


def test_cancelling_what_has_ended_is_refused_in_a_sentence(as_person, supervisor, perform):
    run = perform("count_slowly")

    text = text_of(as_person(supervisor).post(run_url(run, "cancel")))

    assert f"No se puede cancelar la corrida {run.pk}." in text
    assert "Su estado es «Terminó bien»." in text


def test_repeating_makes_a_new_run_with_the_same_parameters(as_person, supervisor, perform):
    run = perform("count_slowly", steps=7)

    response = as_person(supervisor).post(run_url(run, "retry"))

    again = JobRun.objects.exclude(pk=run.pk).get()
    assert response.headers["Location"] == run_url(again)
    assert (again.retry_of_id, again.params["steps"], again.status) == (run.pk, 7, "queued")


def test_repeating_is_a_post(as_person, supervisor, perform):
    run = perform("count_slowly")

    assert as_person(supervisor).get(run_url(run, "retry")).status_code == 405
    assert JobRun.objects.count() == 1


def test_repeating_needs_its_own_right(page, running):
    JobRun.objects.filter(pk=running.pk).update(status="failed")

    assert page.post(run_url(running, "retry")).status_code == 403
    assert JobRun.objects.count() == 1


def test_what_has_a_secret_is_repeated_from_its_form(as_person, supervisor, perform):
    user = allow(supervisor, "run_keep_secret")
    run = perform("keep_secret", password="abra")

    response = as_person(user).post(run_url(run, "retry"))

    assert response.headers["Location"] == "/admin/operaciones/keep_secret/?host=localhost"
    assert JobRun.objects.count() == 1


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nobody_edits_history(as_person, supervisor, perform, method):
    run = perform("count_slowly")

    response = getattr(as_person(supervisor), method)(run_url(run), {"status": "failed"})

    run.refresh_from_db()
    assert response.status_code == 405
    assert run.status == "succeeded"
