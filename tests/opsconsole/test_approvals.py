"""Some runs wait for a second person: never the one who asked."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ

from opsconsole import registry, runner
from opsconsole.doors import Door, terminal
from opsconsole.exceptions import AlreadyRunning, IllegalTransition, NotAllowed
from opsconsole.models import Approval, JobRun, Origin
from opsconsole.plans import StalePlan
from opsconsole.ticking import tick
from tests.operations import CountSlowly, NeedsTwo, Raise, RemovePeople
from tests.opsconsole.conftest import allow

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "ops"])


def always(capability):
    return capability == "grave"


@pytest.fixture
def asker(operator):
    return allow(operator, "run_needs_two", "approve_jobrun", "view_jobrun")


@pytest.fixture
def second(engine_db, django_user_model):
    user = django_user_model.objects.create_user("segunda", password="clave-1", is_staff=True)
    return allow(user, "approve_jobrun", "view_jobrun")


@pytest.fixture
def waiting(submit, asker):
    return submit("needs_two", user=asker, enqueue=True)


def door(user):
    return Door(origin=Origin.ADMIN, user=user)


def again(run):
    return JobRun.objects.get(pk=run.pk)


def console(*words):
    out = StringIO()
    call_command("console", *words, stdout=out, stderr=StringIO(), no_color=True)
    return out.getvalue()


def test_it_waits_and_nobody_is_rung(waiting):
    assert waiting.status == "awaiting_approval"
    assert OrmQ.objects.count() == 0
    assert runner.execute(waiting.pk).refused


def test_home_shows_it_once_to_whoever_decides_and_to_whoever_waits(waiting, asker, second):
    shown = {}
    for user in (asker, second):
        browser = Client()
        browser.force_login(user)
        context = browser.get("/admin/").context
        shown[user] = (context["to_decide"], [item.run for item in context["going_on"]])

    assert shown == {asker: ([], [waiting]), second: ([waiting], [])}


def test_the_second_person_puts_it_in_the_queue(waiting, second):
    run = runner.approve(waiting, door=door(second), reason="De acuerdo")

    assert run.status == "queued"
    assert [row.task["args"] for row in OrmQ.objects.all()] == [(run.pk,)]
    approval = Approval.objects.get(run=run)
    assert (approval.requested_by, approval.decided_by) == ("operadora.1", "segunda")
    assert (approval.decision, approval.reason) == ("approved", "De acuerdo")
    runner.execute(run.pk)
    assert again(run).result == {"said": "hola"}


def test_the_second_person_rejects_it(waiting, second):
    run = runner.reject(waiting, door=door(second), reason="Hoy no")

    assert (run.status, run.error_cause) == ("rejected", "Hoy no")
    assert run.finished_at is not None
    assert OrmQ.objects.count() == 0


@pytest.mark.parametrize("verb", [runner.approve, runner.reject])
def test_neither_the_asker_nor_a_stranger_nor_the_terminal_decides(waiting, asker, stranger, verb):
    for knocking in (door(asker), door(stranger), terminal()):
        with pytest.raises(NotAllowed):
            verb(waiting, door=knocking)

    assert again(waiting).status == "awaiting_approval"
    assert Approval.objects.get().decision == "pending"


def test_a_superuser_does_not_approve_her_own(submit, engine_db, django_user_model):
    root = django_user_model.objects.create_superuser("root", password="x")
    run = submit("needs_two", user=root)

    with pytest.raises(NotAllowed):
        runner.approve(run, door=door(root))


def test_the_database_itself_refuses_it(waiting):
    with pytest.raises(IntegrityError), transaction.atomic(using="ops"):
        Approval.objects.update(
            decision="approved", decided_by_id=waiting.requested_by_id, decided_at=Now()
        )


@pytest.mark.parametrize("first", [runner.approve, runner.reject])
@pytest.mark.parametrize("then", [runner.approve, runner.reject])
def test_it_is_decided_once(waiting, second, first, then):
    decided = first(waiting, door=door(second))

    with pytest.raises(IllegalTransition):
        then(waiting, door=door(second))

    assert again(waiting).status == decided.status


def test_a_right_taken_away_meanwhile_counts(waiting, second, asker):
    runner.approve(waiting, door=door(second))
    asker.user_permissions.clear()

    runner.execute(waiting.pk)

    assert again(waiting).status == "failed"


def test_while_it_waits_it_holds_its_lock(waiting, submit, asker):
    with pytest.raises(AlreadyRunning):
        submit("needs_two", user=asker)


def test_it_expires_when_nobody_decides(waiting, settings):
    assert tick().expired == 0
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "APPROVAL_HOURS": -1}

    assert str(tick()).endswith(", 1 vencidas")

    assert again(waiting).status == "expired"
    assert Approval.objects.get().decision == "expired"


def test_the_trusted_terminal_does_not_wait(submit):
    assert submit("needs_two").status == "queued"


def test_the_sites_rule_decides_about_a_declared_capability(
    submit, operator, settings, monkeypatch
):
    monkeypatch.setattr(CountSlowly, "capability", "grave")
    settings.OPSCONSOLE = {**settings.OPSCONSOLE, "APPROVAL_RULE": f"{__name__}.always"}

    assert submit("count_slowly", user=operator).status == "awaiting_approval"


def test_a_repetition_waits_again(waiting, second, asker):
    runner.reject(waiting, door=door(second))

    run = runner.retry(again(waiting), door=door(allow(asker, "retry_jobrun")))

    assert run.status == "awaiting_approval"


# On the terminal


def test_acting_for_an_account_waits_and_says_so(asker):
    out = console("run", "needs_two", "--as", "operadora.1")

    run = JobRun.objects.get()
    assert out == f"Corrida {run.pk}: espera a que una segunda persona la apruebe.\n"
    assert run.status == "awaiting_approval"


def test_approving_and_rejecting_on_the_terminal(waiting, second):
    assert console("approve", str(waiting.pk), "--as", "segunda").endswith(": en cola.\n")
    with pytest.raises(CommandError) as refusal:
        console("reject", str(waiting.pk), "--as", "segunda")

    assert refusal.value.returncode == 1


def test_the_terminal_needs_a_second_person_too(waiting):
    with pytest.raises(CommandError) as refusal:
        console("approve", str(waiting.pk), "--as", "operadora.1")

    assert refusal.value.returncode == 4
    with pytest.raises(CommandError):
        console("approve", str(waiting.pk))
    assert again(waiting).status == "awaiting_approval"


# On the pages


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def url(run, view):
    return reverse(f"admin:opsconsole_jobrun_{view}", args=[run.pk])


def test_the_click_leads_to_a_run_that_waits(asker):
    client = browser(asker)
    address = reverse("admin:opsconsole_operation", args=["needs_two"])

    shown = client.get(address).content.decode()
    response = client.post(address, {"word": "adiós"}, follow=True).content.decode()

    assert "de una segunda persona, en cada corrida" in shown
    assert "Espera a que una segunda persona la apruebe" in response
    assert "Aprobar o rechazar…" not in response


def test_the_second_person_reads_what_was_asked_for_and_approves(waiting, second):
    client = browser(second)

    assert "Aprobar o rechazar…" in client.get(url(waiting, "change")).content.decode()
    asked = client.get(url(waiting, "decide")).content.decode()
    assert "operadora.1" in asked and "hola" in asked
    assert again(waiting).status == "awaiting_approval"
    page = client.post(
        url(waiting, "decide"), {"decision": "approve", "reason": "Vale"}, follow=True
    ).content.decode()

    assert again(waiting).status == "queued"
    assert "la aprobó <b>segunda</b>" in page


def test_pages_name_an_operation_in_the_readers_language_not_as_it_was_stored(
    waiting, second, submit, perform, monkeypatch
):
    perform("raise_error")
    submit("raise_error", enqueue=True)
    JobRun.objects.filter(pk=submit("count_slowly").pk).update(status="running", worker="ops-1:1")
    for cls, title in ((NeedsTwo, "Need two"), (CountSlowly, "Count"), (Raise, "Fail")):
        monkeypatch.setattr(cls, "title", title)
    client = browser(second)

    home = client.get("/admin/").content.decode()
    queue = client.get("/admin/cola/").content.decode()
    decide = client.get(url(waiting, "decide")).content.decode()

    assert [home.count(title) for title in (">Need two<", ">Count<", ">Fail<")] == [1, 1, 2]
    assert (queue.count(">Count #"), queue.count(">Fail #")) == (1, 1)
    assert "<b>Need two</b>" in decide


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_others_are_refused_and_nothing_changes(waiting, asker, stranger, method, decision):
    for user in (asker, stranger):
        response = getattr(browser(user), method)(url(waiting, "decide"), {"decision": decision})

        assert response.status_code == 403
    assert again(waiting).status == "awaiting_approval"


def test_a_post_without_its_token_is_refused(waiting, second):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(second)

    response = strict.post(url(waiting, "decide"), {"decision": "approve"})

    assert response.status_code == 403
    assert again(waiting).status == "awaiting_approval"


def test_an_unknown_decision_only_asks_again(waiting, second):
    response = browser(second).post(url(waiting, "decide"), {"decision": "quizás"})

    assert response.status_code == 200
    assert again(waiting).status == "awaiting_approval"


def test_a_decided_run_is_not_decided_again_on_its_page(waiting, second):
    runner.reject(waiting, door=door(second))

    response = browser(second).post(url(waiting, "decide"), {"decision": "approve"})

    assert response.status_code == 400
    assert again(waiting).status == "rejected"


def test_the_operation_is_known():
    assert registry.get("needs_two").requires_approval


# What has a plan is approved as it is shown


@pytest.fixture
def asked_removal(monkeypatch, engine_db, operator, django_user_model):
    """Two accounts are to go; a second person has not looked yet."""
    for name in ("viejo.1", "viejo.2"):
        django_user_model.objects.create_user(name)
    monkeypatch.setattr(RemovePeople, "requires_approval", True)
    operation = registry.get("remove_people")
    digest = operation.plan({"prefix": "viejo"}).digest()
    user = allow(operator, "run_remove_people")
    return runner.submit(operation, {"prefix": "viejo"}, door=door(user), plan_digest=digest)


def decide_page(run):
    return reverse("admin:opsconsole_jobrun_decide", args=[run.pk])


def test_the_second_person_reads_the_lines_of_the_plan(asked_removal, second):
    browser = Client()
    browser.force_login(second)

    html = browser.get(decide_page(asked_removal)).content.decode()

    assert "Se eliminarán 2 cuentas." in html
    assert "viejo.1" in html and "viejo.2" in html


def test_what_is_no_longer_what_was_asked_for_is_void(asked_removal, second, django_user_model):
    django_user_model.objects.create_user("viejo.3")
    browser = Client()
    browser.force_login(second)
    assert "El plan ya no vale" in browser.get(decide_page(asked_removal)).content.decode()

    with pytest.raises(StalePlan):
        runner.approve(asked_removal, door=door(second))

    assert again(asked_removal).status == "expired"
    assert OrmQ.objects.count() == 0


def test_a_plan_that_nobody_confirmed_is_bound_to_what_the_second_person_saw(
    asked_removal, second, django_user_model
):
    JobRun.objects.filter(pk=asked_removal.pk).update(plan_digest="")
    plan = registry.get("remove_people").plan({"prefix": "viejo"})

    run = runner.approve(again(asked_removal), door=door(second), seen=plan.digest())
    django_user_model.objects.create_user("viejo.3")

    assert run.plan_digest == plan.digest()
    assert runner.execute(run.pk).run.error == "El plan ya no vale: no se cambió nada."
